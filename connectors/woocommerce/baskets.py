"""The shop's own link that brings a basket back: /checkout-link/, since WooCommerce 10."""

from collections.abc import Mapping
from typing import Any

from hub.contract import Refused

from .client import address
from .documents import Document, identity, number, rows, text

_SINCE = 10
_LONGEST = 2000


def link(settings: Mapping[str, str], lines: Any, version: Any = None) -> str:
    """The address that fills a basket with exactly these lines; empty where there is none.

    There is none for a shop of an older `version`, and none where a line names no product: the
    basket would come back without it.
    """
    wanted = [_wanted(row) for row in rows(lines)]
    if not wanted or None in wanted or _is_older(version):
        return ""
    # The shop keeps the last of two lines with one product.
    counts: dict[str, int] = {}
    for product, quantity in filter(None, wanted):
        counts[product] = counts.get(product, 0) + quantity
    products = ",".join(f"{product}:{quantity}" for product, quantity in counts.items())
    found = f"{_base(settings)}/checkout-link/?products={products}"
    return found if found.startswith("http") and len(found) <= _LONGEST else ""


def _wanted(row: Document) -> tuple[str, int] | None:
    """What is to be in the basket: a variation by its own id, else the product; how many."""
    named = [identity(row.get(name)) for name in ("variation_id", "product_id")]
    product = next((one for one in named if one.strip("-0")), "")
    quantity = number(row.get("quantity", 1))
    whole = quantity if isinstance(quantity, int) and quantity > 0 else 0
    return (product, whole) if product and whole else None


def _is_older(version: Any) -> bool:
    """An order says which WooCommerce wrote it; a cart told by a plugin need not."""
    major = text(version, 40).partition(".")[0]
    return major.isascii() and major.isdigit() and int(major) < _SINCE


def _base(settings: Mapping[str, str]) -> str:
    try:
        return address(settings)
    except Refused:
        return ""

"""What the shop sells: each name is a product with a number, a page, a picture and a stock."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

PICTURES = "/wp-content/uploads/"


@dataclass
class Product:
    """One product. `pictured` says whether the shop has a picture of it."""

    number: int
    name: str
    price: Decimal
    pictured: bool = True
    in_stock: bool = True

    @property
    def slug(self) -> str:
        """Its name in addresses."""
        plain = unicodedata.normalize("NFKD", self.name.lower()).encode("ascii", "ignore").decode()
        return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or str(self.number)


def _recorded() -> dict[int, Product]:
    return {11: Product(11, "Ribbon", Decimal("12.50"), pictured=False)}


@dataclass
class Products:
    """Products by number. One that is ordered by a name nobody knew is there from then on."""

    rows: dict[int, Product] = field(default_factory=_recorded)

    def named(self, name: str, price: Decimal = Decimal("20.00")) -> Product:
        """The product of that name."""
        found = next((one for one in self.rows.values() if one.name == name), None)
        if found is None:
            found = Product(100 + len(self.rows), name, price)
            self.rows[found.number] = found
        return found

    def page(self, slug: str) -> Product | None:
        """The product whose page or picture is asked for."""
        return next((one for one in self.rows.values() if one.slug == slug), None)

    def line(self, given: Mapping[str, Any], base: str) -> dict[str, Any]:
        """An order's line with what the shop knows of its product."""
        total = Decimal(str(given.get("total") or given.get("price") or "0"))
        each = total / max(int(given.get("quantity") or 1), 1)
        product = self.named(str(given.get("name") or "Ribbon"), each)
        src = picture(product, base)
        image = {"id": str(1000 + product.number) if src else "", "src": src}
        return {"product_id": product.number, "image": image, **given}

    def cart_line(self, given: Mapping[str, Any], base: str) -> dict[str, Any]:
        """A cart's line, as the hub's own shop plugin tells it."""
        line = self.line(given, base)
        page = f"{base}/product/{self.rows[line['product_id']].slug}/"
        return line | {"image": line["image"]["src"], "url": page}


def picture(product: Product, base: str) -> str:
    """The address of its picture; empty where there is none."""
    return f"{base}{PICTURES}{product.slug}.png" if product.pictured else ""

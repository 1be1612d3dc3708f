"""What visitors of the shop see: products, their pictures, and the link that fills a basket."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote, urlencode

from . import pictures
from .codes import NotHonoured
from .memory import Memory
from .products import PICTURES, Product, picture

Page = tuple[int, dict[str, str], bytes]
HTML = {"Content-Type": "text/html; charset=UTF-8"}
_EMPTY = "Nothing of this link can be bought any more."


@dataclass(frozen=True)
class Basket:
    """What a visitor is about to buy, what of the link is not in it and why, the code taken."""

    lines: tuple[tuple[Product, int], ...]
    notices: tuple[str, ...] = ()
    code: str = ""


@dataclass
class Storefront:
    """The shop's pages over its memory; `baskets` by the session that the checkout names."""

    memory: Memory
    baskets: dict[str, Basket] = field(default_factory=dict)
    _sessions: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def visit(self, path: str, query: Mapping[str, str]) -> Page:
        """Answer a visitor's browser."""
        if path.startswith(PICTURES):
            return self._picture(path.removeprefix(PICTURES).removesuffix(".png"))
        pages: Mapping[str, Callable[[str, Mapping[str, str]], Page]] = {
            "checkout-link": self._fill,
            "checkout": self._checkout,
            "cart": self._cart,
            "product": self._product,
        }
        first, _, rest = path.strip("/").partition("/")
        return pages.get(first, _lost)(rest, query)

    def _picture(self, slug: str) -> Page:
        found = self.memory.products.page(slug)
        if found is None or not found.pictured:
            return _lost(slug, {})
        return 200, {"Content-Type": "image/png"}, pictures.png(found.slug)

    def _product(self, slug: str, query: Mapping[str, str]) -> Page:
        found = self.memory.products.page(slug)
        return page(found.name, _shown(found, self.memory.base)) if found else _lost(slug, query)

    def _fill(self, rest: str, query: Mapping[str, str]) -> Page:
        """As WooCommerce's CheckoutLink: what can be bought is put in an emptied basket."""
        basket = self._basket(query)
        if not basket.lines:
            words = " ".join((*basket.notices, _EMPTY))
            return 302, {"Location": f"{self.memory.base}/cart/?wc_error={quote(words)}"}, b""
        session = f"session-{next(self._sessions)}"
        self.baskets[session] = basket
        kept = {n: v for n, v in query.items() if n not in ("products", "coupon")}
        more = urlencode({**kept, "session": session})
        return 302, {"Location": f"{self.memory.base}/checkout/?{more}"}, b""

    def _basket(self, query: Mapping[str, str]) -> Basket:
        lines, notices, code = [], [], query.get("coupon", "")
        for number, quantity in _wanted(query.get("products", "")).items():
            product = self.memory.products.rows.get(number)
            if product is None:
                notices.append(f"Product {number} is not sold any more.")
            elif not product.in_stock:
                notices.append(f"«{product.name}» is sold out.")
            else:
                lines.append((product, quantity))
        if code:
            try:
                self.memory.codes.named(code, self.memory.clock())
            except NotHonoured as why:
                notices.append(str(why))
                code = ""
        return Basket(tuple(lines), tuple(notices), code)

    def _checkout(self, rest: str, query: Mapping[str, str]) -> Page:
        if rest.startswith("order-pay/"):
            return page("Pay for order")
        basket = self.baskets.get(query.get("session", ""), Basket(()))
        listed = "".join(
            f"<li>{quantity} × {_shown(product, self.memory.base)}</li>"
            for product, quantity in basket.lines
        )
        code = f"<p>Code: {escape(basket.code)}</p>" if basket.code else ""
        return page("Checkout", f"{''.join(_told(basket.notices))}<ul>{listed}</ul>{code}")

    def _cart(self, rest: str, query: Mapping[str, str]) -> Page:
        error = query.get("wc_error", "")
        return page("Cart", "".join(_told((error,) if error else ())))


def page(title: str, body: str = "") -> Page:
    """A page of the shop."""
    head = '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    return 200, HTML, f"<!doctype html>{head}<h1>{escape(title)}</h1>{body}".encode()


def _lost(rest: str, query: Mapping[str, str]) -> Page:
    return 404, HTML, b"<!doctype html><h1>Page not found</h1>"


def _shown(product: Product, base: str) -> str:
    src = picture(product, base)
    image = f'<img src="{escape(src)}" alt="" width="120"> ' if src else ""
    return f"{image}{escape(product.name)}, {product.price:.2f}"


def _told(notices: tuple[str, ...]) -> Iterator[str]:
    return (f'<p role="alert">{escape(words)}</p>' for words in notices)


def _wanted(products: str) -> dict[int, int]:
    """ "18:2,19" → {18: 2, 19: 1}; the last of two with one number is kept, as the shop does."""
    found = {}
    for one in filter(None, products.split(",")):
        number, _, quantity = one.partition(":")
        if number.isdigit() and (quantity or "1").isdigit():
            found[int(number)] = int(quantity or 1)
    return {number: quantity for number, quantity in found.items() if number and quantity}

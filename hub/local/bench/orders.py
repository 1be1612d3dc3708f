"""Orders as a shop posts them: 3 to 6 KB each, signed, one per POST."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

_FIRST_NAMES = ("Zoé", "Anna", "Jérôme", "Luca", "Inés", "Björn", "Mary", "Maximilian")
_NUMBER, _PHONE, _NAME = "N0000000", "+33639980000", "@first@"


@dataclass(frozen=True)
class Address:
    """Where the orders are posted."""

    host: str
    port: int
    path: str
    secret: str


def request(address: Address, n: int) -> bytes:
    """The n-th order as bytes on the wire; its number is «N» and seven digits."""
    body = _body(n)
    own = hmac.digest(address.secret.encode(), body, hashlib.sha256)
    head = (
        f"POST {address.path} HTTP/1.1\r\nHost: {address.host}:{address.port}\r\n"
        f"Content-Type: application/json\r\nUser-Agent: Stall/1.0\r\n"
        f"X-Signature: {base64.b64encode(own).decode()}\r\nX-Order: {n}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def number(n: int) -> str:
    """The digits by which the carrier knows the n-th order again."""
    return f"{n:07d}"


def _body(n: int) -> bytes:
    pattern = _pattern(n % 3)
    filled = pattern.replace(_NUMBER, f"N{number(n)}").replace(_PHONE, f"+3363998{n % 10_000:04d}")
    return filled.replace(_NAME, _FIRST_NAMES[n % len(_FIRST_NAMES)]).encode()


@lru_cache(maxsize=3)
def _pattern(size: int) -> str:
    """A whole order of three sizes, its number, phone and name still to be filled in."""
    lines = [
        {
            "id": 500 + i,
            "name": f"Linen shirt, size {i}",
            "product_id": 93 + i,
            "quantity": 1 + i,
            "subtotal": "39.90",
            "total": "39.90",
            "taxes": [{"id": 1, "total": "6.65", "subtotal": "6.65"}],
            "meta_data": [
                {"id": 9 + j, "key": f"_attribute_{j}", "value": "x" * 40} for j in (1, 2)
            ],
            "sku": f"SKU-{i:05d}",
            "price": 39.9,
            "image": {"id": "51", "src": f"https://shop.example.com/img/shirt-{i}.jpg"},
            "permalink": f"https://shop.example.com/shirt-{i}",
        }
        for i in range(4 + 3 * size)
    ]
    who = {
        "first_name": _NAME, "last_name": "Martin", "address_1": "12 rue des Lilas",
        "city": "Lyon", "postcode": "69003", "country": "FR", "email": "zoe@example.com",
        "phone": _PHONE,
    }  # fmt: skip
    order = {
        "id": _NUMBER, "number": _NUMBER, "status": "processing", "currency": "EUR",
        "date_created": datetime.now(UTC).isoformat(timespec="seconds"), "total": "159.60",
        "billing": who, "shipping": who, "payment_method": "card", "customer_note": "",
        "meta_data": [{"id": i, "key": f"_plugin_{i}", "value": "y" * 60} for i in range(8)],
        "line_items": lines, "shipping_lines": [], "coupon_lines": [], "refunds": [],
    }  # fmt: skip
    return json.dumps(order, ensure_ascii=False)

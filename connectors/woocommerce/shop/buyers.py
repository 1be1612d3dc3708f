"""What people type into the shop's checkout, account form and cart."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from . import shapes

Items = Sequence[tuple[str, int, str]]
BASKET: Items = (("Linen shirt", 1, "39.90"), ("Silk scarf", 1, "25.00"))
CONSENT_KEY = "sms_optin"


def purchase(
    items: Items,
    *,
    consent: bool | None = True,
    language: str | None = None,
    currency: str = "EUR",
    payment: str = "stripe",
    cart_id: str = "",
    customer_id: int = 0,
    codes: Sequence[str] = (),
    **buyer: str,
) -> dict[str, Any]:
    """What a checkout posts. `buyer`: first_name, last_name, phone, country, email, city."""
    return {
        "currency": currency,
        "customer_id": customer_id,
        "payment_method": payment,
        "billing": _address(buyer),
        "line_items": shapes.lines(items),
        "coupon_lines": [{"code": code} for code in codes],
        "meta_data": list(_meta(consent, language, cart_id)),
    }


def account(
    *, consent: bool | None = True, language: str | None = None, **buyer: str
) -> dict[str, Any]:
    """What an account form posts; the buyer as in `purchase`."""
    billing = _address(buyer)
    own = {name: billing[name] for name in ("email", "first_name", "last_name")}
    return {**own, "billing": billing, "meta_data": list(_meta(consent, language, ""))}


def cart(
    name: str,
    lines: Sequence[Mapping[str, Any]],
    currency: str,
    at: datetime,
    *,
    consent: bool | None = True,
    language: str = "",
    **visitor: str,
) -> dict[str, Any]:
    """What the hub's own shop plugin tells of a cart (topic relais.cart)."""
    billing = _address(visitor)
    document = {
        "cart_id": name,
        "updated_at": at.isoformat(timespec="seconds"),
        "currency": currency,
        "total": shapes.order(0, "", {"line_items": lines})["total"],
        "items": list(lines),
        **{key: billing[key] for key in ("phone", "country", "first_name", "last_name", "email")},
        "language": language,
        "version": shapes.VERSION,
    }
    if consent is not None:
        document |= {"consent": consent, "consent_text": "Yes, text me offers."}
    return document


def _address(buyer: Mapping[str, str]) -> dict[str, str]:
    standard = {
        "first_name": "Zoë",
        "last_name": "Martin",
        "phone": "+33 6 39 98 01 23",
        "country": "FR",
        "email": "zoe@example.com",
        "city": "Lyon",
    }
    return standard | {name: buyer[name] for name in standard if name in buyer}


def _meta(consent: bool | None, language: str | None, cart_id: str) -> Iterator[dict[str, str]]:
    if consent is not None:
        yield {"key": CONSENT_KEY, "value": "yes" if consent else "no"}
    if language:
        yield {"key": "wpml_language", "value": language}
    if cart_id:
        yield {"key": "_relais_cart_id", "value": cart_id}

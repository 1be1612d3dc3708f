"""Who an order, a cart or a customer is about: phone, country, language, consent."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hub.contract import Consent, Person

from .documents import Document, identity, part, rows, text

_YES = frozenset(("1", "yes", "on", "true"))
_NO = frozenset(("0", "no", "off", "false"))

# Where the usual translation plugins keep the language an order was placed in.
_LANGUAGE_KEYS = ("wpml_language", "_wpml_language", "trp_language", "_locale", "locale", "lang")


def buyer(order: Document, settings: Mapping[str, str], asked_at: datetime) -> Person:
    """The person of an order; `asked_at` is when the consent box was before them."""
    billing, shipping = part(order, "billing"), part(order, "shipping")
    phone = text(billing.get("phone"), 64)
    owner = billing if phone else shipping
    customer = identity(order.get("customer_id"))
    return Person(
        phone=phone or text(shipping.get("phone"), 64),
        country=_country(owner, billing, shipping, settings),
        first_name=_either(billing, shipping, "first_name"),
        last_name=_either(billing, shipping, "last_name"),
        email=text(billing.get("email"), 254),
        language=language(order),
        consent=consent(order, settings, asked_at, "order"),
        record=f"customer:{customer}" if customer not in ("", "0") else "",
    )


def customer(found: Document, settings: Mapping[str, str], asked_at: datetime) -> Person:
    """The person of a customer record."""
    billing, shipping = part(found, "billing"), part(found, "shipping")
    return Person(
        phone=text(billing.get("phone"), 64) or text(shipping.get("phone"), 64),
        country=_country(billing, shipping, {}, settings),
        first_name=_either(found, billing, "first_name"),
        last_name=_either(found, billing, "last_name"),
        email=_either(found, billing, "email"),
        language=language(found),
        consent=consent(found, settings, asked_at, "customer"),
        record=f"customer:{identity(found.get('id'))}",
    )


def consent(
    found: Document, settings: Mapping[str, str], asked_at: datetime, noun: str
) -> Consent | None:
    """What the configured meta key says. A "no" among several rows wins; silence is None."""
    key = settings.get("consent_key") or "sms_optin"
    said = [spoken(row.get("value")) for row in _meta(found) if row.get("key") == key]
    if False not in said and True not in said:
        return None
    return Consent(False not in said, f"woocommerce {noun} meta {key}", asked_at)


def spoken(value: Any) -> bool | None:
    """A tick box's value as plugins write it: 1, "yes", "On", true and their opposites."""
    if isinstance(value, bool):
        return value
    word = text(value, 10).casefold()
    return True if word in _YES else False if word in _NO else None


def language(found: Document) -> str:
    """The two or three letters of the language, where a translation plugin noted it."""
    noted = {text(row.get("key")): text(row.get("value"), 20) for row in _meta(found)}
    for key in _LANGUAGE_KEYS:
        code = language_code(noted.get(key, ""))
        if code:
            return code
    return ""


def language_code(value: Any) -> str:
    """ "fr_FR", "pt-br", "de" → "fr", "pt", "de"."""
    matched = re.fullmatch(r"([A-Za-z]{2,3})([-_][A-Za-z0-9_-]*)?", text(value, 20))
    return matched[1].lower() if matched else ""


def note(found: Document, key: str) -> str:
    """The text a meta key holds, the last row's where there are several."""
    values = [text(row.get("value"), 128) for row in _meta(found) if row.get("key") == key]
    return values[-1] if values else ""


def _meta(found: Document) -> list[dict[str, Any]]:
    return rows(found.get("meta_data"))


def _country(
    first: Document, second: Document, third: Document, settings: Mapping[str, str]
) -> str:
    named = [text(place.get("country"), 8).upper() for place in (first, second, third)]
    named.append(settings.get("country", "").strip().upper())
    return next((code for code in named if re.fullmatch("[A-Z]{2}", code)), "")


def _either(first: Document, second: Document, name: str) -> str:
    return text(first.get(name), 254) or text(second.get(name), 254)

"""The kinds of records that are read: their names, their properties, and which ones are news."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .documents import listed

Settings = Mapping[str, str]

GROUP = "relais"
CONSENT = "relais_sms_opt_in"
ORIGIN = "relais_consent_origin"
MERGED = "hs_merged_object_ids"

_NAME = re.compile(r"[a-z][a-z0-9_]{0,99}")


@dataclass(frozen=True)
class Kind:
    """A kind of record. `status` is the property whose change is news, where it is one alone;
    `modified` the one that holds its last change; `others` what else is read."""

    name: str
    noun: str
    type_id: str
    modified: str
    status: str = ""
    others: tuple[str, ...] = ()


CONTACTS = Kind("contacts", "contact", "0-1", "lastmodifieddate")
DEALS = Kind(
    "deals",
    "deal",
    "0-3",
    "hs_lastmodifieddate",
    "dealstage",
    ("dealname", "pipeline", "amount", "deal_currency_code", "closedate"),
)
CARTS = Kind(
    "carts",
    "cart",
    "0-142",
    "hs_lastmodifieddate",
    "hs_external_status",
    ("hs_cart_name", "hs_external_cart_id", "hs_total_price", "hs_currency_code", "hs_cart_url"),
)
ORDERS = Kind(
    "orders",
    "order",
    "0-123",
    "hs_lastmodifieddate",
    "hs_external_order_status",
    (
        "hs_order_name",
        "hs_external_order_id",
        "hs_external_cart_id",
        "hs_total_price",
        "hs_currency_code",
    ),
)
ALL = (CONTACTS, DEALS, CARTS, ORDERS)
NOUNS = tuple(kind.noun for kind in ALL)

_WHO = ("firstname", "lastname", "email", "city", "country", "hs_country_region_code")


def chosen(settings: Settings) -> tuple[Kind, ...]:
    """The kinds this connection reads."""
    names = listed(settings.get("objects") or "contacts,deals")
    return tuple(kind for kind in ALL if kind.name in names)


def of_noun(noun: str) -> Kind | None:
    """The kind a subject's noun stands for."""
    return next((kind for kind in ALL if kind.noun == noun), None)


def of_type(type_id: str, settings: Settings) -> Kind | None:
    """The kind of an objectTypeId; the setting `object_types` may name others ("0-142=carts")."""
    named = dict(one.partition("=")[::2] for one in listed(settings.get("object_types", "")))
    name = named.get(type_id, "")
    fits = (kind for kind in ALL if kind.name == name or (not name and kind.type_id == type_id))
    return next(fits, None)


def status_of(kind: Kind, settings: Settings) -> str:
    """The property whose change is news; for orders a setting."""
    named = settings.get("order_status_property", "").strip()
    return named if kind is ORDERS and _NAME.fullmatch(named) else kind.status


def phones(settings: Settings) -> tuple[str, ...]:
    """The properties a phone is looked for in, the first filled one wins."""
    named = listed(settings.get("phone_property") or "mobilephone,phone")
    return tuple(name for name in named if _NAME.fullmatch(name))


def consent(settings: Settings) -> str:
    """The property that holds the consent."""
    named = settings.get("consent_property", "").strip()
    return named if _NAME.fullmatch(named) else CONSENT


def language(settings: Settings) -> str:
    """The property that holds the language."""
    named = settings.get("language_property", "").strip()
    return named if _NAME.fullmatch(named) else "hs_language"


def facts(settings: Settings) -> tuple[str, ...]:
    """What is read of a contact and never written by us: a change of these is news."""
    named = (*phones(settings), *_WHO, language(settings), "hs_timezone")
    return tuple(name for name in dict.fromkeys(named) if not name.startswith("relais_"))


def read_of_contacts(settings: Settings) -> tuple[str, ...]:
    """Every property of a contact that is read."""
    return (*facts(settings), consent(settings), ORIGIN, MERGED)


def news(kind: Kind, settings: Settings) -> tuple[str, ...]:
    """The properties whose change is worth reading the record for."""
    if kind is CONTACTS:
        return (*facts(settings), consent(settings))
    return (status_of(kind, settings),)

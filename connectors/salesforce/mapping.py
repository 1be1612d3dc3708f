"""Which objects are read, and where in them the phone, the name, the status … stand."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hub.contract import Refused

from . import soql

STANDARD = ("Contact", "Lead", "Opportunity", "Order", "Event")
PEOPLE = ("Contact", "Lead")
CONSENT, STATUS, ORIGIN = "Relais_SMS_Opt_Out__c", "Relais_SMS_Status__c", "Relais_SMS_Origin__c"
MARKER = "Relais_Marker__c"

_ALWAYS = ("Id", "CreatedDate", "LastModifiedDate", "LastModifiedById", "SystemModstamp")
_WORDS = (
    "Phone", "Country", "FirstName", "LastName", "Email", "Language", "Name", "Status", "Date",
    "Person", "Changed", "Text1", "Text2", "Text3", "Text4", "Text5",
)  # fmt: skip
_SPELT = {word.casefold(): word for word in _WORDS}


@dataclass(frozen=True)
class Table:
    """One object: `noun` names its records in the hub, `kinds` the events it can tell.

    The tuples hold paths of fields in order of preference; `person` is the field with the id of
    the Contact or Lead behind it; `optional` fields may be missing from the org.
    """

    object: str
    noun: str
    kinds: tuple[str, ...]
    phone: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    first_name: tuple[str, ...] = ()
    last_name: tuple[str, ...] = ()
    email: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    meaning: tuple[str, ...] = ()
    person: str = ""
    changed: str = ""
    named: tuple[tuple[str, str], ...] = ()
    consent: str = ""
    opt_in: str = ""
    origin: str = ""
    status: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """All that is read of a record."""
        single = (self.person, self.changed, *self.optional)
        return tuple(dict.fromkeys(filter(None, (*_ALWAYS, *self.who, *self.meaning, *single))))

    @property
    def who(self) -> tuple[str, ...]:
        """The fields that say who it is about."""
        mine = (self.phone, self.country, self.first_name, self.last_name, self.email)
        return tuple(path for paths in (*mine, self.language) for path in paths)

    @property
    def optional(self) -> frozenset[str]:
        """Fields that an admin makes for us: an org without them is read all the same."""
        return frozenset(filter(None, (self.consent, self.opt_in, self.origin, self.status)))

    @property
    def deleted(self) -> bool:
        """Whether a deletion means something: a calendar's entry is cancelled by it."""
        return self.noun == "booking"


def tables(settings: Mapping[str, str]) -> dict[str, Table]:
    """The chosen objects by name. Raises Refused with a sentence where a setting is unclear."""
    chosen = [one.strip() for one in settings.get("objects", ",".join(STANDARD)).split(",")]
    known = standard(settings)
    unknown = [one for one in chosen if one and one not in known]
    if unknown:
        raise Refused(f"«{unknown[0][:40]}» is no object to choose; use the custom objects field.")
    found = {one: known[one] for one in chosen if one}
    return found | {one.object: one for one in custom(settings.get("custom_objects", ""))}


def people(settings: Mapping[str, str]) -> dict[str, Table]:
    """Contact and Lead, chosen or not: they stand behind deals, orders and bookings."""
    return {one: table for one, table in standard(settings).items() if one in PEOPLE}


def standard(settings: Mapping[str, str]) -> dict[str, Table]:
    """The objects every org has."""
    more = ("CurrencyIsoCode",) if _on(settings.get("multi_currency", "")) else ()
    return {
        "Contact": _person(settings, "Contact", "MailingCity"),
        "Lead": _person(settings, "Lead", "City"),
        "Opportunity": Table(
            "Opportunity", "deal", ("deal.changed",), changed="LastStageChangeDate",
            meaning=("Name", "StageName", "Amount", "CloseDate", *more),
        ),
        "Order": Table(
            "Order", "order", ("order.created", "order.status_changed"), person="BillToContactId",
            meaning=("OrderNumber", "Status", "TotalAmount", *more),
        ),
        "Event": Table(
            "Event", "booking", ("booking.created", "booking.changed", "booking.cancelled"),
            person="WhoId",
            meaning=("Subject", "StartDateTime", "EndDateTime", "Location", "IsAllDayEvent",
                     "IsRecurrence", "IsDeleted"),
        ),
    }  # fmt: skip


def custom(typed: str) -> Iterator[Table]:
    """Custom objects out of «Visit__c: Phone=Mobile__c, Status=Stage__c; Other__c: …».

    Raises Refused with a sentence that names the part that cannot be read.
    """
    for one in re.split(r"[;\n]+", typed):
        if not one.strip():
            continue
        name, colon, rest = one.partition(":")
        if not colon:
            words = "Write «Visit__c: Phone=Mobile__c, Status=Stage__c»."
            raise Refused(f"«{one.strip()[:40]}» names no fields. {words}")
        yield _custom(soql.name(name.strip()), dict(_pairs(name.strip(), rest)))


def _pairs(name: str, typed: str) -> Iterator[tuple[str, str]]:
    for pair in filter(None, (part.strip() for part in typed.split(","))):
        word, equals, field = (part.strip() for part in pair.partition("="))
        if not equals or word.casefold() not in _SPELT:
            listed = ", ".join(_WORDS)
            raise Refused(f"In {name}, «{pair[:40]}» is not understood. Known are: {listed}.")
        yield _SPELT[word.casefold()], soql.path(field)


def _custom(name: str, found: Mapping[str, str]) -> Table:
    if not ({"Phone", "Person"} & set(found)):
        raise Refused(f"{name} needs «Phone=» or «Person=», else nobody can be texted.")
    kept = tuple((w, f) for w, f in found.items() if w.startswith("Text") or w in _TOLD)
    one = {word: (found[word],) if word in found else () for word in _WORDS}
    return Table(
        name, "record", ("record.changed",), one["Phone"], one["Country"], one["FirstName"],
        one["LastName"], one["Email"], one["Language"], tuple(f for _, f in kept),
        found.get("Person", ""), found.get("Changed", ""), kept,
    )  # fmt: skip


_TOLD = ("Name", "Status", "Date")


def _person(settings: Mapping[str, str], name: str, city: str) -> Table:
    return Table(
        name, "contact", ("contact.changed",),
        phone=_own(settings.get("phone_fields", "MobilePhone,Phone"), name),
        country=_own(settings.get("country_field", ""), name),
        first_name=("FirstName",), last_name=("LastName",), email=("Email",),
        language=_own(settings.get("language_field", ""), name),
        meaning=(city,),
        consent=_one(settings.get("consent_field", CONSENT)),
        opt_in=_one(settings.get("opt_in_field", "")),
        origin=_one(settings.get("origin_field", ORIGIN)),
        status=_one(settings.get("status_field", STATUS)),
    )  # fmt: skip


def _own(typed: str, name: str) -> tuple[str, ...]:
    """The fields of a list that this object has: «Contact.MailingCity, Lead.City, Zone__c»."""
    found = []
    for one in filter(None, (part.strip() for part in typed.split(","))):
        owner, dot, rest = one.partition(".")
        if dot and owner in PEOPLE:
            found += [soql.path(rest)] if owner == name else []
        else:
            found.append(soql.path(one))
    return tuple(found)


def _one(typed: str) -> str:
    return soql.name(typed.strip()) if typed.strip() else ""


def _on(flag: str) -> bool:
    return flag.strip().lower() in ("1", "true", "yes", "on")

"""What a delivery is: whose, the same as another or not, and which records it speaks of. Pure.

The vendor tells ids, not phones: all events here are thin, and `enrich` makes them whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from hub.contract import RECEIVED_AT, Event, Ignored, Parsed, Request

from . import kinds
from .documents import fingerprint, identity, moment, read, rows, text, to_ms
from .kinds import Kind

POLLED = "relais.polled"
MOST = 1_000  # the vendor sends at most 100 in one delivery

_GONE = "was deleted at HubSpot: there is nothing left to read, and nobody is written to."
_ERASED = "was erased for privacy at HubSpot. Erase the person in Relais too, on their page."


def dedupe(request: Request) -> str:
    """A digest over the events without their attempt number: a repeated delivery is the same, and
    an eventId alone is not unique."""
    try:
        told = read(request.body)
    except ValueError:
        return fingerprint(request.body.hex())
    if not isinstance(told, list):
        return fingerprint(told)
    return fingerprint(sorted(fingerprint(_lasting(one)) for one in told))


def _lasting(one: Any) -> Any:
    if not isinstance(one, dict):
        return one
    return {name: value for name, value in one.items() if name != "attemptNumber"}


def accounts_of(request: Request) -> Sequence[str]:
    """The accounts (portals) a delivery is about: an app has one address for all of them."""
    try:
        told = rows(read(request.body))
    except ValueError:
        return ()
    return tuple(dict.fromkeys(filter(None, (identity(row.get("portalId")) for row in told))))


def parse(request: Request, settings: Mapping[str, str]) -> Parsed:
    """Thin events, one for each thing that happened to a record; an account's own only.

    Raises ValueError with a sentence when the delivery cannot be read.
    """
    told = read(request.body)
    if not isinstance(told, list):
        raise ValueError("The delivery is not a list of events, as HubSpot's always are.")  # noqa: TRY004  a sentence
    received = moment(request.header(RECEIVED_AT)) or datetime.fromtimestamp(0, UTC)
    found: dict[str, Event] = {}
    reasons: list[str] = []
    for row in rows(told)[:MOST]:
        if not _is_ours(row, settings):
            reasons.append("The delivery is about another HubSpot account.")
            continue
        answer = _thin(row, settings, received)
        if isinstance(answer, Ignored):
            reasons.append(answer.reason)
        else:
            found |= {_thing(e): e for e in answer if not _is_older(e, found)}
    return list(found.values()) if found else Ignored(_summary(reasons))


def _is_ours(row: Mapping[str, Any], settings: Mapping[str, str]) -> bool:
    account = settings.get("account", "")
    polled = row.get("subscriptionType") == POLLED
    return polled or not account or identity(row.get("portalId")) == account


def _thing(event: Event) -> str:
    return f"{event.subject} {event.type}"


def _is_older(event: Event, found: Mapping[str, Event]) -> bool:
    known = found.get(_thing(event))
    return known is not None and known.occurred_at >= event.occurred_at


def _summary(reasons: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(reasons)) or "The delivery holds no event."


def _thin(
    row: Mapping[str, Any], settings: Mapping[str, str], received: datetime
) -> list[Event] | Ignored:
    said = text(row.get("subscriptionType"), 60)
    prefix, _, verb = said.partition(".")
    kind = _kind(prefix, row, settings)
    if kind is None:
        return Ignored(f"Nothing is done with «{said}».")
    if kind not in kinds.chosen(settings):
        return Ignored(f"The settings leave out {kind.name}.")
    silent = _silent(kind, verb, row, settings)
    if silent:
        return Ignored(silent)
    number = _number(row)
    if not number:
        raise ValueError("An event of the delivery does not say which record it is about.")
    at = moment(row.get("occurredAt")) or received
    return list(_told(kind, number, at, created=verb == "creation" or row.get("created") is True))


def _kind(prefix: str, row: Mapping[str, Any], settings: Mapping[str, str]) -> Kind | None:
    if prefix in ("object", "relais"):
        return kinds.of_type(text(row.get("objectTypeId"), 20), settings)
    return kinds.of_noun(prefix) if prefix in ("contact", "deal") else None


def _silent(kind: Kind, verb: str, row: Mapping[str, Any], settings: Mapping[str, str]) -> str:
    """Why this is no news; empty when it may be."""
    if verb == "deletion":
        return f"A {kind.noun} {_GONE}"
    if verb == "privacyDeletion":
        return f"A {kind.noun} {_ERASED}"
    if verb not in ("creation", "propertyChange", "merge", "restore", "polled"):
        return f"Nothing is done with «{kind.noun}.{verb}»."
    name = text(row.get("propertyName"), 100)
    watched = kinds.news(kind, settings)
    if verb != "propertyChange" or not name or name in watched:
        return ""
    own = name.startswith("relais_")
    return "Relais wrote this itself." if own else f"A change of «{name}» is not news."


def _number(row: Mapping[str, Any]) -> str:
    # After a merge the record goes on under one of its ids, told in a field of its own.
    named = (identity(row.get(n)) for n in ("newObjectId", "primaryObjectId", "objectId"))
    return next(filter(None, named), "")


def _told(kind: Kind, number: str, at: datetime, *, created: bool) -> Iterator[Event]:
    types = {
        kinds.CONTACTS: ("contact.changed",),
        kinds.DEALS: ("deal.changed",),
        kinds.CARTS: ("cart.abandoned",),
        kinds.ORDERS: ("order.created", "order.status_changed")
        if created
        else ("order.status_changed",),
    }[kind]
    for name in types:
        subject = f"{kind.noun}:{number}"
        yield Event(name, f"{subject}:told:{to_ms(at)}:{name}", subject, at)

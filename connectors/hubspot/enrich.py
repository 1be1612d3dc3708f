"""Thin events → whole ones: records, their contacts and the keys they have in push and poll alike.

A batch of events costs a handful of calls, whatever their number up to a hundred.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from hub.contract import Context, Event, Ignored, Person, Refused

from . import client, kinds, people
from .documents import (
    Document,
    fingerprint,
    identity,
    listed,
    moment,
    money,
    part,
    text,
    to_ms,
    web_address,
)
from .kinds import CONTACTS, Kind

_WORKFLOW = "workflow.requested"


@dataclass
class Fetched:
    """What the vendor said: records and their contact's id by subject, contacts by id, and why a
    whole kind could not be read."""

    records: dict[str, Document] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    contacts: dict[str, Document] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)


def enrich(ctx: Context, events: Sequence[Event]) -> list[Event | Ignored]:
    """Answers in the events' order. Raises the listed errors, and then nothing is answered."""
    thin = [event for event in events if not _is_whole(event)]
    if not thin:
        return list(events)
    known = _fetch(ctx, thin)
    return [e if _is_whole(e) else _answer(ctx, known, e) for e in events]


def _is_whole(event: Event) -> bool:
    return event.type == _WORKFLOW and bool(event.person.phone)


def _fetch(ctx: Context, thin: Sequence[Event]) -> Fetched:
    known = Fetched()
    wanted: list[str] = []
    for kind in kinds.ALL:
        ids = [number for event in thin for number in [_id_of(event, kind)] if number]
        if not ids:
            continue
        if kind is CONTACTS:
            wanted += ids
            continue
        try:
            _fetch_kind(ctx, kind, ids, known)
        except Refused as error:  # a right that lacks for one kind must not hold up the others
            known.refused[kind.noun] = error.words
    wanted += known.owners.values()
    if wanted:
        _fetch_contacts(ctx, wanted, known)
    return known


def _id_of(event: Event, kind: Kind) -> str:
    noun, _, number = event.subject.partition(":")
    return identity(number) if noun == kind.noun else ""


def _fetch_kind(ctx: Context, kind: Kind, ids: Sequence[str], known: Fetched) -> None:
    status = kinds.status_of(kind, ctx.settings)
    found = client.records(ctx, kind.name, ids, (status, *kind.others), (status,))
    if not found:
        return
    known.records |= {f"{kind.noun}:{row.get('id')}": row for row in found}
    numbers = [identity(row.get("id")) for row in found]
    for number, ends in client.associated(ctx, kind.name, numbers, "contacts").items():
        if ends:
            known.owners[f"{kind.noun}:{number}"] = ends[0]


def _fetch_contacts(ctx: Context, ids: Sequence[str], known: Fetched) -> None:
    names = kinds.read_of_contacts(ctx.settings)
    for row in client.records(ctx, CONTACTS.name, ids, names, names[:-1]):
        # A contact that was merged answers under the id it goes on with.
        before = text(part(row, "properties").get(kinds.MERGED), 5_000).split(";")
        for number in (identity(row.get("id")), *map(identity, before)):
            known.contacts.setdefault(number, row)


def _answer(ctx: Context, known: Fetched, event: Event) -> Event | Ignored:
    noun, _, number = event.subject.partition(":")
    if event.type == _WORKFLOW:
        return _of_workflow(ctx, known, event)
    if noun in known.refused:
        return Ignored(known.refused[noun])
    if noun == CONTACTS.noun:
        row = known.contacts.get(number)
        return _gone(noun) if row is None else _of_contact(ctx, event, row)
    record, make = known.records.get(event.subject), _MAKERS.get(noun)
    if record is None or make is None:
        return _gone(noun)
    whole = make(ctx.settings, event, record)
    if isinstance(whole, Ignored):
        return whole
    return replace(whole, person=_person(ctx, known, event))


def _gone(noun: str) -> Ignored:
    return Ignored(f"The {noun} no longer exists at HubSpot.")


def _person(ctx: Context, known: Fetched, event: Event) -> Person:
    row = known.contacts.get(known.owners.get(event.subject, ""))
    return people.person(row, ctx.settings, event.occurred_at) if row else event.person


def _of_workflow(ctx: Context, known: Fetched, event: Event) -> Event:
    """Never ignored, whatever was found: a step waits for its answer."""
    noun, _, number = event.subject.partition(":")
    owner = number if noun == CONTACTS.noun else known.owners.get(event.subject, "")
    row = known.contacts.get(owner)
    return (
        replace(event, person=people.person(row, ctx.settings, event.occurred_at)) if row else event
    )


def _of_contact(ctx: Context, event: Event, row: Document) -> Event:
    person = people.person(row, ctx.settings, event.occurred_at)
    values = part(row, "properties")
    data = {"email": person.email, "city": text(values.get("city"), 100)}
    at, key = _contact_key(ctx.settings, row)
    return Event(
        event.type, f"{person.record}:{key}", person.record, at or event.occurred_at, person, data
    )


def _contact_key(settings: Mapping[str, str], row: Document) -> tuple[datetime | None, str]:
    """When what we read of a contact last changed, and a name for its present state.

    The date tells A → B → A apart, the digest two changes of one moment. Nothing we write is in
    it: not our properties, not the record's date of change, and of the consent only what a person
    said last. So push, poll and our own writing coming back all give the same key.
    """
    newest = {name: people.versions(row, name)[:1] for name in kinds.facts(settings)}
    word = people.last_word(row, settings)
    newest["consent"] = [word] if word else []
    dates = [one.at for found in newest.values() for one in found if one.at]
    digest = fingerprint({name: found[0].value for name, found in newest.items() if found})
    at = max(dates, default=None)
    return at, f"{to_ms(at)}:{digest}" if at else digest


def _status(event: Event, record: Document, name: str) -> tuple[str, datetime, str]:
    """A record's status, since when, and its key: one for each time the status was reached."""
    known = people.versions(record, name)
    status = text(part(record, "properties").get(name), 100)
    at = people.since(known)
    dated = f":{to_ms(at)}" if at else ""
    return status, at or event.occurred_at, f"{event.subject}:{status}{dated}"


def _of_deal(settings: Mapping[str, str], event: Event, record: Document) -> Event | Ignored:
    values = part(record, "properties")
    stage, at, key = _status(event, record, kinds.DEALS.status)
    closes = moment(values.get("closedate"))
    data = {
        "deal_id": identity(record.get("id")),
        "deal_name": text(values.get("dealname")),
        "stage": stage,
        "pipeline": text(values.get("pipeline"), 100),
        "amount": money(values.get("amount"), text(values.get("deal_currency_code"), 3)),
        "closes_at": closes.isoformat() if closes else None,
    }
    return Event(event.type, key, event.subject, at, data=data)


def _of_cart(settings: Mapping[str, str], event: Event, record: Document) -> Event | Ignored:
    values = part(record, "properties")
    status, at, key = _status(event, record, kinds.CARTS.status)
    left = listed((settings.get("abandoned_status") or "abandoned").casefold())
    if status.casefold() not in left:
        return Ignored(f"The cart's status is «{status}», which is no cart left behind.")
    cart = text(values.get("hs_external_cart_id"), 128) or identity(record.get("id"))
    data = {
        "cart_id": cart,
        "cart_total": money(values.get("hs_total_price"), _currency(values)),
        "cart_url": web_address(values.get("hs_cart_url")) or None,
    }
    return Event(event.type, key, event.subject, at, data=data, cart=cart)


def _of_order(settings: Mapping[str, str], event: Event, record: Document) -> Event | Ignored:
    values = part(record, "properties")
    status, at, key = _status(event, record, kinds.status_of(kinds.ORDERS, settings))
    number = identity(record.get("id"))
    data = {
        "order_id": number,
        "order_number": _first(values, "hs_external_order_id", "hs_order_name") or number,
        "order_total": money(values.get("hs_total_price"), _currency(values)),
        "status": status,
    }
    cart = text(values.get("hs_external_cart_id"), 128)
    if event.type == "order.created":
        made = moment(record.get("createdAt")) or event.occurred_at
        return Event(
            event.type, f"{event.subject}:created", event.subject, made, data=data, cart=cart
        )
    if not status:
        return Ignored("The order has no status.")
    return Event(event.type, key, event.subject, at, data=data, cart=cart)


def _currency(values: Document) -> str:
    return text(values.get("hs_currency_code"), 3)


def _first(values: Document, *names: str) -> str:
    return next(filter(None, (text(values.get(name), 100) for name in names)), "")


_Maker = Callable[[Mapping[str, str], Event, Document], Event | Ignored]
_MAKERS: Mapping[str, _Maker] = {"deal": _of_deal, "cart": _of_cart, "order": _of_order}

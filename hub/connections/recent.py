"""The last records at a vendor, read as the road would read them: what the settings find of each
person, before anything is sent to anybody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from hub.contract import (
    RECEIVED_AT,
    Connector,
    Context,
    Event,
    Ignored,
    NotAPhone,
    Person,
    Phone,
    Pull,
    Request,
)
from hub.store.database import Row
from hub.store.ground import Ground

MOST = 10
_SPANS = (timedelta(days=1), timedelta(days=14), timedelta(days=90))
_TITLES = ("title", "order_number", "deal_name", "name", "cart_id")
_PAGES = 6  # of one span: a busy vendor's newest are among them, a quiet one's are all


@dataclass(frozen=True)
class Seen:
    """One record. `what` is its event's type, "" for a person of a list, `title` what it is called
    there; without a `phone` there is a `problem` in words; `person` is as the record has it."""

    what: str
    title: str
    at: datetime | None
    person: Person
    phone: Phone | None
    problem: str = ""


@dataclass(frozen=True)
class Found:
    """What was read, the newest first, and what the connector itself says is missing."""

    records: tuple[Seen, ...] = ()
    words: tuple[str, ...] = ()


def look(ground: Ground, row: Row, country: str) -> Found:
    """The last ten records of a connection; `country` is the workspace's. Keeps and sends nothing.

    Raises the listed errors.
    """
    connector = ground.connectors[row["connector"]]
    return ground.call(row, partial(_look, connector, country))


def _look(connector: Connector, country: str, ctx: Context) -> Found:
    words = connector.preview(ctx).words if connector.preview else ()
    if connector.poll is not None and connector.poll.rewind is not None:
        events = _newest(connector, ctx)
        return Found(tuple(_of_event(event, country) for event in events), words)
    if connector.audience is not None:
        people = _listed(connector, ctx)
        return Found(tuple(_seen(person, country) for person in people), words)
    return Found((), words)


def _newest(connector: Connector, ctx: Context) -> list[Event]:
    """One event for each record, whole, the newest first."""
    by_subject: dict[str, Event] = {}
    for span in _SPANS:
        for event in _events(connector, ctx, ctx.clock() - span):
            known = by_subject.get(event.subject)
            if known is None or known.occurred_at <= event.occurred_at:
                by_subject[event.subject] = event
        if len(by_subject) >= MOST:
            break
    newest = sorted(by_subject.values(), key=lambda event: event.occurred_at, reverse=True)
    if connector.enrich is None or not newest:
        return newest[:MOST]
    answers = connector.enrich(ctx, newest[: 2 * MOST])  # some of them may mean nothing
    return [event for event in answers if isinstance(event, Event)][:MOST]


def _events(connector: Connector, ctx: Context, since: datetime) -> Iterator[Event]:
    for request in _requests(connector, ctx, since):
        stamped = {**request.headers, RECEIVED_AT: ctx.clock().isoformat()}
        parse = connector.parse
        settings = {**ctx.settings, "account": ctx.account}
        parsed = parse(replace(request, headers=stamped), settings) if parse else ()
        if not isinstance(parsed, Ignored | Pull):
            yield from parsed


def _requests(connector: Connector, ctx: Context, since: datetime) -> Iterator[Request]:
    poll = connector.poll
    if poll is None or poll.rewind is None:
        return
    cursor = poll.rewind(ctx.settings, "", since)
    for _ in range(_PAGES):
        page = poll.pull(ctx, cursor)
        yield from page.requests
        cursor = page.cursor
        if not page.more:
            return


def _listed(connector: Connector, ctx: Context) -> Sequence[Person]:
    """People of the list that the settings name, by its title or at an address's end; else of the
    first."""
    audience = connector.audience
    lists = audience.lists(ctx) if audience else ()
    if audience is None or not lists:
        return ()
    typed = [value for value in ctx.settings.values() if value]
    named = (
        number
        for number, title in lists
        if title in typed or any(v.endswith(f"={number}") for v in typed)
    )
    return audience.people(ctx, next(named, lists[0][0]), "").people[:MOST]


def _of_event(event: Event, country: str) -> Seen:
    called = (event.data.get(name) for name in _TITLES)
    title = next((str(one) for one in called if one), "")
    return _seen(event.person, country, event.type, event.occurred_at, title[:80])


def _seen(
    person: Person, country: str, what: str = "", at: datetime | None = None, title: str = ""
) -> Seen:
    if not person.phone:
        words = "The phone is looked up by the e-mail address." if person.look_up else "No phone."
        return Seen(what, title, at, person, None, words)
    try:
        phone = Phone.parse(person.phone, person.country or country)
    except NotAPhone as problem:
        return Seen(what, title, at, person, None, str(problem))
    return Seen(what, title, at, person, phone)

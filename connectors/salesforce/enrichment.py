"""Thin events → whole ones: the records they name are read, two hundred to a query."""

from collections.abc import Sequence

from hub.contract import Context, Event, Ignored

from . import client, mapping, reading, records
from .documents import long_id, pick, record_id
from .events import THIN

_GONE = Ignored("The record is no longer in Salesforce, or the Relais user may not see it.")
_OTHER = Ignored("The record's present state does not say that this happened.")


def enrich(ctx: Context, events: Sequence[Event]) -> list[Event | Ignored]:
    """One answer per event, in order; whole events pass as they are. Raises the listed errors."""
    wanted: dict[str, list[str]] = {}
    for event in events:
        if event.key.startswith(THIN) and record_id(_number(event)):
            wanted.setdefault(_table(event), []).append(_number(event))
    found = _look_up(ctx, wanted) if wanted else {}
    return [
        found.get((event.subject, event.type)) or _missing(event, found)
        if event.key.startswith(THIN)
        else event
        for event in events
    ]


def _look_up(ctx: Context, wanted: dict[str, list[str]]) -> dict[tuple[str, str], Event]:
    tables = mapping.tables(ctx.settings)
    asked = [
        (tables[name], numbers[at : at + client.FULL])
        for name, numbers in ((n, list(dict.fromkeys(some))) for n, some in wanted.items())
        if name in tables
        for at in range(0, len(numbers), client.FULL)
    ]
    with client.signed_in(ctx) as org:
        pages = client.read(org, [reading.by_ids(table, numbers) for table, numbers in asked])
        rows = [(t, row) for (t, _), page in zip(asked, pages, strict=True) for row in page.rows]
        whole = reading.complete(org, [(t, row) for t, row in rows if long_id(pick(row, "Id"))])
        told = [e for one in whole for e in records.events(one, ctx.settings, ctx.clock())]
    return {(event.subject, event.type): event for event in told}


def _missing(event: Event, found: dict[tuple[str, str], Event]) -> Ignored:
    known = any(subject == event.subject for subject, _ in found)
    return _OTHER if known else _GONE


def _table(event: Event) -> str:
    return event.key.removeprefix(THIN).partition(":")[0]


def _number(event: Event) -> str:
    return event.subject.partition(":")[2]

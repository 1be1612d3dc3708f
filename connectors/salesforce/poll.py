"""Reconciliation: what changed in each chosen object since the cursor, five objects to a call.

An Outbound Message is given up after a day, and a deletion sends none, so the hub reads for itself.
It reads ids alone here; what they say is fetched by `enrich`, as for what Salesforce tells.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from hub.contract import Context, Page, Request, Throttled

from . import changes, client, events
from .cursor import Cursor
from .documents import long_id, moment, pick, text
from .mapping import Table, tables
from .soql import Query

PAGE = 200
_SPARE = 0.95
_FRESH = timedelta(seconds=3)


def pull(ctx: Context, kept: str) -> Page:
    """One page of up to five objects. An empty cursor means "from now"."""
    chosen = tables(ctx.settings)
    with client.signed_in(ctx) as org:
        if not kept:
            return Page((), _begin(org).dump())
        at, words = Cursor.load(kept), ""
        if at.round_at is None and changes.stands(ctx):
            pushed, at, words = changes.drain(org, at, chosen)
            if pushed:
                return pushed
        page = _page(org, at, chosen)
        said = (changes.notice(words),) if words else ()
        return replace(page, requests=(*said, *page.requests))


def rewind(settings: Mapping[str, str], kept: str, at: datetime) -> str:
    """A cursor that reads every object again since then; the change stream goes on where it is."""
    return Cursor(at, replay=Cursor.load(kept).replay if kept else "").dump()


def _begin(org: client.Org) -> Cursor:
    # "Now" is what Salesforce's own clock says: ours may be ahead of it.
    client.read(org, [Query("Organization", ("Id",), limit=1)])
    return Cursor(org.at)


def _page(org: client.Org, kept: Cursor, chosen: dict[str, Table]) -> Page:
    at = kept if kept.round_at else kept.begin(chosen, org.ctx.clock())
    asked = [table for name, table in chosen.items() if name not in at.done][: client.SHARED]
    pages = client.read(org, [_query(table, at) for table in asked]) if asked else []
    if kept.round_at is None:
        at = replace(at, round_at=org.at)
    _leave_some(org)
    found = [
        _as_request(table, row, org.at)
        for table, page in zip(asked, pages, strict=True)
        for row in page.rows
        if long_id(pick(row, "Id"))
    ]
    for table, page in zip(asked, pages, strict=True):
        full = not page.whole or len(page.rows) >= PAGE
        at = at.onward(table.object, _last(page), full)
    more = any(name not in at.done for name in chosen)
    following = at if more else at.rest(org.ctx.clock())
    return Page(tuple(found), following.dump(), more)


def _query(table: Table, at: Cursor) -> Query:
    return Query(
        table.object,
        ("Id", "SystemModstamp"),
        at.place(table.object).where(),
        "SystemModstamp, Id",
        PAGE,
        deleted=table.deleted,
    )


def _as_request(table: Table, row: client.Row, now: datetime) -> Request:
    # SystemModstamp has no fractions: within its own second a record may change again and look
    # the same. What was read that early gets a name of its own, and is read once more next time.
    changed = text(pick(row, "SystemModstamp"), 40)
    at = moment(changed)
    early = at is None or now - at < _FRESH
    name = f"{changed} {now.isoformat()}" if early else changed
    return events.as_request(table.object, long_id(pick(row, "Id")), name)


def _last(page: client.Rows) -> tuple[datetime, str] | None:
    if not page.rows:
        return None
    row = page.rows[-1]
    at = moment(pick(row, "SystemModstamp"))
    return (at, long_id(pick(row, "Id"))) if at else None


def _leave_some(org: client.Org) -> None:
    # The last calls of the day are kept for what people are waiting to see written.
    if org.used >= _SPARE:
        words = "Of Salesforce's calls for these 24 hours 95 % are used: reading waits a while."
        raise Throttled(words, retry_after=900.0)

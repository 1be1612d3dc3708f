"""The log: every message of the workspace, and what was decided not to be sent; found by filters
that stay in the address, searched, counted, exported, and live while it is open."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import stream_with_context
from flask_babel import gettext
from sqlalchemy import Connection

from hub.store import log, log_lines
from hub.web.pages.messages import acts, asked, one, others, search, sheet
from hub.web.pages.messages.asked import Asked
from hub.web.pages.messages.desk import wing
from hub.web.pages.messages.rows import Line, lines_of, mark_of, recent_roads, since_of
from hub.web.pages.messages.words import REASONS
from hub.web.pages.visits import Visit
from hub.web.pages.wings import File, Go, Shown

__all__ = ["acts", "one", "others", "wing"]

EACH = 50
TABS = ("", log.NEEDS, "waiting", "skipped")


@dataclass(frozen=True)
class Page:
    """One page of the log: its lines, how many there are in all (`counted_back_to` where counting
    ended before they did), how many need somebody, and where the pages around it are."""

    lines: list[Line]
    count: int
    counted_back_to: UUID | None
    needing: int
    newer: str = ""
    older: str = ""
    further: str = ""

    @property
    def mark(self) -> str:
        """Changes with anything that is shown."""
        return mark_of(self.lines)


@wing.way("GET /messages", may="see")
def listing(visit: Visit) -> Shown | Go:
    """A page of the log; what was typed into the search box leads on from here."""
    if "q" in visit.args:
        return search.found(visit, visit.args["q"])
    before, after = _id(visit.args.get("before")), _id(visit.args.get("after"))
    with visit.begin() as db:
        given = asked.read(visit, db)
        if given.form.get("person", "") != visit.args.get("person", "").strip():
            return Go(given.address())  # a number stands in no address
        shown = _page(visit, db, given, before, after)
    values = _values(visit, given, shown)
    values["is_live"] = not before and not after
    return Shown("messages/log.html", values, 422 if given.wrong else 200)


@wing.way("GET /messages/live", may="see")
def live(visit: Visit) -> Shown:
    """The first page again, where anything on it is otherwise than its `mark` says; else 204."""
    mark = visit.args.get("mark", "")
    with visit.begin() as db:
        given = asked.read(visit, db)
        shown = _page(visit, db, given, None, None)
    if shown.mark == mark:
        return Shown("messages/_same.html", status=204)
    values = {**_values(visit, given, shown), "is_live": True, "seen": since_of(mark)}
    return Shown("messages/_log.html", values)


@wing.way("GET /messages.csv", may="see")
def export(visit: Visit) -> File:
    """The log as these filters leave it, as a CSV file."""
    with visit.begin() as db:
        given = asked.read(visit, db)
    return File(
        "messages.csv",
        "text/csv; charset=utf-8",
        stream_with_context(sheet.written(visit, given.wanted)),
    )


@wing.way("GET /messages/recent", may="see")
def recent(visit: Visit) -> Shown:
    """What arrived last as dot rows, for Home; 204 where nothing changed since its `mark`."""

    mark = visit.args.get("mark", "")
    with visit.begin() as db:
        lines = recent_roads(visit, db)
    if mark_of(lines) == mark:
        return Shown("messages/_same.html", status=204)
    return Shown("messages/_recent.html", recent_values(lines, since_of(mark)))


def recent_values(lines: list[Line], seen: UUID | None = None) -> dict[str, Any]:
    """What the part messages/_recent.html is drawn with."""
    return {"roads": lines, "roads_mark": mark_of(lines), "seen": seen}


def _page(
    visit: Visit, db: Connection, given: Asked, before: UUID | None, after: UUID | None
) -> Page:
    if given.wrong:
        return Page([], 0, None, 0)
    shop, wanted = visit.workspace_id, given.wanted
    if after is not None:
        found = log.page(db, shop, wanted, after=after, limit=EACH + 1)
        if len(found.ids) > EACH:
            total, back_to = log.count(db, shop, wanted)
            lines = lines_of(visit, db, log_lines.whole(db, found.ids[1:]))
            needing = log.needing(db, shop, wanted)
            return _between(given, Page(lines, total, back_to, needing), True, True)
        before = None  # there are not so many: it is the first page
    top = log.page(db, shop, wanted, limit=log.COUNTED)
    found = log.page(db, shop, wanted, before=before, limit=EACH + 1) if before else top
    lines = lines_of(visit, db, log_lines.whole(db, found.ids[:EACH]))
    shown = Page(lines, len(top.ids), top.beyond, log.needing(db, shop, wanted))
    more = len(found.ids) > EACH
    if not more and found.beyond is not None:
        shown = replace(shown, further=given.address(before=str(found.beyond)))
    return _between(given, shown, before is not None, more)


def _between(given: Asked, shown: Page, newer: bool, older: bool) -> Page:
    """The same with the addresses of its neighbours."""
    if not shown.lines:
        return replace(shown, newer=given.address() if newer else "")
    first, last = str(shown.lines[0].id), str(shown.lines[-1].id)
    return replace(
        shown,
        newer=given.address(after=first) if newer else "",
        older=given.address(before=last) if older else "",
    )


def _values(visit: Visit, given: Asked, shown: Page) -> dict[str, Any]:
    return {
        "here": "/messages",
        "given": given,
        "page": shown,
        "most": log.COUNTED,
        "which": [(name, _tab(name), given.address(state=name)) for name in TABS],
        "states": [(name, asked.state_words(name)) for name in _STATES],
        "reasons": sorted(
            ((name, str(words)) for name, words in REASONS.items()), key=lambda one: one[1]
        ),
        "channels": list(asked.CHANNELS.items()),
        "seen": None,
    }


_STATES = (log.NEEDS, "waiting", "scheduled", "held", "sending", "sent", "delivered", "read",
           "skipped", "cancelled", "failed", "expired", "uncertain")  # fmt: skip


def _tab(name: str) -> str:
    if not name:
        return str(gettext("All"))
    return str(gettext("Not sent")) if name == "skipped" else asked.state_words(name)


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None

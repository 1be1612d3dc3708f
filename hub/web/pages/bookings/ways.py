"""The bookings board: one day in the workspace's zone, with the week around it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from babel.dates import format_date
from flask_babel import get_locale, lazy_gettext
from sqlalchemy import Connection

from hub.store import bookings, log_lines
from hub.store.bookings import Place
from hub.store.database import Row
from hub.web.pages import written
from hub.web.pages.bookings import days
from hub.web.pages.bookings.days import Day
from hub.web.pages.bookings.rows import Line, lines_of
from hub.web.pages.states import State
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Shown, Wing

wing = Wing("bookings")

EACH = 200
MOST = 1000  # counted of each day
GROUPS = {
    "to_move": State(lazy_gettext("To move"), "calendar", "waits"),
    "waiting": State(lazy_gettext("Not answered yet"), "clock", "still"),
    "confirmed": State(lazy_gettext("Confirmed"), "calendar-check", "good"),
    "freed": State(lazy_gettext("Freed"), "calendar-x", "bad"),
}


@dataclass(frozen=True)
class Board:
    """A day's bookings by group, a page at a time; `older` is the address of the later ones."""

    groups: list[tuple[str, State, list[Line]]]
    counts: dict[str, int]
    later: str


@wing.way("GET /bookings", may="see")
def board(visit: Visit) -> Shown:
    """A day's board; today's where none is asked for."""
    zone = written.zone()
    today = written.now().astimezone(zone).date()
    shown = days.read(visit.args.get("day", ""), today)
    week = days.week_of(shown)
    edges = days.edges(week, zone)
    with visit.begin() as db:
        counts = bookings.by_day(db, visit.workspace_id, edges, MOST)
        at = week.index(shown)
        found = _board(visit, db, shown, (edges[at], edges[at + 1]), counts[at])
    strip = [
        Day(one, sum(many.values()), one == shown, one == today)
        for one, many in zip(week, counts, strict=True)
    ]
    return Shown("bookings/board.html", _values(shown, today, strip, found))


def _values(shown: date, today: date, strip: list[Day], found: Board) -> dict[str, Any]:
    return {
        "here": "/bookings", "strip": strip, "board": found, "most": MOST,
        "is_today": shown == today, "total": sum(found.counts.values()),
        "named": _words(shown, "EEEE d MMMM y"), "words": _words,
        "before": f"/bookings?day={shown - timedelta(days=7)}",
        "after": f"/bookings?day={shown + timedelta(days=7)}",
        "any": sum(one.bookings for one in strip) > 0,
    }  # fmt: skip


def _board(
    visit: Visit, db: Connection, day: date, span: tuple[datetime, datetime], counts: dict[str, int]
) -> Board:
    found = bookings.of_day(db, visit.workspace_id, *span, _after(visit), EACH + 1)
    ids = [(one["message_id"], "messages") for one in found[:EACH] if one["message_id"]]
    told = {one["id"]: one for one in log_lines.whole(db, ids)}
    lines = lines_of(visit, db, found[:EACH], told)
    groups = [
        (name, state, [line for line in lines if line.grouped == name])
        for name, state in GROUPS.items()
    ]
    later = f"/bookings?day={day}&after={_place(found[EACH - 1])}" if len(found) > EACH else ""
    return Board(groups, counts, later)


def _place(row: Row) -> str:
    return quote(f"{row['starts_at'].isoformat()}~{row['connection_id']}~{row['subject']}")


def _after(visit: Visit) -> Place | None:
    at, _, rest = visit.args.get("after", "").partition("~")
    connection, _, subject = rest.partition("~")
    try:
        found = datetime.fromisoformat(at)
        return (found, UUID(connection), subject) if found.tzinfo else None
    except ValueError:
        return None


def _words(day: date, shape: str) -> str:
    return str(format_date(day, shape, locale=str(get_locale() or "en")))

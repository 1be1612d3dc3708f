"""Keeping figures: which days were touched since the last look, and counting those, aside from the
road. Nothing is written when a message goes; what a look missed, a later count of the day finds."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from hub.report.figures.days import between, day_of, today
from hub.store import figure_days, figures
from hub.store.database import Row, first_id, new_id, run
from hub.store.ground import Ground

log = logging.getLogger(__name__)

SHARE = 0.1  # of the time that counting one day again and again may take
LEAST = 5.0  # seconds between two counts of a day
LATE = timedelta(minutes=2)  # a row may be there so much later than its name says
MOVES = timedelta(minutes=10)  # when a day is counted again whose messages may change unseen
LATELY, AGAIN = (
    35,
    timedelta(hours=12),
)  # days of this age are counted again so often, come what may
WAIT = timedelta(hours=1)  # after a count that failed

_NEVER = UUID(int=0)
_Touched = set[tuple[UUID, object]]


def keep(ground: Ground, go_on: Callable[[], bool] = lambda: True) -> int:
    """Look for days that were touched, then count those that are due, the latest first, while
    `go_on` says so; how many were counted."""
    look(ground)
    done = 0
    while go_on() and _count_one(ground):
        done += 1
    return done


def look(ground: Ground) -> int:
    """Mark the days that something happened to since the last look; how many."""
    now = ground.clock()
    newest = min(new_id(), first_id(now))  # whichever clock is behind: rather twice than never
    with ground.database.begin() as db:
        standing = figure_days.standing(db)
        moved = [w["id"] for w in standing if w["counted_in"] not in (None, w["zone"])]
        known = [w for w in standing if w["last_id"] is not None and w["id"] not in moved]
        touched = set(_made(db, standing, known)) | set(_sent(db, standing, known))
        marks = [
            {"workspace_id": w["id"], "zone": w["zone"], "last_id": newest, "last_at": now}
            for w in standing
        ]
        figure_days.mark(db, marks, moved)
        figure_days.touch(db, touched, now, SHARE, LEAST)
    return len(touched)


def _made(
    db: Connection, standing: Iterable[Row], known: Iterable[Row]
) -> Iterator[tuple[UUID, object]]:
    """Days on which events arrived, answers were given and messages were planned."""
    zones = {w["id"]: w["zone"] for w in standing}
    lows = dict.fromkeys(zones, _NEVER) | {w["id"]: _earlier(w["last_id"]) for w in known}
    for found in figure_days.made(db, lows):
        whose = found["id"]
        ends = [_at(one) for name, one in found.items() if name != "id" and one is not None]
        if ends:
            yield from ((whose, day) for day in between(min(ends), max(ends), zones[whose]))


def _sent(
    db: Connection, standing: Iterable[Row], known: Iterable[Row]
) -> Iterator[tuple[UUID, object]]:
    """Days on which messages went that something was heard of; of workspaces that were never
    counted, all on which any may have gone."""
    zones, marked = {w["id"]: w["zone"] for w in standing}, list(known)
    new = [one for one in zones if one not in {w["id"] for w in marked}]
    for found in figure_days.tried(db, new) if new else ():
        whose = found["workspace_id"]
        days = between(found["first"], found["last"], zones[whose])
        yield from ((whose, day) for day in days)
    if marked:
        last_id = min(_earlier(w["last_id"]) for w in marked)
        last_at = min(w["last_at"] for w in marked) - LATE
        for found in figure_days.told(db, last_id, last_at):
            whose = found["workspace_id"]
            yield whose, today(found["at"], zones[whose])


def _count_one(ground: Ground) -> bool:
    """Count the next day that is due, alone with it; false where none is."""
    now, began = ground.clock(), time.monotonic()
    with ground.database.begin() as db:
        due = figure_days.next_due(db, now)
        if due is None:
            return False
        whose, day = due["workspace_id"], due["day"]
        try:
            with db.begin_nested():
                run(db, "SET LOCAL statement_timeout = '120s'")
                moving = figures.count(db, day_of(whose, day, due["zone"]))
        except DBAPIError as error:
            log.warning("figures.not_counted", extra={"day": str(day), "why": str(error.orig)})
            figure_days.put_off(db, whose, day, now + WAIT)
            return True
        figure_days.counted(
            db, whose, day,
            now=now,
            due_at=_again(now, (today(now, due["zone"]) - day).days, moving),
            seconds=time.monotonic() - began,
            moving=moving,
        )  # fmt: skip
    return True


def _again(now: datetime, age: int, moving: int) -> datetime | None:
    """When a day that nothing is heard of is counted again."""
    if age > LATELY:
        return None
    return now + (MOVES if moving and age <= 3 else AGAIN)


def _at(name: UUID) -> datetime:
    """When a row of this name was made."""
    return datetime.fromtimestamp((name.int >> 80) / 1000, UTC)


def _earlier(name: UUID) -> UUID:
    """A name from a little before."""
    return UUID(int=max(0, name.int - (int(LATE.total_seconds() * 1000) << 80)))

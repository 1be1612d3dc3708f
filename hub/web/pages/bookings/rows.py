"""The lines of the board: when, who, what, how it stands, how far the last message came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Connection

from hub.automations.hours import zone_named
from hub.store.database import Row
from hub.web.pages import written
from hub.web.pages.messages import dots
from hub.web.pages.messages.rows import opened, person_of
from hub.web.pages.messages.words import name_of
from hub.web.pages.visits import Visit


@dataclass(frozen=True)
class Line:
    """One booking. `elsewhere` is its start on its own place's clock where that differs; `message`
    the last one about it, None where there is none; `thread` what they wrote back, "" where they
    never did."""

    at: datetime
    elsewhere: str
    who: str
    person: str
    token: str
    title: str
    grouped: str
    stands: str
    answered_at: datetime | None
    message: Row | None
    dots: Sequence[dots.Dot]
    thread: str


def lines_of(
    visit: Visit, db: Connection, found: Sequence[Row], told: Mapping[UUID, Row]
) -> list[Line]:
    """Rows of hub.store.bookings.of_day as lines; `told` are their messages by id."""
    seen = opened(visit, db, found)
    return [_line(one, seen, told.get(one["message_id"])) for one in found]


def _line(row: Row, seen: Mapping[str, str], message: Row | None) -> Line:
    person = person_of(row, seen)
    return Line(
        row["starts_at"], elsewhere(row["starts_at"], row["zone"]), name_of(row) or person, person,
        row["phone"], row["title"] or str(gettext("Booking")), row["grouped"],
        _stands(row, message), row["answered_at"], message,
        dots.dots_of(message) if message else (),
        f"/inbox/{row['phone']}" if row["replied"] else "",
    )  # fmt: skip


def elsewhere(at: datetime, name: str) -> str:
    """«08:30 in New York»; empty where that place's clock says the same."""
    zone = zone_named(name) if name else None
    if zone is None:
        return ""
    there, here = at.astimezone(zone), at.astimezone(written.zone())
    if there.utcoffset() == here.utcoffset():
        return ""
    place = name.rpartition("/")[2].replace("_", " ")
    clock = f"{there:%H:%M}" if there.date() == here.date() else f"{there:%d.%m. %H:%M}"
    return str(gettext("%(time)s in %(place)s", time=clock, place=place))


def _stands(row: Row, message: Row | None) -> str:
    """How it stands, in words."""
    if row["state"] == "cancelled":
        return str(gettext("Cancelled in the calendar"))
    if row["answer"] == "confirmed":
        return str(gettext("They confirmed by text"))
    if row["answer"] == "declined":
        return str(gettext("They said that they will not come"))
    if row["answer"] == "postponed":
        return str(gettext("They asked for another slot"))
    return _unanswered(message)


def _unanswered(message: Row | None) -> str:
    if message is None:
        return str(gettext("No message about it yet"))
    if message["state"] in ("scheduled", "held", "sending"):
        return str(gettext("A message is on its way"))
    if message["state"] in ("sent", "delivered", "read", "uncertain"):
        return str(gettext("They were written to and have not answered"))
    return str(gettext("The last message did not reach them"))

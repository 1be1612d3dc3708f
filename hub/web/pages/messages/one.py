"""One message: its road, the phone with what was really sent, the facts, and what can be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import blake2b
from json import dumps
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.compose.segments import split
from hub.contract.rich import Rich, rich_of
from hub.report.road import Road, road_of
from hub.store import log_lines, messages, numbers, receipts, settlements, stand_ins
from hub.store.database import Row
from hub.web.pages import written
from hub.web.pages.messages import actions
from hub.web.pages.messages.actions import Action
from hub.web.pages.messages.desk import wing
from hub.web.pages.messages.rows import Line, lines_of
from hub.web.pages.messages.words import happening_of, title_of
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Missing, Shown

_STILL_NEWS = timedelta(hours=1)


@dataclass(frozen=True)
class Bubble:
    """What one message showed on the phone: the parts of an SMS, or the RCS message."""

    parts: Sequence[str]
    rich: Rich | None
    row: Row


@dataclass(frozen=True)
class Sight:
    """All that the page of one message is drawn from. `bubbles` are what was sent and the SMS in
    its place; `answers` are (text, when)."""

    line: Line
    row: Row
    road: Road
    title: str
    bubbles: Sequence[Bubble]
    answers: Sequence[Row]
    actions: Sequence[Action]
    ids: Sequence[tuple[str, str]]
    settled: Row | None
    beneath: Row | None

    @property
    def happened(self) -> str:
        """What the event was, in words."""
        return happening_of((self.line.row or {}).get("type"))

    @property
    def is_live(self) -> bool:
        """Whether something may still be heard of it."""
        waits = any(station.state == "waiting" for station in self.road.stations)
        return waits or written.now() - self.row["changed_at"] < _STILL_NEWS

    @property
    def mark(self) -> str:
        """Changes with anything that is shown."""
        row, doing = self.row, [action.name for action in self.actions]
        kept = [self.title, row["state"], row["reason"], self.road.as_json(), doing]
        said = dumps(kept, default=str)
        return blake2b(said.encode(), digest_size=12).hexdigest()


@wing.way("GET /messages/<uuid:message_id>", may="see")
def one(visit: Visit, message_id: UUID) -> Shown:
    """Its page."""
    with visit.begin() as db:
        seen = sight(visit, db, message_id)
    return Shown("messages/message.html", {"here": "/messages", "one": seen})


@wing.way("GET /messages/<uuid:message_id>/live", may="see")
def one_live(visit: Visit, message_id: UUID) -> Shown:
    """All below its title, where anything is otherwise than its `mark` says; else 204."""
    with visit.begin() as db:
        seen = sight(visit, db, message_id)
    if seen.mark == visit.args.get("mark"):
        return Shown("messages/_same.html", status=204)
    return Shown("messages/_message.html", {"one": seen})


def sight(visit: Visit, db: Connection, message_id: UUID) -> Sight:
    """All of it, numbers as the reader may see them. Raises Missing."""
    row = messages.get(db, visit.workspace_id, message_id)
    road = road_of(db, message_id, visit.workspace_id, now=written.now())
    if row is None or road is None:
        raise Missing
    show = shower(visit, db)
    (line,) = lines_of(visit, db, log_lines.whole(db, [(message_id, "messages")]))
    settled, beneath = settlements.of_message(db, row["id"]), stand_ins.beneath(db, row["id"])
    answers = [{**one, "body": show(one["body"])} for one in receipts.replies_to(db, row["id"])]
    shown = [one for one in (row, beneath) if one is not None and one["body"]]
    return Sight(
        line=line, row=row, road=road.shown(show),
        title=title_of(row, line.first_name, line.about or line.what),
        bubbles=[_bubble(one, show) for one in shown], answers=answers,
        actions=actions.of_message(visit, db, row, line, settled, beneath),
        ids=_ids(road, row), settled=settled, beneath=beneath,
    )  # fmt: skip


def shower(visit: Visit, db: Connection) -> Any:
    """A text with its numbers as this reader may see them."""
    masked = not visit.may("numbers")
    return partial(_shown, db, visit, masked)


def _shown(db: Connection, visit: Visit, masked: bool, text: str) -> str:
    return numbers.shown(db, visit.ground.vault, text, visit.workspace_id, masked=masked)


def _bubble(row: Row, show: Any) -> Bubble:
    rich = rich_of(row["rich"]) if row["rich"] else None
    return Bubble(() if rich else split(show(row["body"])), rich, row)


def _ids(road: Road, row: Row) -> list[tuple[str, str]]:
    """Every name that it goes by, for who asks the carrier or the operator."""
    found = [(noun, str(road.ids[noun])) for noun in ("message", "decision", "event", "intake")
             if noun in road.ids]  # fmt: skip
    carrier = row["carrier_message_id"]
    return [*found, ("carrier", carrier)] if carrier else found

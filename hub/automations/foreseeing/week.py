"""The week: its events, read in order and in batches, shown to both sides as they came."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from hub.automations.document import Automation
from hub.automations.foreseeing.guard import no_calls
from hub.automations.foreseeing.known import Known, longest
from hub.automations.foreseeing.run import Run, Write
from hub.automations.foreseeing.texts import Said, Writer
from hub.automations.house_rules import rules_of
from hub.automations.merchants import Live, merchant, read
from hub.contract.events import TELLS_OF_UPCOMING, UPCOMING
from hub.store import automations, merchants, past, templates, workspaces
from hub.store.database import Row
from hub.store.ground import Ground
from hub.store.past import Place

_NOBODY = UUID(int=0)  # who an automation is that is still to be
_BATCH = 1000
_OF_BOOKINGS = ("booking.created", "booking.changed", "booking.cancelled")


class Span(NamedTuple):
    """What is looked at: the time, and at most so many events, for so many seconds."""

    since: datetime
    until: datetime
    most: int
    seconds: float


class Walked(NamedTuple):
    """How far it went: from when to when, over how many events, and whether that is all."""

    since: datetime
    until: datetime
    read: int
    whole: bool


@contextmanager
def reading(ground: Ground, workspace_id: UUID) -> Iterator[Connection]:
    """A merchant's desk where nothing can be written, and nobody called."""
    with no_calls(), ground.database.begin(workspace_id) as db:
        db.execute(text("SET TRANSACTION READ ONLY"))
        yield db


@dataclass
class Week:
    """Both sides of one automation; no `before` where nothing is published that would send."""

    known: Known
    before: Run | None
    after: Run

    @property
    def runs(self) -> list[Run]:
        """The sides that there are."""
        return [run for run in (self.before, self.after) if run is not None]

    def walk(self, db: Connection, span: Span) -> Walked:
        """Show them the events in order, as far as the limits allow."""
        began, types, shop = time.monotonic(), self._types(), self.known.workspace_id
        cut = past.beyond(db, shop, types, span.since, span.most)
        place = cut or Place(span.since, _NOBODY)
        since, seen, moment = place.at, 0, place.at
        while batch := past.after(db, shop, types, place, span.until, _BATCH):
            self._read(db, batch)
            for event in batch:
                moment = min(max(moment, self.known.moment_of(event)), span.until)
                self._show(event, moment)
            seen, place = seen + len(batch), Place(batch[-1]["received_at"], batch[-1]["id"])
            if time.monotonic() - began > span.seconds:
                return Walked(since, moment, seen, False)
        return Walked(since, span.until, seen, cut is None)

    def _read(self, db: Connection, batch: Sequence[Row]) -> None:
        self.known.read(db, batch, {phone for run in self.runs for phone in run.phones()})
        if self.known.automation is None:
            return
        keys = [key for run in self.runs for key in run.keys_of(batch)]
        found = past.answered(db, self.known.automation, keys, self.known.since)
        for run in self.runs:
            run.answered |= found

    def _show(self, event: Row, moment: datetime) -> None:
        for run in self.runs:
            run.release(moment)
        self.known.note(event)
        for run in self.runs:
            run.see(event, moment)

    def _types(self) -> list[str]:
        """What they answer, and what ends what they plan."""
        found: set[str] = set()
        for run in self.runs:
            trigger = run.document.event
            found |= set(TELLS_OF_UPCOMING) if trigger == UPCOMING else {trigger}
            found |= {rule.event for rule in run.document.cancel_on}
        if any(name.startswith("booking.") for name in found):
            found |= set(_OF_BOOKINGS)
        return sorted(found)


def week_of(
    ground: Ground, db: Connection, workspace_id: UUID, slug: str, changed: Automation, span: Span
) -> Week:
    """The published automation and the changed one, before anything has happened to them."""
    [written] = merchants.written(db, [workspace_id])
    shop = merchant(written)
    row = automations.get(db, workspace_id, slug)
    live = read({**row, "live_since": None}) if row and row["state"] in automations.ON else None
    state = "test" if row and row["state"] == "test" else "live"
    new: dict[str, Any] = {"id": row["id"] if row else _NOBODY, "slug": slug, "version": 0,
                           "state": state, "live_since": None}  # fmt: skip
    known = Known(workspace_id, row["id"] if row else None, span.since, longest([shop]))
    write = _Words(ground, db, workspace_id)
    quiet = timedelta(hours=rules_of(shop.shop).quiet_repeat_hours)

    def side(one: Live) -> Run:
        own = replace(shop, automations=(one,))
        return Run(one, own, write.of(one.document.template), known, quiet)

    return Week(known, side(live) if live else None, side(Live(new, changed)))


class _Words:
    """Writes what either side sends; what both say alike is written once."""

    def __init__(self, ground: Ground, db: Connection, workspace_id: UUID) -> None:
        self._db, self._workspace_id = db, workspace_id
        self._shop = shop_of(db, workspace_id)
        self._base = base_of(self._shop, ground)
        self._writers: dict[str, Writer] = {}
        self._written: dict[tuple[str, ...], Said] = {}

    def of(self, slug: str) -> Write:
        """A template as it is published; what has none is never written."""

        def write(message: Mapping[str, Any]) -> Said:
            key = (slug, str(message["event_id"]), message["once_key"], message["kind"],
                   message["variant"])  # fmt: skip
            if key not in self._written:
                if len(self._written) > _BATCH:
                    self._written.clear()
                self._written[key] = self._writer(slug).write(message)
            return self._written[key]

        return write

    def _writer(self, slug: str) -> Writer:
        if slug not in self._writers:
            words = templates.get(self._db, self._workspace_id, slug)
            if words is None:
                raise LookupError(slug)
            self._writers[slug] = Writer(words, self._shop, self._base)
        return self._writers[slug]


def shop_of(db: Connection, workspace_id: UUID) -> Row:
    """The workspace's row. Raises LookupError where there is none."""
    found = workspaces.get(db, workspace_id)
    if found is None:
        raise LookupError(workspace_id)
    return found


def base_of(shop: Row, ground: Ground) -> str:
    """What stands before the token of a short link: the workspace's own address, else the hub's."""
    return str(shop["link_url"]).rstrip("/") or f"{ground.settings.address}/l"

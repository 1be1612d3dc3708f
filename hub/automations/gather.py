"""Gather: everything a batch of decisions looks at, in one query per noun, never one per event."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection

from hub.automations import windows
from hub.automations.document import Automation, DocumentError, parse
from hub.automations.facts import ConsentSeen, EventSeen, Facts, PersonSeen, StopSeen
from hub.automations.hours import Window
from hub.automations.standing import Bookings, look
from hub.store import automations, consent, events, messages, people, templates, workspaces
from hub.store.database import Row

log = logging.getLogger(__name__)

_NAMED = 20  # templates in a sentence
DEAD_AFTER = 3  # permanent failures that show a number to be no number


@dataclass(frozen=True)
class Live:
    """An automation's row with its document read."""

    row: Row
    document: Automation


@dataclass(frozen=True)
class Gathered:
    """What is known about the workspaces, people and carts of one batch."""

    shops: Mapping[UUID, Row]
    automations: Mapping[UUID, Sequence[Live]]
    templates: Mapping[tuple[UUID, str], Row]
    people: Mapping[tuple[UUID, str], Row]
    standing: Mapping[tuple[UUID, str], consent.Standing]
    marketing: Mapping[tuple[UUID, str], int]
    cancelling: Sequence[Row]
    bookings: Bookings

    def facts(self, event: Row, live: Live, now: datetime, **more: Any) -> Facts:
        """What one automation may know of one event (a row, or what stands for one)."""
        shop, who = self.shops[event["workspace_id"]], (event["workspace_id"], event["phone"])
        standing = self.standing.get(who, consent.Standing())
        word, stop = standing.marketing, standing.stop
        return Facts(
            automation_state=live.row["state"],
            automation_live_since=live.row["live_since"],
            event=event_seen(event),
            person=self._person(event),
            now=now,
            window=window_of(shop),
            consent=ConsentSeen(word.verdict in ("granted", "resumed"), word.source, word.at)
            if word
            else None,
            stopped=StopSeen(stop.at, stop.source, stop.source == "carrier") if stop else None,
            allowed_countries=tuple(shop["countries"]),
            daily_cap=shop["daily_cap"],
            cancelled_by=self._cancelled_by(event, live.document),
            template_known=(shop["id"], live.document.template) in self.templates,
            dead_number=self._known(event, "failures", 0) >= DEAD_AFTER,
            booking=self.bookings.seen(event),
            zone=shop["zone"],
            templates=self._named(shop, live.document.template),
            **more,
        )

    def _named(self, shop: Row, wanted: str) -> tuple[str, ...]:
        """The templates there are, where the wanted one is none of them."""
        if (shop["id"], wanted) in self.templates:
            return ()
        return tuple(sorted(slug for own, slug in self.templates if own == shop["id"])[:_NAMED])

    def _known(self, event: Row, name: str, otherwise: Any) -> Any:
        known = self.people.get((event["workspace_id"], event["phone"]))
        return known[name] if known else otherwise

    def told(self, event: Row, name: str) -> str:
        """What the event says of the person, else what earlier events said."""
        return str(event["person"].get(name) or self._known(event, name, "") or "")

    def _person(self, event: Row) -> PersonSeen:
        return PersonSeen(
            key=event["phone"],
            phone=event["phone"],
            kind=event["person"].get("kind") or "mobile",
            country=self.told(event, "country"),
            language=self.told(event, "language"),
            zone=self.told(event, "zone"),
            first_name=self.told(event, "first_name"),
            last_name=self.told(event, "last_name"),
            phone_problem=event["person"].get("phone_problem", ""),
        )

    def _cancelled_by(self, event: Row, automation: Automation) -> str | None:
        for other in self.cancelling:
            for rule in automation.cancel_on:
                if rule.event == other["type"] and cancels(other, event, rule.same):
                    return str(other["type"])
        return None


def cancels(other: Row, event: Row, same: str) -> bool:
    """Whether another event, since then, is about the same subject, cart or person."""
    if other["workspace_id"] != event["workspace_id"]:
        return False
    if other["occurred_at"] < event["occurred_at"]:
        return False
    if same == "person":
        return bool(other["phone"]) and other["phone"] == event["phone"]
    own_shop = other["connection_id"] == event["connection_id"]
    return own_shop and bool(other[same]) and other[same] == event[same]


def event_seen(event: Row) -> EventSeen:
    """An event's row as the checks see it."""
    return EventSeen(
        type=event["type"],
        key=event["key"],
        subject=event["subject"],
        occurred_at=event["occurred_at"],
        received_at=event["received_at"],
        data=event["data"],
        cart=event["cart"],
        connection=str(event["connection_id"] or ""),
    )


def window_of(shop: Row) -> Window:
    """The workspace's sending hours; where they are no country's, on the workspace's own clock."""
    window = _window(orjson.dumps(shop["sending_window"]))
    return window if window.country else replace(window, zone=shop["zone"])


@lru_cache(maxsize=1024)
def _window(document: bytes) -> Window:
    return windows.parse(orjson.loads(document))


@lru_cache(maxsize=4096)
def _document(automation_id: UUID, version: int, document: bytes) -> Automation:
    return parse(orjson.loads(document))


def read(row: Row) -> Live | None:
    """A stored automation with its document, read once per version; None where this hub cannot
    read it (it was written by a newer one), so that the others live on."""
    try:
        return Live(row, _document(row["id"], row["version"], orjson.dumps(row["document"])))
    except DocumentError as error:
        log.warning("automation.unreadable", extra={"automation": row["id"], "why": str(error)})
        return None


def gather(db: Connection, batch: Sequence[Row], now: datetime, hold: bool = False) -> Gathered:
    """One query per noun for a batch of events (or what stands for them). `hold` keeps their
    bookings still until this transaction ends; it is asked for first, before any message."""
    standing = look(db, batch, hold)
    shops = sorted({e["workspace_id"] for e in batch})
    phones = sorted({e["phone"] for e in batch if e["phone"]})
    running: dict[UUID, list[Live]] = {}
    for row in automations.by_workspaces(db, shops):
        live = read(row)
        if live is not None:
            running.setdefault(row["workspace_id"], []).append(live)
    types = {
        rule.event for lives in running.values() for a in lives for rule in a.document.cancel_on
    }
    return Gathered(
        shops=workspaces.by_ids(db, shops),
        automations=running,
        templates=templates.by_workspaces(db, shops),
        people=people.by_phones(db, shops, phones),
        standing=consent.standing(db, shops, phones),
        marketing=messages.recent_marketing(db, shops, phones, now - timedelta(hours=24)),
        cancelling=_cancelling(db, batch, shops, phones, sorted(types)),
        bookings=standing,
    )


def _cancelling(
    db: Connection,
    batch: Sequence[Row],
    shops: Sequence[UUID],
    phones: Sequence[str],
    types: Sequence[str],
) -> Sequence[Row]:
    if not types:
        return []
    subjects = [e["subject"] for e in batch if e["subject"]]
    carts = [e["cart"] for e in batch if e["cart"]]
    return events.that_cancel(db, shops, types, subjects=subjects, carts=carts, phones=phones)

"""Standing: the present state of the bookings that a batch of events tells of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.bookings import CANCELLED, instant_of
from hub.automations.facts import BookingSeen
from hub.store import bookings, events
from hub.store.bookings import Pair
from hub.store.database import Row

CHANGED = "booking.changed"


@dataclass(frozen=True)
class Bookings:
    """Bookings by (connection, subject), those of no connection by (workspace, subject), and what
    was told of them before each change."""

    rows: Mapping[Pair, Any]
    before: Mapping[UUID, Row]

    def of(self, event: Row) -> Any:
        """The booking an event, or a message's row, is about, as it stands; None where unknown."""
        return self.rows.get((event["connection_id"] or event["workspace_id"], event["subject"]))

    def seen(self, event: Row) -> BookingSeen | None:
        """The same as the checks see it."""
        row = self.of(event) if event["type"].startswith("booking.") else None
        if row is None:
            return None
        newest = row["event_id"] == event["id"]
        start, moved = row["starts_at"], self._moved(event)
        return BookingSeen(row["state"], start, row["answer"], newest, moved, row["zone"])

    def told(self, event: Row) -> dict[str, Any]:
        """What is known of a booking whose cancellation says little itself."""
        row = self.of(event) if event["type"] == CANCELLED else None
        if row is None or row["starts_at"] is None:
            return {}
        return {"title": row["title"], "starts_at": row["starts_at"].isoformat()}

    def _moved(self, event: Row) -> bool:
        """Whether it is known that this event gave the booking another start."""
        before = self.before.get(event["id"]) if event["type"] == CHANGED else None
        if before is None:
            return False
        if before["type"] == CANCELLED:
            return True
        return instant_of(before["starts_at"]) != instant_of(event["data"].get("starts_at"))


def look(db: Connection, batch: Sequence[Row], hold: bool) -> Bookings:
    """The bookings of a batch; `hold` keeps them still until this transaction ends."""
    told = [e for e in batch if e["type"].startswith("booking.")]
    pairs = sorted({(e["connection_id"], e["subject"]) for e in told if e["connection_id"]})
    kept = bookings.by_subjects(db, pairs, hold)
    by_hand = [e for e in told if e["connection_id"] is None]
    before = events.told_before(db, [e["id"] for e in told if e["type"] == CHANGED])
    return Bookings({**kept, **_posted(db, by_hand)}, before)


def _posted(db: Connection, told: Sequence[Row]) -> dict[Pair, Any]:
    """Bookings told through the hub's own API: their newest event is their state."""
    newest = events.newest_posted(
        db, [e["workspace_id"] for e in told], [e["subject"] for e in told]
    )
    return {
        (event["workspace_id"], event["subject"]): {
            "event_id": event["event_id"],
            "state": "cancelled" if event["type"] == CANCELLED else "booked",
            "starts_at": instant_of(event["starts_at"]),
            "answer": "",
            "title": "",
            "zone": "",
            "told": event["told"],
        }
        for event in newest
    }

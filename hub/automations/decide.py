"""Decide: each automation's answer to each event, with every check, and the messages it plans."""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import Connection

from hub import crash
from hub.automations.asked import questions
from hub.automations.endings import end_by_bookings, end_by_rules
from hub.automations.gather import gather
from hub.automations.planning import plan
from hub.store import answers, events, messages
from hub.store.batches import in_batches
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)


def decide_batch(ground: Ground, limit: int = 200) -> int:
    """Decide up to `limit` events in one transaction; how many were decided."""
    return in_batches(partial(_decide, ground), partial(_stumble, ground), limit)


def _stumble(ground: Ground, event_id: UUID, reason: str) -> None:
    with ground.database.begin() as db:
        events.stumble(db, event_id, ground.clock(), reason)


def _decide(ground: Ground, limit: int, claimed: list[UUID]) -> int:
    now = ground.clock()
    with ground.database.begin() as db:
        batch = events.claim(db, now, limit)
        claimed.extend(e["id"] for e in batch)
        if batch:
            _answer(ground, db, batch, now)
            crash.at("C8")
    if batch:
        crash.at("C9")
    return len(batch)


def _answer(ground: Ground, db: Connection, batch: Sequence[Row], now: datetime) -> None:
    known = gather(db, batch, now, hold=True)
    asked = questions(batch, known)
    standing = messages.once(db, [one.key for one in asked])
    made = plan(asked, known, standing, ground.connectors, now)
    messages.cancel_each(db, made.ended, now)
    answers.keep(db, [e["id"] for e in batch], made.decisions, list(made.messages.values()))
    end_by_rules(db, batch, known, now)
    end_by_bookings(db, batch, known, now)

"""Gather: everything a batch of decisions looks at, in one query per noun, never one per event."""

from collections.abc import Sequence, Set
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.counting import lately
from hub.automations.document import CancelOn
from hub.automations.gathered import Gathered
from hub.automations.happened import Happened
from hub.automations.merchants import merchant
from hub.automations.standing import look
from hub.store import consent, events, merchants, people
from hub.store.database import Row


def gather(
    db: Connection,
    batch: Sequence[Row],
    now: datetime,
    hold: bool = False,
    planned_by: Set[UUID] = frozenset(),
    left_alone: bool = False,
) -> Gathered:
    """One query per noun for a batch of events (or what stands for them). `hold` keeps their
    bookings still until this transaction ends; it is asked for first, before any message.
    `planned_by` are the automations behind messages that it is about; what may end theirs is looked
    for too, whatever events they answer by now. `left_alone`: what people were sent counts, and not
    what waits for them."""
    standing = look(db, batch, hold)
    shops = sorted({e["workspace_id"] for e in batch})
    phones = sorted({e["phone"] for e in batch if e["phone"]})
    known = {m.shop["id"]: m for m in map(merchant, merchants.written(db, shops))}
    types = {e["type"] for e in batch}
    lives = (live for one in known.values() for live in one.automations)
    asked = (a for a in lives if a.row["id"] in planned_by or any(map(a.answers, types)))
    rules = {rule for live in asked for rule in live.document.cancel_on}
    return Gathered(
        merchants=known,
        people=people.by_phones(db, shops, phones),
        standing=consent.standing(db, shops, phones),
        sent=lately(db, {w: one.caps for w, one in known.items()}, phones, now, left_alone),
        happened=Happened(_cancelling(db, batch, shops, phones, rules)),
        bookings=standing,
    )


def _cancelling(
    db: Connection,
    batch: Sequence[Row],
    shops: Sequence[UUID],
    phones: Sequence[str],
    rules: Set[CancelOn],
) -> Sequence[Row]:
    if not rules:
        return []
    subjects = [e["subject"] for e in batch if e["subject"]]
    carts = [e["cart"] for e in batch if e["cart"]]
    of_people = phones if any(rule.same == "person" for rule in rules) else []
    types = sorted({rule.event for rule in rules})
    since = min(e["occurred_at"] for e in batch)
    return events.that_cancel(
        db, shops, types, subjects=subjects, carts=carts, phones=of_people, since=since
    )

"""Gather: everything a batch of decisions looks at, in one query per noun, never one per event."""

import logging
from collections.abc import Sequence, Set
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import orjson
from sqlalchemy import Connection

from hub.automations.counting import lately
from hub.automations.document import Automation, CancelOn, DocumentError, parse
from hub.automations.gathered import Gathered, Live
from hub.automations.happened import Happened
from hub.automations.house_rules import caps_of
from hub.automations.standing import look
from hub.store import automations, consent, events, numbers, people, templates, workspaces
from hub.store.database import Row

log = logging.getLogger(__name__)


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


def gather(
    db: Connection,
    batch: Sequence[Row],
    now: datetime,
    hold: bool = False,
    leaving: Sequence[Row] = (),
) -> Gathered:
    """One query per noun for a batch of events (or what stands for them). `hold` keeps their
    bookings still until this transaction ends; it is asked for first, before any message.
    `leaving` are messages about to leave, whose people are held still the same way."""
    standing = look(db, batch, hold)
    shops = sorted({e["workspace_id"] for e in batch})
    phones = sorted({e["phone"] for e in batch if e["phone"]})
    known = workspaces.by_ids(db, shops)
    caps = {shop: caps_of(row) for shop, row in known.items()}
    sent = lately(db, caps, phones, now, leaving)
    running: dict[UUID, list[Live]] = {}
    for row in automations.by_workspaces(db, shops):
        live = read(row)
        if live is not None:
            running.setdefault(row["workspace_id"], []).append(live)
    rules = {rule for lives in running.values() for a in lives for rule in a.document.cancel_on}
    return Gathered(
        shops=known,
        automations=running,
        templates=templates.by_workspaces(db, shops),
        people=people.by_phones(db, shops, phones),
        numbers=numbers.about(db, shops, phones),
        standing=consent.standing(db, shops, phones),
        caps=caps,
        sent=sent,
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

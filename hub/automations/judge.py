"""Judge: the last look before a message leaves. What may have changed since the decision (a STOP,
an order, closed hours) is asked again, for a whole batch at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.checks import recheck
from hub.automations.delays import delay_of
from hub.automations.document import Automation
from hub.automations.facts import Verdict
from hub.automations.gather import Gathered, Live, gather, read
from hub.automations.stand_ins import direct, stand_in
from hub.contract.events import UPCOMING
from hub.store import automations, events, templates
from hub.store.database import Row

# A booking changed a moment ago: the decision on that event ends or moves what waits. A message
# skipped here would use up its slot, and the booking may come back to it.
_CHANGED = ("moved", "cancelled")
_DECIDED_WITHIN = timedelta(seconds=5)


def judge(db: Connection, due: Sequence[Row], now: datetime) -> Mapping[UUID, Verdict]:
    """A verdict for each due message: send, hold until, or skip with a reason."""
    told = events.by_ids(db, [m["event_id"] for m in due if m["event_id"]])
    stand_ins = {m["id"]: told.get(m["event_id"]) or stand_in(m) for m in due}
    known = gather(db, list(stand_ins.values()), now)
    made = automations.by_ids(db, [m["automation_id"] for m in due if m["automation_id"]])
    pinned = templates.pinned(db, [(m["template_id"], m["template_version"]) for m in due])
    return {
        m["id"]: _judge(
            m,
            stand_ins[m["id"]],
            _live(m, made, pinned[m["template_id"], m["template_version"]]["slug"]),
            known,
            now,
        )
        for m in due
    }


def _judge(message: Row, event: Any, live: Live, known: Gathered, now: datetime) -> Verdict:
    others = known.marketing.get((message["workspace_id"], message["phone"]), 0)
    mine = 1 if message["kind"] == "marketing" else 0
    facts = known.facts(event, live, now, recent_marketing=max(others - mine, 0))
    verdict = recheck(live.document, facts)
    booking = known.bookings.of(event)
    if verdict.reason in _CHANGED and booking is not None and booking["told"] == "new":
        return replace(verdict, action="hold", due_at=now + _DECIDED_WITHIN)
    return verdict


def _live(message: Row, made: Mapping[UUID, Row], template: str) -> Live:
    row = made.get(message["automation_id"])
    live = read(row) if row is not None else None
    if live is None:
        return direct(template, message["kind"])
    return Live(live.row, _of_step(live.document, message["once_key"] or ""))


def _of_step(document: Automation, key: str) -> Automation:
    """A reminder keeps the step it was planned for, though the document may have another by now."""
    delay = delay_of(key.rpartition("#")[2]) if document.event == UPCOMING else None
    return replace(document, delay=delay) if delay else document

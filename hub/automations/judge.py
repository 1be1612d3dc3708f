"""Judge: the last look before a message leaves. What may have changed since the decision (a STOP,
an order, closed hours) is asked again, for a whole batch at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.caps import Sent
from hub.automations.checks import recheck
from hub.automations.delays import delay_of
from hub.automations.document import Automation
from hub.automations.facts import Verdict
from hub.automations.gather import gather, read
from hub.automations.gathered import Gathered, Live, Who
from hub.automations.stand_ins import direct, stand_in
from hub.contract.events import UPCOMING
from hub.store import automations, events, templates
from hub.store.database import Row

# A booking changed a moment ago: the decision on that event ends or moves what waits. A message
# skipped here would use up its slot, and the booking may come back to it.
_CHANGED = ("moved", "cancelled")
_DECIDED_WITHIN = timedelta(seconds=5)


def judge(db: Connection, due: Sequence[Row], now: datetime) -> Mapping[UUID, Verdict]:
    """A verdict for each due message: send, hold until, or skip with a reason.

    Caps are counted over what has left, never over what waits: of two that wait, the first to be
    asked goes. Nobody else sends to the same people until this transaction ends.
    """
    told = events.by_ids(db, [m["event_id"] for m in due if m["event_id"]])
    stand_ins = {m["id"]: told.get(m["event_id"]) or stand_in(m) for m in due}
    known = gather(db, list(stand_ins.values()), now, leaving=due)
    made = automations.by_ids(db, [m["automation_id"] for m in due if m["automation_id"]])
    pinned = templates.pinned(db, [(m["template_id"], m["template_version"]) for m in due])
    left, found = _left(known, now), {}
    for m in due:
        live = _live(m, made, pinned[m["template_id"], m["template_version"]]["slug"])
        found[m["id"]] = verdict = _judge(m, stand_ins[m["id"]], live, known, left, now)
        if verdict.action == "send" and not _own_words(m):
            own = Sent(m["stands_in_for"] or m["id"], m["kind"], now)
            left.setdefault((m["workspace_id"], m["phone"]), []).append(own)
    return found


def _left(known: Gathered, now: datetime) -> dict[Who, list[Sent]]:
    """What has left for each person. Another worker's clock, or its patience for a lock, may put
    that a moment ahead of this one's now."""
    return {
        who: [replace(one, at=min(one.at, now)) for one in sent if not one.waits]
        for who, sent in known.sent.items()
    }


def _judge(
    message: Row,
    event: Any,
    live: Live,
    known: Gathered,
    left: Mapping[Who, Sequence[Sent]],
    now: datetime,
) -> Verdict:
    facts = known.facts(event, live, now)
    if not _own_words(message):
        who = (message["workspace_id"], message["phone"])
        but = message["stands_in_for"] or message["id"]
        facts = replace(facts, caps=known.counted(who, left.get(who, ()), now, but))
    verdict = recheck(live.document, facts)
    booking = known.bookings.of(event)
    if verdict.reason in _CHANGED and booking is not None and booking["told"] == "new":
        return replace(verdict, action="hold", due_at=now + _DECIDED_WITHIN)
    return verdict


def _own_words(message: Row) -> bool:
    """Whether the hub says it of its own accord, such as «you are unsubscribed»: nothing decided
    it, and no cap stops it."""
    return message["decision_id"] is None and message["stands_in_for"] is None


def _live(message: Row, made: Mapping[UUID, Row], template: str) -> Live:
    row = made.get(message["automation_id"])
    live = read(row) if row is not None else None
    if live is None:
        return direct(template, message["kind"])
    document = replace(live.document, kind=message["kind"])  # what it was written as
    return Live(live.row, _of_step(document, message["once_key"] or ""))


def _of_step(document: Automation, key: str) -> Automation:
    """A reminder keeps the step it was planned for, though the document may have another by now."""
    delay = delay_of(key.rpartition("#")[2]) if document.event == UPCOMING else None
    return replace(document, delay=delay) if delay else document

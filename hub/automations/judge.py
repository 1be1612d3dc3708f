"""Judge: the last look before a message leaves. What may have changed since the decision (a STOP,
an order, closed hours) is asked again, for a whole batch at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.caps import Sent
from hub.automations.checks import recheck
from hub.automations.delays import delay_of
from hub.automations.document import Automation
from hub.automations.facts import Verdict
from hub.automations.gather import gather
from hub.automations.gathered import Gathered, Who
from hub.automations.merchants import Live
from hub.automations.stand_ins import direct, stand_in
from hub.contract.events import UPCOMING
from hub.store import events, templates
from hub.store.database import Row

# A booking changed a moment ago: the decision on that event ends or moves what waits. A message
# skipped here would use up its slot, and the booking may come back to it.
_CHANGED = ("moved", "cancelled")
_DECIDED_WITHIN = timedelta(seconds=5)
_How = tuple[UUID | None, UUID, int, str, str]  # what makes one message's automation another's


def judge(db: Connection, due: Sequence[Row], now: datetime) -> Mapping[UUID, Verdict]:
    """A verdict for each due message: send, hold until, or skip with a reason.

    Caps are counted over what has left, never over what waits: of two that wait, the first to be
    asked goes. The caller holds the messages' people still until this transaction ends.
    """
    told = events.by_ids(db, [m["event_id"] for m in due if m["event_id"]])
    stand_ins = [told.get(m["event_id"]) or stand_in(m) for m in due]
    makers = {m["automation_id"] for m in due}
    known = gather(db, stand_ins, now, planned_by=makers, left_alone=True)
    lives = _lives(db, due, known)
    left, found = _left(known, now), {}
    for m, event in zip(due, stand_ins, strict=True):
        found[m["id"]] = verdict = _judge(m, event, lives.of(m), known, left, now)
        if verdict.action == "send" and not _own_words(m):
            own = Sent(m["stands_in_for"] or m["id"], m["kind"], now)
            left.setdefault((m["workspace_id"], m["phone"]), []).append(own)
    return found


def _left(known: Gathered, now: datetime) -> dict[Who, list[Sent]]:
    """What has left for each person. Another worker's clock, or its patience for a lock, may put
    that a moment ahead of this one's now."""
    return {
        who: [one if one.at <= now else replace(one, at=now) for one in sent]
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
    if _own_words(message):
        facts = known.facts(event, live, now)
    else:
        who = (message["workspace_id"], message["phone"])
        but = message["stands_in_for"] or message["id"]
        caps = known.counted(who, left.get(who, ()), now, but)
        facts = known.facts(event, live, now, caps=caps)
    verdict = recheck(live.document, facts)
    booking = known.bookings.of(event) if verdict.reason in _CHANGED else None
    if booking is not None and booking["told"] == "new":
        return replace(verdict, action="hold", due_at=now + _DECIDED_WITHIN)
    return verdict


def _own_words(message: Row) -> bool:
    """Whether the hub says it of its own accord, such as «you are unsubscribed»: nothing decided
    it, and no cap stops it."""
    return message["decision_id"] is None and message["stands_in_for"] is None


@dataclass(frozen=True)
class _Lives:
    """The automations behind a batch of messages, each as a message was written: made once for all
    that are alike."""

    running: Mapping[UUID, Live]
    pinned: Mapping[tuple[UUID, int], Row]
    made: dict[_How, Live] = field(default_factory=dict)

    def of(self, message: Row) -> Live:
        """The automation behind one message."""
        step = (message["once_key"] or "").rpartition("#")[2]
        pin, kind = (message["template_id"], message["template_version"]), message["kind"]
        how = (message["automation_id"], *pin, kind, step if delay_of(step) else "")
        return self.made.get(how) or self.made.setdefault(how, self._make(*how))

    def _make(
        self, automation_id: UUID | None, template: UUID, version: int, kind: str, step: str
    ) -> Live:
        live = self.running.get(automation_id) if automation_id else None
        if live is None:
            return direct(self.pinned[template, version]["slug"], kind)
        document = replace(live.document, kind=kind)  # what it was written as
        return Live(live.row, of_step(document, step))


def _lives(db: Connection, due: Sequence[Row], known: Gathered) -> _Lives:
    pinned = templates.lasting(db, [(m["template_id"], m["template_version"]) for m in due])
    running = (live for one in known.merchants.values() for live in one.automations)
    return _Lives({live.row["id"]: live for live in running}, pinned)


def of_step(document: Automation, step: str) -> Automation:
    """A reminder keeps the step it was planned for, though the document may have another by now."""
    delay = delay_of(step) if document.event == UPCOMING else None
    return replace(document, delay=delay) if delay else document

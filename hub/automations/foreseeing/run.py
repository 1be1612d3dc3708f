"""Run: one automation over the week, event by event, with what it sent and plans kept in mind. Its
rules are the road's own; its rows are values that nobody keeps."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hub.automations.asked import Asked, Key, questions
from hub.automations.checks import once_key, recheck
from hub.automations.document import Automation
from hub.automations.endings import untrue
from hub.automations.facts import Facts, Verdict
from hub.automations.foreseeing.known import Known
from hub.automations.foreseeing.planned import Asking, Planned, Unsent, WaitingRoom
from hub.automations.foreseeing.texts import Said
from hub.automations.gathered import event_seen
from hub.automations.happened import Happened
from hub.automations.judge import of_step
from hub.automations.merchants import Live, Merchant
from hub.automations.planning import plan
from hub.automations.wording import happening
from hub.contract.events import UPCOMING
from hub.store.database import Row

Write = Callable[[Mapping[str, Any]], Said]
_REPEAT = "Not sent: the same words went to this person a short while ago."
_AGAIN = timedelta(minutes=10)  # how long the same words stay unsaid where it is no marketing


@dataclass
class Run:
    """One side. `merchant` has this automation alone; `answered` are the messages that it had
    planned before, by once-key; `quiet` is how long the same marketing words stay unsaid."""

    live: Live
    merchant: Merchant
    write: Write
    known: Known
    quiet: timedelta
    answered: dict[str, Row] = field(default_factory=dict)
    outcomes: dict[Asking, Planned | Unsent] = field(default_factory=dict)
    _waits: WaitingRoom = field(default_factory=WaitingRoom)
    _ids: dict[UUID, Planned] = field(default_factory=dict)
    _keys: dict[str, Planned] = field(default_factory=dict)
    _gone: set[UUID] = field(default_factory=set)
    _to: dict[str, list[Planned]] = field(default_factory=dict)
    _heard: dict[tuple[str, tuple[str, ...]], datetime] = field(default_factory=dict)

    @property
    def document(self) -> Automation:
        """The automation that is run."""
        return self.live.document

    def phones(self) -> set[str]:
        """For whom something waits."""
        return {one.event["phone"] for one in self._waits.everybody()}

    def keys_of(self, batch: Sequence[Row]) -> list[str]:
        """The once-keys that these events ask about."""
        return [
            once_key(self.document, event_seen(event), event["phone"], step)
            for event in batch
            if self.live.answers(event["type"])
            for step in range(len(self.document.delay.plan))
        ]

    def see(self, event: Row, now: datetime) -> None:
        """One more event: what it ends is ended, what it asks for is decided."""
        self._end_by_rules(event)
        if event["type"].startswith("booking."):
            self._end_by_booking(event)
        if self.live.answers(event["type"]):
            self._decide(event, now)

    def release(self, until: datetime) -> None:
        """What was due before then leaves, in turn, each after its last look."""
        for one in self._waits.due(until):
            self._leave(one, one.due_at)

    def finish(self, until: datetime) -> int:
        """The end: what is due by then leaves, and the rest is written as if it would; how many
        those are."""
        self.release(until + timedelta(microseconds=1))
        rest = self._waits.everybody()
        for one in rest:
            self._say(one, one.due_at)
        return sum(one.sent for one in rest)

    def _decide(self, event: Row, now: datetime) -> None:
        own = [sent for one in self._to.get(event["phone"], ()) if (sent := one.counts())]
        then = self.known.then(self.merchant, event, now, own)
        asked = [one for one in questions([event], then) if one.live is self.live]
        standing = {one.key: row for one in asked if (row := self._standing(one.key, now))}
        made = plan(asked, then, standing, {}, now)
        for ended in made.ended:
            self._end(ended["id"], ended["reason"], ended["sentence"])
        planned = {row["id"]: row for row in made.messages.values()}
        for one, decision in zip(asked, made.decisions, strict=True):
            self._keep(one, decision, planned.get(decision["message_id"]), then.kept)

    def _keep(
        self,
        one: Asked,
        decision: Mapping[str, Any],
        row: dict[str, Any] | None,
        kept: Facts | None,
    ) -> None:
        asking = (one.event["id"], self._step(one))
        if row is None:
            said = decision["checks"][-1]["sentence"] if decision["checks"] else ""
            self.outcomes[asking] = Unsent(decision["reason"] or "replaced", said)
            return
        country = self.known.country(one.event["phone"])
        made = Planned(row, one.event, asking, row["due_at"], country, kept=kept)
        self.outcomes[asking] = self._ids[row["id"]] = self._keys[one.key[1]] = made
        self._to.setdefault(one.event["phone"], []).append(made)
        self._waits.enter(made)

    def _step(self, one: Asked) -> str:
        delay = self.document.delay
        return delay.key(one.step) if self.document.event == UPCOMING else ""

    def _standing(self, key: Key, now: datetime) -> dict[str, Any] | None:
        """The message that is there already under a key, as the road's own table has it."""
        own = self._keys.get(key[1])
        if own is not None and not own.cancelled:
            state = "scheduled" if own.waits else "sent"
            return {**own.row, "state": state}
        row = self.answered.get(key[1])
        if row is None or row["id"] in self._gone:
            return None
        waits = row["left_at"] is None or row["left_at"] > now
        return {**row, "state": "scheduled" if waits else "sent"}

    def _end_by_rules(self, event: Row) -> None:
        rules = [rule for rule in self.document.cancel_on if rule.event == event["type"]]
        if not rules:
            return
        happened = Happened([event])
        words = f"Cancelled: {happening(event['type'])} meanwhile, so it is no longer needed."
        for one in self._waits.about(event):
            if any(happened.since(one.event, rule.event, rule.same) for rule in rules):
                self._end(one.row["id"], "cancelled", words)

    def _end_by_booking(self, event: Row) -> None:
        waiting = [
            {**one.event, "id": one.row["id"], "told": one.event["type"],
             "starts_at": one.event["data"].get("starts_at")}
            for one in self._waits.about(event) if one.event["type"].startswith("booking.")
            and one.event["subject"] == event["subject"]
        ]  # fmt: skip
        for ended in untrue(waiting, self.known.bookings):
            self._end(ended["id"], ended["reason"], ended["sentence"])

    def _end(self, name: UUID, reason: str, sentence: str) -> None:
        one = self._ids.get(name)
        if one is None:
            self._gone.add(name)
        elif one.waits:
            one.cancelled = True
            self._stop(one, reason, sentence)

    def _stop(self, one: Planned, reason: str, sentence: str) -> None:
        one.reason, one.sentence = reason, sentence
        self._waits.leave(one)

    def _leave(self, one: Planned, now: datetime) -> None:
        if now > one.row["created_at"]:
            verdict = self._look_again(one, now)
            if verdict.action == "hold" and verdict.due_at is not None:
                one.due_at = verdict.due_at
                self._waits.enter(one)
                return
            if verdict.action == "skip":
                self._stop(one, verdict.reason, verdict.sentence)
                return
        self._waits.leave(one)
        self._say(one, now)

    def _look_again(self, one: Planned, now: datetime) -> Verdict:
        name = one.row["id"]
        own = [s for p in self._to[one.event["phone"]] if p is not one and (s := p.counts())]
        then = self.known.then(self.merchant, one.event, now, own, left=True)
        then = replace(then, kept=one.kept)
        who = (one.row["workspace_id"], one.event["phone"])
        caps = then.counted(who, then.sent[who], now, name)
        step = of_step(self.document, one.asking[1])
        facts = then.facts(one.event, Live(self.live.row, step), now, caps=caps)
        return recheck(step, facts)

    def _say(self, one: Planned, now: datetime) -> None:
        one.left_at = now
        one.said = said = self.write(one.row)
        if said.reason:
            one.reason, one.sentence = said.reason, said.problem
            return
        own = (one.event["phone"], said.sense)
        span = self.quiet if self.document.marketing else _AGAIN
        told = self._heard.get(own)
        tester = one.event["phone"] in self.merchant.shop["testers"]
        if told is not None and now - told < span and not tester:
            one.reason, one.sentence = "repeat", _REPEAT
        else:
            self._heard[own] = now

"""Planning: what a batch of events comes to, decisions and messages, before it is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.automations.bookings import about_booking, clock_of
from hub.automations.checks import decide, once_key
from hub.automations.facts import Facts, Verdict
from hub.automations.gather import Gathered, Live, event_seen
from hub.automations.records import record
from hub.automations.stand_ins import asked_by
from hub.contract import Connector
from hub.contract.events import TELLS_OF_UPCOMING, UPCOMING
from hub.store import messages
from hub.store.database import Row, new_id

Key = tuple[UUID, str]
_REPLACED = "Cancelled: a newer event of the same kind took its place."


@dataclass(frozen=True)
class Asked:
    """One question for a decision: an event, what answers it, which step, and the once-key."""

    event: Row
    live: Live
    step: int
    key: Key


@dataclass(frozen=True)
class Sources:
    """Where events come from: their connections, and the connectors found."""

    connections: Mapping[UUID, Row]
    connectors: Mapping[str, Connector]

    def of(self, event: Row) -> tuple[str, UUID | None]:
        """The shop's language, and whom to tell of what becomes of the message."""
        row = self.connections.get(event["connection_id"])
        connector = self.connectors.get(row["connector"]) if row else None
        target = connector.target if connector else None
        told = row["id"] if row and target and target.takes(event["subject"]) else None
        return (row["language"] if row else ""), told


@dataclass
class Plan:
    """What a batch decides, before it is written. `ended` are waiting messages to be cancelled,
    each with its own reason and sentence."""

    decisions: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[Key, dict[str, Any]] = field(default_factory=dict)
    ended: list[dict[str, Any]] = field(default_factory=list)


def questions(batch: Sequence[Row], known: Gathered) -> list[Asked]:
    """Every decision that these events ask for, in order."""
    return [
        Asked(event, live, step, _key(event, live, step))
        for event in batch
        for live, step in _answering(event, known)
    ]


def _answering(event: Row, known: Gathered) -> Iterator[tuple[Live, int]]:
    asked = asked_by(event, known)
    if asked is not None:
        yield asked, 0
        return
    for live in known.automations.get(event["workspace_id"], ()):
        if _answers(live.document.event, event["type"]):
            yield from ((live, step) for step in range(len(live.document.delay.plan)))


def _answers(trigger: str, event_type: str) -> bool:
    return event_type in TELLS_OF_UPCOMING if trigger == UPCOMING else event_type == trigger


def _key(event: Row, live: Live, step: int) -> Key:
    own = once_key(live.document, event_seen(event), event["phone"], step)
    return live.row["id"] or event["id"], own


def plan(
    asked: Sequence[Asked],
    known: Gathered,
    standing: Mapping[Key, Row],
    sources: Sources,
    now: datetime,
) -> Plan:
    """Decide each question in turn; `standing` are the messages already there by once-key."""
    made = Plan()
    planned_to = dict(known.marketing)
    for one in asked:
        who = (one.event["workspace_id"], one.event["phone"])
        more = {**_earlier(one.key, standing, made), "recent_marketing": planned_to.get(who, 0)}
        facts = known.facts(one.event, one.live, now, step=one.step, **more)
        verdict = decide(one.live.document, facts)
        message = None
        if verdict.action == "send":
            message = _message(one, facts, verdict, known, sources)
            if verdict.replaces:
                _replace(made, one.key, standing)
            elif one.live.document.marketing:
                planned_to[who] = planned_to.get(who, 0) + 1
            made.messages[one.key] = message
        elif one.live.document.event == UPCOMING:
            made.ended += _unwanted(one, facts, verdict, standing)
        made.decisions.append(_decision(one, facts, verdict, message))
    return made


def _earlier(key: Key, standing: Mapping[Key, Row], made: Plan) -> dict[str, Any]:
    """Whether this once-key was answered before, and since when a message for it waits."""
    if key in made.messages:
        return {"already": True, "waiting": made.messages[key]["occurred_at"]}
    row = standing.get(key)
    if row is None:
        return {}
    waits = row["state"] in messages.WAITING
    return {"already": True, "waiting": row["occurred_at"] if waits else None}


def _replace(made: Plan, key: Key, standing: Mapping[Key, Row]) -> None:
    if key in made.messages:
        gone = made.messages.pop(key)
        for decision in made.decisions:
            if decision["message_id"] == gone["id"]:
                decision["message_id"] = None
    elif key in standing:
        ended = {"id": standing[key]["id"], "reason": "replaced", "sentence": _REPLACED}
        made.ended.append(ended)


def _unwanted(
    one: Asked, facts: Facts, verdict: Verdict, standing: Mapping[Key, Row]
) -> Iterator[dict[str, Any]]:
    """The reminder that waits for this slot, where the booking's newest state asks for none."""
    row = standing.get(one.key)
    if row is None or facts.booking is None or not facts.booking.newest:
        return
    if row["state"] in messages.WAITING:
        words = verdict.sentence.replace("Not sent: ", "Cancelled: ", 1)
        yield {"id": row["id"], "reason": verdict.reason, "sentence": words}


def _message(
    one: Asked, facts: Facts, verdict: Verdict, known: Gathered, sources: Sources
) -> dict[str, Any]:
    event, shop, live = one.event, known.shops[one.event["workspace_id"]], one.live
    template = known.templates[shop["id"], live.document.template]
    language, told = sources.of(event)
    own_zone = known.told(event, "zone") or shop["zone"]
    return {
        "id": new_id(),
        "workspace_id": shop["id"],
        "decision_id": None,
        "event_id": event["id"],
        "automation_id": live.row["id"],
        "template_id": template["id"],
        "template_version": template["version"],
        "kind": live.document.kind,
        "channel": "sms",
        "phone": event["phone"],
        "language": known.told(event, "language") or language or shop["language"],
        "zone": str(clock_of(facts)) if about_booking(facts.event) else own_zone,
        "variables": _variables(event, known, shop),
        "state": "held" if verdict.held else "scheduled",
        "reason": "window" if verdict.held else "",
        "sentence": verdict.sentence,
        "due_at": max(verdict.due_at or facts.now, facts.now),
        "once_key": verdict.once_key,
        "cart": event["cart"],
        "sender": "",
        "source_id": told,
        "subject": event["subject"],
        "record": event["person"].get("record", ""),
        "created_at": facts.now,
        "changed_at": facts.now,
        "occurred_at": event["occurred_at"],
    }


def _variables(event: Row, known: Gathered, shop: Row) -> dict[str, Any]:
    return {
        **known.bookings.told(event),
        **event["data"],
        "first_name": known.told(event, "first_name"),
        "last_name": known.told(event, "last_name"),
        "brand": shop["brand"],
    }


def _decision(
    one: Asked, facts: Facts, verdict: Verdict, message: dict[str, Any] | None
) -> dict[str, Any]:
    kept = record(one.live.document, facts, verdict, "decide")
    decision_id = new_id()
    if message:
        message["decision_id"] = decision_id
    return {
        "id": decision_id,
        "workspace_id": one.event["workspace_id"],
        "event_id": one.event["id"],
        "automation_id": one.live.row["id"],
        "version": one.live.row["version"],
        "phone": one.event["phone"],
        "step": one.step,
        "action": verdict.action,
        "reason": verdict.reason,
        "checks": kept["checks"],
        "record": kept,
        "message_id": message["id"] if message else None,
        "decided_at": facts.now,
    }

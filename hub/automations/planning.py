"""Planning: what a batch of events comes to, decisions and messages, before it is written."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.automations.asked import Asked, Key
from hub.automations.caps import Sent
from hub.automations.checks import decide
from hub.automations.facts import Facts, Verdict
from hub.automations.gathered import Gathered, Who
from hub.automations.planned_rows import Connectors, decision_row, message_row
from hub.automations.timing import leaves_at
from hub.contract.events import UPCOMING
from hub.store import messages
from hub.store.database import Row

_REPLACED = "Cancelled: a newer event of the same kind took its place."


@dataclass
class Plan:
    """What a batch decides, before it is written. `ended` are waiting messages to be cancelled,
    each with its own reason and sentence."""

    decisions: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[Key, dict[str, Any]] = field(default_factory=dict)
    ended: list[dict[str, Any]] = field(default_factory=list)


def plan(
    asked: Sequence[Asked],
    known: Gathered,
    standing: Mapping[Key, Row],
    connectors: Connectors,
    now: datetime,
) -> Plan:
    """Decide each question in turn; `standing` are the messages already there by once-key."""
    made = Plan()
    sent = {who: list(known_of) for who, known_of in known.sent.items()}
    for one in asked:
        facts = _facts(one, known, standing, sent, made, now)
        verdict = decide(one.live.document, facts)
        message = None
        if verdict.action == "send":
            message = message_row(one, facts, verdict, known, connectors)
            gone = _replace(made, one.key, standing) if verdict.replaces else None
            made.messages[one.key] = message
            _counts(sent, message, gone)
        elif one.live.document.event == UPCOMING:
            made.ended += _unwanted(one, facts, verdict, standing)
        made.decisions.append(decision_row(one, facts, verdict, message))
    return made


def _facts(
    one: Asked,
    known: Gathered,
    standing: Mapping[Key, Row],
    sent: Mapping[Who, list[Sent]],
    made: Plan,
    now: datetime,
) -> Facts:
    """What is known, what this batch has planned so far included. A message that would give way
    to this one does not count against it."""
    who = (one.event["workspace_id"], one.event["phone"])
    earlier = _earlier(one.key, standing, made)
    if not sent.get(who):
        nothing = known.counted(who, (), now)
        return known.facts(one.event, one.live, now, step=one.step, caps=nothing, **earlier)
    facts = known.facts(one.event, one.live, now, step=one.step, **earlier)
    given_way = made.messages.get(one.key) or standing.get(one.key)
    waits = facts.waiting is not None and given_way is not None
    leaves = leaves_at(one.live.document, facts)
    but = given_way["id"] if waits and given_way else None
    return replace(facts, caps=known.counted(who, sent[who], leaves, but))


def _counts(sent: dict[Who, list[Sent]], message: Mapping[str, Any], gone: UUID | None) -> None:
    """From now on this message counts against its person's caps, and the one gone does not."""
    who = (message["workspace_id"], message["phone"])
    own = [one for one in sent.get(who, ()) if one.one != gone]
    sent[who] = [*own, Sent(message["id"], message["kind"], message["due_at"], waits=True)]


def _earlier(key: Key, standing: Mapping[Key, Row], made: Plan) -> dict[str, Any]:
    """Whether this once-key was answered before, and since when a message for it waits."""
    if key in made.messages:
        return {"already": True, "waiting": made.messages[key]["occurred_at"]}
    row = standing.get(key)
    if row is None:
        return {}
    waits = row["state"] in messages.WAITING
    return {"already": True, "waiting": row["occurred_at"] if waits else None}


def _replace(made: Plan, key: Key, standing: Mapping[Key, Row]) -> UUID | None:
    """Take back the message that gives way; its id."""
    if key in made.messages:
        gone = made.messages.pop(key)["id"]
        for decision in made.decisions:
            if decision["message_id"] == gone:
                decision["message_id"] = None
        return UUID(str(gone))
    if key not in standing:
        return None
    own = standing[key]["id"]
    made.ended.append({"id": own, "reason": "replaced", "sentence": _REPLACED})
    return UUID(str(own))


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

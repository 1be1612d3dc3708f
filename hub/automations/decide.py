"""Decide: each automation's answer to each event, with every check, and the messages it plans."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.checks import decide, once_key
from hub.automations.facts import Facts, Verdict
from hub.automations.gather import Gathered, Live, cancels, event_seen, gather
from hub.automations.records import record
from hub.automations.wording import happening
from hub.store import connections, decisions, events, messages
from hub.store.batches import in_batches
from hub.store.database import Row, new_id
from hub.store.ground import Ground

log = logging.getLogger(__name__)

Key = tuple[UUID, str]


@dataclass
class Plan:
    """What a batch decides, before it is written."""

    decisions: list[dict[str, Any]] = field(default_factory=list)
    messages: dict[Key, dict[str, Any]] = field(default_factory=dict)
    replaced: list[UUID] = field(default_factory=list)


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
            known = gather(db, batch, now)
            plan = _plan(ground, db, batch, known, now)
            _write(db, plan, now)
            _cancel(db, batch, known, now)
            events.decided(db, [e["id"] for e in batch])
    return len(batch)


def _matching(batch: Sequence[Row], known: Gathered) -> Iterator[tuple[Row, Live]]:
    for event in batch:
        for live in known.automations.get(event["workspace_id"], ()):
            if live.document.event == event["type"]:
                yield event, live


def _plan(
    ground: Ground, db: Connection, batch: Sequence[Row], known: Gathered, now: datetime
) -> Plan:
    pairs = [(event, live, _key(event, live)) for event, live in _matching(batch, known)]
    standing = messages.once(db, [key for _, _, key in pairs])
    sources = connections.by_ids(db, [e["connection_id"] for e in batch if e["connection_id"]])
    planned_to: dict[tuple[UUID, str], int] = dict(known.marketing)
    plan = Plan()
    for event, live, key in pairs:
        who = (event["workspace_id"], event["phone"])
        more = {**_earlier(key, standing, plan), "recent_marketing": planned_to.get(who, 0)}
        facts = known.facts(event, live, now, **more)
        verdict = decide(live.document, facts)
        message = None
        if verdict.action == "send":
            message = _message(ground, event, live, verdict, known, sources, now)
            if verdict.replaces:
                _replace(plan, key, standing)
            elif live.document.marketing:
                planned_to[who] = planned_to.get(who, 0) + 1
            plan.messages[key] = message
        plan.decisions.append(_decision(event, live, facts, verdict, message, now))
    return plan


def _key(event: Row, live: Live) -> Key:
    return live.row["id"], once_key(live.document, event_seen(event), event["phone"])


def _earlier(key: Key, standing: Mapping[Key, Row], plan: Plan) -> dict[str, Any]:
    """Whether this once-key was answered before, and since when a message for it waits."""
    if key in plan.messages:
        return {"already": True, "waiting": plan.messages[key]["occurred_at"]}
    row = standing.get(key)
    if row is None:
        return {}
    waits = row["state"] in messages.WAITING
    return {"already": True, "waiting": row["occurred_at"] if waits else None}


def _replace(plan: Plan, key: Key, standing: Mapping[Key, Row]) -> None:
    if key in plan.messages:
        gone = plan.messages.pop(key)
        for made in plan.decisions:
            if made["message_id"] == gone["id"]:
                made["message_id"] = None
    elif key in standing:
        plan.replaced.append(standing[key]["id"])


def _message(
    ground: Ground,
    event: Row,
    live: Live,
    verdict: Verdict,
    known: Gathered,
    sources: Mapping[UUID, Row],
    now: datetime,
) -> dict[str, Any]:
    shop = known.shops[event["workspace_id"]]
    template = known.templates[shop["id"], live.document.template]
    source = sources.get(event["connection_id"])
    connector = ground.connectors.get(source["connector"]) if source else None
    target = connector.target if connector else None
    spoken = known.told(event, "language") or (source["language"] if source else "")
    due = verdict.due_at or now
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
        "language": spoken or shop["language"],
        "zone": known.told(event, "zone") or shop["zone"],
        "variables": {
            **event["data"],
            "first_name": known.told(event, "first_name"),
            "last_name": known.told(event, "last_name"),
            "brand": shop["brand"],
        },
        "state": "held" if verdict.held else "scheduled",
        "reason": "window" if verdict.held else "",
        "sentence": verdict.sentence,
        "due_at": max(due, now),
        "once_key": verdict.once_key,
        "cart": event["cart"],
        "sender": "",
        "source_id": source["id"] if source and target and target.takes(event["subject"]) else None,
        "subject": event["subject"],
        "record": event["person"].get("record", ""),
        "created_at": now,
        "changed_at": now,
        "occurred_at": event["occurred_at"],
    }


def _decision(
    event: Row,
    live: Live,
    facts: Facts,
    verdict: Verdict,
    message: dict[str, Any] | None,
    now: datetime,
) -> dict[str, Any]:
    kept = record(live.document, facts, verdict, "decide")
    decision_id = new_id()
    if message:
        message["decision_id"] = decision_id
    return {
        "id": decision_id,
        "workspace_id": event["workspace_id"],
        "event_id": event["id"],
        "automation_id": live.row["id"],
        "version": live.row["version"],
        "phone": event["phone"],
        "action": verdict.action,
        "reason": verdict.reason,
        "checks": kept["checks"],
        "record": kept,
        "message_id": message["id"] if message else None,
        "decided_at": now,
    }


def _write(db: Connection, plan: Plan, now: datetime) -> None:
    words = "Cancelled: a newer event of the same kind took its place."
    messages.cancel(db, plan.replaced, now, "replaced", words)
    decisions.add_all(db, plan.decisions)
    messages.add_all(db, list(plan.messages.values()))


def _cancel(db: Connection, batch: Sequence[Row], known: Gathered, now: datetime) -> None:
    """Cancel what waits for these events: an order ends the reminder of its cart or person."""
    rules = {
        live.row["id"]: live.document.cancel_on
        for lives in known.automations.values()
        for live in lives
        if live.document.cancel_on
    }
    types = {rule.event for cancel_on in rules.values() for rule in cancel_on}
    ending = [e for e in batch if e["type"] in types]
    if not ending:
        return
    waiting = messages.waiting_for(
        db,
        [e["workspace_id"] for e in ending],
        subjects=[e["subject"] for e in ending],
        carts=[e["cart"] for e in ending],
        phones=[e["phone"] for e in ending if e["phone"]],
    )
    ended: dict[str, list[UUID]] = {}
    for event in ending:
        for message in waiting:
            for rule in rules.get(message["automation_id"], ()):
                if rule.event == event["type"] and cancels(event, message, rule.same):
                    ended.setdefault(rule.event, []).append(message["id"])
    for what, ids in ended.items():
        words = f"Cancelled: {happening(what)} meanwhile, so it is no longer needed."
        messages.cancel(db, ids, now, "cancelled", words)

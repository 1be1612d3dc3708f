"""The rows that a decision causes: its own, and the message's."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hub.automations.asked import Asked
from hub.automations.bookings import about_booking, clock_of
from hub.automations.facts import Facts, Verdict
from hub.automations.gathered import Gathered
from hub.automations.merchants import Merchant
from hub.automations.records import kept_checks, record
from hub.automations.wordings import channel_of
from hub.contract import Connector
from hub.store.database import Row, new_id

Connectors = Mapping[str, Connector]


def _source(merchant: Merchant, event: Row, connectors: Connectors) -> tuple[str, UUID | None]:
    """Where the event comes from: the shop's language, and whom to tell of what becomes of the
    message."""
    row = merchant.connections.get(event["connection_id"])
    connector = connectors.get(row["connector"]) if row else None
    target = connector.target if connector else None
    told = row["id"] if row and target and target.takes(event["subject"]) else None
    return (row["language"] if row else ""), told


def message_row(
    one: Asked, facts: Facts, verdict: Verdict, known: Gathered, connectors: Connectors
) -> dict[str, Any]:
    """The message to be planned; its decision is named once that has an id."""
    event, live = one.event, one.live
    merchant = known.merchants[event["workspace_id"]]
    shop, template = merchant.shop, merchant.templates[live.document.template]
    language, told = _source(merchant, event, connectors)
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
        "channel": channel_of(template, verdict.variant),
        "variant": verdict.variant,
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


def decision_row(
    one: Asked, facts: Facts, verdict: Verdict, message: dict[str, Any] | None
) -> dict[str, Any]:
    """What was decided, with its whole record; it names itself in the message."""
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
        "checks": kept_checks(verdict),
        "record": kept,
        "message_id": message["id"] if message else None,
        "decided_at": facts.now,
    }

"""A message asked for by name, through the API: the same checks, the same record, without an
automation."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.checks import decide
from hub.automations.document import Automation
from hub.automations.facts import Facts, Verdict
from hub.automations.gather import gather
from hub.automations.records import kept_checks, record
from hub.automations.stand_ins import direct, stand_in
from hub.automations.timing import leaves_at
from hub.automations.wordings import channel_of
from hub.store import decisions, messages, templates, workspaces
from hub.store.database import Row, new_id
from hub.store.numbers import Number


class NoSuchTemplate(ValueError):
    """The workspace has no template of that name."""


def ask_for(
    db: Connection,
    workspace_id: UUID,
    *,
    template: str,
    number: Number,
    variables: Mapping[str, Any],
    language: str,
    now: datetime,
    source_id: UUID | None = None,
    subject: str = "",
) -> tuple[UUID, UUID | None, Verdict]:
    """Decide, and plan the message if every check says yes: (decision, message or None, verdict).

    Raises NoSuchTemplate.
    """
    found = templates.get(db, workspace_id, template)
    shop = workspaces.get(db, workspace_id)
    if found is None or shop is None:
        raise NoSuchTemplate(f"There is no template «{template}» in this workspace.")
    message = _message(found, shop, number, language, variables, now)
    message |= {"source_id": source_id, "subject": subject}
    document, facts, verdict = _decided(db, message, found, now)
    sends = verdict.action == "send"
    kept = record(document, facts, verdict, "decide")
    made = {
        "id": message["decision_id"],
        "workspace_id": workspace_id,
        "event_id": None,
        "automation_id": None,
        "version": None,
        "phone": number.token,
        "action": verdict.action,
        "reason": verdict.reason,
        "checks": kept_checks(verdict),
        "record": kept,
        "message_id": message["id"] if sends else None,
        "decided_at": now,
    }
    decisions.add_all(db, [made])
    if sends:
        messages.add_all(db, [message | _state(verdict, now)])
    return made["id"], made["message_id"], verdict


def _decided(
    db: Connection, message: Mapping[str, Any], template: Row, now: datetime
) -> tuple[Automation, Facts, Verdict]:
    event: Any = stand_in(message)
    known = gather(db, [event], now)
    live = direct(template["slug"], template["kind"])
    facts = known.facts(event, live, now)
    who = (message["workspace_id"], message["phone"])
    leaves = leaves_at(live.document, facts)
    facts = replace(facts, caps=known.counted(who, known.sent.get(who, ()), leaves))
    return live.document, facts, decide(live.document, facts)


def _state(verdict: Verdict, now: datetime) -> dict[str, Any]:
    return {
        "state": "held" if verdict.held else "scheduled",
        "reason": "window" if verdict.held else "",
        "sentence": verdict.sentence,
        "due_at": verdict.due_at or now,
    }


def _message(
    template: Row,
    shop: Row,
    number: Number,
    language: str,
    variables: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "workspace_id": shop["id"],
        "decision_id": new_id(),
        "event_id": None,
        "automation_id": None,
        "template_id": template["id"],
        "template_version": template["version"],
        "kind": template["kind"],
        "channel": channel_of(template, ""),
        "phone": number.token,
        "language": language or shop["language"],
        "zone": shop["zone"],
        "variables": {"brand": shop["brand"], **variables},
        "once_key": None,
        "cart": "",
        "sender": "",
        "record": "",
        "created_at": now,
        "changed_at": now,
    }

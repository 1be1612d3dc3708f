"""A message asked for by name, through the API: the same checks, the same record, without an
automation."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.checks import decide
from hub.automations.facts import Verdict
from hub.automations.gather import gather
from hub.automations.records import record
from hub.automations.stand_ins import direct, stand_in
from hub.contract import Phone
from hub.store import decisions, messages, templates, workspaces
from hub.store.database import new_id


class NoSuchTemplate(ValueError):
    """The workspace has no template of that name."""


def ask_for(
    db: Connection,
    workspace_id: UUID,
    *,
    template: str,
    phone: Phone,
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
    message = {
        "id": new_id(),
        "workspace_id": workspace_id,
        "decision_id": new_id(),
        "event_id": None,
        "automation_id": None,
        "template_id": found["id"],
        "template_version": found["version"],
        "kind": found["kind"],
        "channel": "sms",
        "phone": phone.e164,
        "language": language or shop["language"],
        "zone": shop["zone"],
        "variables": {"brand": shop["brand"], **variables},
        "once_key": None,
        "cart": "",
        "sender": "",
        "source_id": source_id,
        "subject": subject,
        "record": "",
        "created_at": now,
        "changed_at": now,
    }
    event: Any = stand_in(message)  # type: ignore[arg-type]
    known = gather(db, [event], now)
    live = direct(template, found["kind"])
    others = known.marketing.get((workspace_id, phone.e164), 0)
    facts = known.facts(event, live, now, recent_marketing=others)
    verdict = decide(live.document, facts)
    sends = verdict.action == "send"
    made = {
        "id": message["decision_id"],
        "workspace_id": workspace_id,
        "event_id": None,
        "automation_id": None,
        "version": None,
        "phone": phone.e164,
        "action": verdict.action,
        "reason": verdict.reason,
        "checks": (kept := record(live.document, facts, verdict, "decide"))["checks"],
        "record": kept,
        "message_id": message["id"] if sends else None,
        "decided_at": now,
    }
    decisions.add_all(db, [made])
    if sends:
        held = verdict.held
        message |= {
            "state": "held" if held else "scheduled",
            "reason": "window" if held else "",
            "sentence": verdict.sentence,
            "due_at": verdict.due_at or now,
        }
        messages.add_all(db, [message])
    return made["id"], made["message_id"], verdict

"""What stands for an automation, or for an event, where a message was asked for without one."""

import re
from typing import Any

from hub.automations.document import Automation
from hub.automations.gathered import Gathered
from hub.automations.merchants import Live
from hub.store.database import Row

DIRECT = "workflow.requested"
_LONGEST_SLUG = 80
_ROW: Any = {"id": None, "version": None, "state": "live", "live_since": None}


def direct(template: str, kind: str) -> Live:
    """An automation that sends this template at once, whatever its state."""
    return Live(_ROW, Automation("Direct", DIRECT, template, kind))


def asked_by(event: Row, known: Gathered) -> Live | None:
    """What a workflow's event asks for by the name of a template; None where it names none."""
    named = event["data"].get("template") if event["type"] == DIRECT else None
    if not isinstance(named, str) or not named.strip():
        return None
    slug = as_slug(named)
    template = known.merchants[event["workspace_id"]].templates.get(slug)
    return direct(slug, template["kind"] if template else "transactional")


def as_slug(name: str) -> str:
    """A name as templates are called: «Win Back!» is win-back."""
    words = re.findall(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", name.casefold()[:_LONGEST_SLUG])
    return "-".join(words)[:_LONGEST_SLUG].rstrip("-_") or "unnamed"


def stand_in(message: Row) -> Any:
    """An event's shape for a message that no event caused."""
    return {
        "id": None,
        "workspace_id": message["workspace_id"],
        "connection_id": message["source_id"],
        "type": DIRECT,
        "key": str(message["id"]),
        "subject": message["subject"],
        "cart": message["cart"],
        "occurred_at": message["created_at"],
        "received_at": message["created_at"],
        "data": message["variables"],
        "person": {},  # what is known of the number itself says the rest
        "phone": message["phone"],
    }

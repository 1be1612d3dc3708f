"""What a key's owner did leaves a line in the audit chain: the route, whose rows, which fields. No
values, and no numbers of people."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store import audit
from hub.web.api.routes import Answer, Ask, Route

_PERSONAL = frozenset({"phone"})  # parts of an address that name a person


def leaves_one(route: Route) -> bool:
    """Whether a route changes how the hub works, or shows what only its owner may see. Events and
    messages are rows of their own, with the same facts."""
    return route.scope == "manage"


def leave(
    db: Connection, key_id: UUID, route: Route, ask: Ask, path: Mapping[str, str], answer: Answer
) -> None:
    """The line for what was just done."""
    detail: dict[str, Any] = {"status": answer.status}
    if isinstance(ask.body, dict):
        detail["fields"] = sorted(ask.body)[:50]
    audit.note(
        db,
        ask.ground.clock(),
        f"key:{key_id}",
        route.name,
        _object(path, answer),
        workspace_id=ask.workspace_id,
        detail=detail,
    )


def _object(path: Mapping[str, str], answer: Answer) -> str:
    named = [value for name, value in path.items() if name not in _PERSONAL]
    made = answer.body.get("id") if isinstance(answer.body, dict) else None
    return "/".join(named) or str(made or "")

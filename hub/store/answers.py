"""Answers: all that the automations answered to a batch of events, kept in one statement."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store import causes, decisions, events, messages
from hub.store.database import jsonb, run


def keep(
    db: Connection,
    ids: Sequence[UUID],
    made: Sequence[Mapping[str, Any]],
    planned: Sequence[Mapping[str, Any]],
) -> None:
    """These events are decided; the decisions made of them, and the messages planned."""
    if not made:
        events.decided(db, ids)
        return
    run(
        db,
        f"WITH done AS ({events.DECIDED}), planned AS ({messages.ADD}) {decisions.ADD}",
        decided=list(ids),
        planned=jsonb(list(planned)),
        made=jsonb(list(made)),
        **causes.LIMITS,
    )

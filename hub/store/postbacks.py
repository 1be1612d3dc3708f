"""Postbacks: the ids that a tapped suggestion brings back. Only those issued here mean anything."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, rows, run


def new_token() -> str:
    """An id for one suggestion; nobody can guess another's."""
    return secrets.token_urlsafe(12)


def add_all(db: Connection, issued: Sequence[Mapping[str, Any]]) -> None:
    """Keep what was issued: {token, workspace_id, message_id, kind, word}."""
    if not issued:
        return
    run(
        db,
        """INSERT INTO postbacks (token, workspace_id, message_id, kind, word)
           SELECT token, workspace_id, message_id, kind, word
           FROM jsonb_to_recordset(:issued) AS p(token text, workspace_id uuid, message_id uuid,
               kind text, word text)""",
        issued=jsonb(list(issued)),
    )


def by_tokens(db: Connection, tokens: Sequence[str]) -> dict[str, Row]:
    """What these ids stand for, with the phone that each was sent to; unknown ones are missing."""
    wanted = [token for token in tokens if token and "\x00" not in token]
    if not wanted:
        return {}
    found = rows(
        db,
        """SELECT p.*, m.phone FROM postbacks p JOIN messages m ON m.id = p.message_id
           WHERE p.token = ANY(:tokens)""",
        tokens=wanted,
    )
    return {r["token"]: r for r in found}

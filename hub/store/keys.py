"""API keys (only their hash is kept) and the answers given to idempotent requests."""

import hashlib
import secrets as random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, new_id, row, rows, run

# What a key may do; «numbers» is to see phone numbers whole.
SCOPES = ("read", "events", "messages", "manage", "numbers")
_ONCE = timedelta(hours=1)


def make(db: Connection, workspace_id: UUID, name: str, scopes: Sequence[str]) -> str:
    """A new key, shown this once: `rls_<prefix>_<secret>`, 256 bits of secret."""
    prefix, secret = random.token_hex(6), random.token_urlsafe(32)
    run(
        db,
        """INSERT INTO api_keys (id, workspace_id, name, prefix, secret_hash, scopes)
           VALUES (:id, :workspace_id, :name, :prefix, :hash, :scopes)""",
        id=new_id(),
        workspace_id=workspace_id,
        name=name,
        prefix=prefix,
        hash=_hash(secret),
        scopes=list(scopes),
    )
    return f"rls_{prefix}_{secret}"


def listed(db: Connection, workspace_id: UUID) -> Sequence[Row]:
    """A workspace's keys, those that stand first, newest first; never their secrets."""
    return rows(
        db,
        """SELECT id, name, prefix, scopes, created_at, used_at, revoked_at FROM api_keys
           WHERE workspace_id = :workspace_id ORDER BY revoked_at DESC NULLS FIRST, id DESC
           LIMIT 500""",
        workspace_id=workspace_id,
    )


def one(db: Connection, workspace_id: UUID, key_id: UUID) -> Row | None:
    """A key of this workspace that stands."""
    return row(
        db,
        """SELECT id, name, prefix, scopes, created_at, used_at FROM api_keys
           WHERE id = :id AND workspace_id = :workspace_id AND revoked_at IS NULL""",
        id=key_id,
        workspace_id=workspace_id,
    )


def revoke(db: Connection, prefix: str) -> Row | None:
    """End a key, by the part between its first two `_`; None where no such key stands."""
    return row(
        db,
        """UPDATE api_keys SET revoked_at = now() WHERE prefix = :prefix AND revoked_at IS NULL
           RETURNING id, workspace_id, name""",
        prefix=prefix,
    )


def owner_of(db: Connection, key: str) -> Row | None:
    """The key's workspace and scopes, if it is one of ours and not revoked."""
    kind, _, rest = key.partition("_")
    prefix, _, secret = rest.partition("_")
    if kind != "rls" or not secret:
        return None
    found = row(
        db,
        """SELECT id, workspace_id, scopes, secret_hash, used_at FROM api_keys
           WHERE prefix = :prefix AND revoked_at IS NULL""",
        prefix=prefix,
    )
    if found is None or not random.compare_digest(bytes(found["secret_hash"]), _hash(secret)):
        return None
    return found


def used(db: Connection, owner: Row, now: datetime) -> None:
    """It was used; said once an hour, so that a key that nobody uses can be told."""
    if owner["used_at"] is None or now - owner["used_at"] > _ONCE:
        run(db, "UPDATE api_keys SET used_at = :now WHERE id = :id", id=owner["id"], now=now)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def begin_answer(db: Connection, workspace_id: UUID, key: str, fingerprint: bytes) -> Row | None:
    """Claim an Idempotency-Key; None when it is ours to answer, else what stands under it.

    A second request with the key waits here until the first has committed.
    """
    made = run(
        db,
        """INSERT INTO idempotency (workspace_id, key, fingerprint)
           VALUES (:workspace_id, :key, :fingerprint) ON CONFLICT DO NOTHING""",
        workspace_id=workspace_id,
        key=key,
        fingerprint=fingerprint,
    )
    if made:
        return None
    return row(
        db,
        """SELECT fingerprint, status, answer FROM idempotency
           WHERE workspace_id = :workspace_id AND key = :key""",
        workspace_id=workspace_id,
        key=key,
    )


def forget_answers(db: Connection, before: datetime) -> int:
    """Answers this old are asked for again by nobody. How many were forgotten."""
    return run(db, "DELETE FROM idempotency WHERE created_at < :before", before=before)


def keep_answer(
    db: Connection, workspace_id: UUID, key: str, status: int, answer: Mapping[str, Any]
) -> None:
    """What was answered, to be answered again."""
    run(
        db,
        """UPDATE idempotency SET status = :status, answer = :answer
           WHERE workspace_id = :workspace_id AND key = :key""",
        workspace_id=workspace_id,
        key=key,
        status=status,
        answer=jsonb(dict(answer)),
    )

"""Sessions: browsers that are signed in. Rows have the hash of a token; the token is in the cookie
alone."""

import hashlib
import secrets as random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, new_id, row, rows, run

LASTS = timedelta(days=14)  # however much it is used
IDLE = timedelta(days=2)  # without a request
CODE_WITHIN = timedelta(minutes=10)  # for the second factor
_SEEN_EVERY = timedelta(minutes=1)


def begin(
    db: Connection,
    user_id: UUID,
    *,
    stage: str,
    at_workspace: UUID | None,
    agent: str,
    network: str,
    now: datetime,
) -> str:
    """A new one; its token, which is told this once."""
    token = random.token_urlsafe(32)
    run(
        db,
        """INSERT INTO sessions (id, token_hash, user_id, stage, at_workspace, agent, network,
               created_at, seen_at, confirmed_at, expires_at)
           VALUES (:id, :hash, :user_id, :stage, :at, :agent, :network, :now, :now, :now, :ends)""",
        id=new_id(),
        hash=hashed(token),
        user_id=user_id,
        stage=stage,
        at=at_workspace,
        agent=agent[:300],
        network=network[:64],
        now=now,
        ends=now + (LASTS if stage == "in" else CODE_WITHIN),
    )
    return token


def of_token(db: Connection, token: str, now: datetime) -> Row | None:
    """The session of a cookie, its user beside it and the role they have where they are now (in a
    sandbox: in the workspace it belongs to); None once it has ended. That it was seen is noted,
    once a minute."""
    found = row(
        db,
        """SELECT s.id, s.user_id, s.stage, s.at_workspace, s.confirmed_at, s.seen_at, u.email,
               u.name, u.language, u.theme, u.totp <> '' AS has_totp, m.role, w.name AS workspace,
               w.zone, w.testing, w.sandbox_of, w.sandbox_of IS NOT NULL AS is_sandbox,
               w.clock_ahead
           FROM sessions s JOIN users u ON u.id = s.user_id AND u.disabled_at IS NULL
           LEFT JOIN workspaces here ON here.id = s.at_workspace
           LEFT JOIN members m ON m.user_id = s.user_id
               AND m.workspace_id = coalesce(here.sandbox_of, here.id)
           LEFT JOIN workspaces w ON w.id = here.id AND m.user_id IS NOT NULL
           WHERE s.token_hash = :hash AND s.expires_at > :now AND s.seen_at > :idle""",
        hash=hashed(token),
        now=now,
        idle=now - IDLE,
    )
    if found is not None and now - found["seen_at"] >= _SEEN_EVERY:
        run(db, "UPDATE sessions SET seen_at = :now WHERE id = :id", now=now, id=found["id"])
    return found


def of_user(db: Connection, user_id: UUID, now: datetime) -> Sequence[Row]:
    """A user's browsers that are signed in, the one used last first."""
    return rows(
        db,
        """SELECT id, agent, network, created_at, seen_at FROM sessions
           WHERE user_id = :id AND stage = 'in' AND expires_at > :now AND seen_at > :idle
           ORDER BY seen_at DESC""",
        id=user_id,
        now=now,
        idle=now - IDLE,
    )


def move(db: Connection, session_id: UUID, workspace_id: UUID) -> None:
    """From now on it looks at this workspace."""
    sql = "UPDATE sessions SET at_workspace = :at WHERE id = :id"
    run(db, sql, id=session_id, at=workspace_id)


def move_all(db: Connection, there: UUID, workspace_id: UUID) -> None:
    """Whoever looks at one workspace looks at another from now on."""
    sql = "UPDATE sessions SET at_workspace = :at WHERE at_workspace = :there"
    run(db, sql, there=there, at=workspace_id)


def confirm(db: Connection, session_id: UUID, now: datetime) -> None:
    """The password was given again in it."""
    run(db, "UPDATE sessions SET confirmed_at = :now WHERE id = :id", id=session_id, now=now)


def end(db: Connection, user_id: UUID, session_id: UUID) -> bool:
    """End one of a user's; False where it is not theirs."""
    sql = "DELETE FROM sessions WHERE id = :id AND user_id = :user_id"
    return run(db, sql, id=session_id, user_id=user_id) > 0


def end_all(db: Connection, user_id: UUID, but: UUID | None = None) -> int:
    """End all of a user's, but for one; how many."""
    return run(
        db,
        """DELETE FROM sessions WHERE user_id = :user_id
           AND (CAST(:but AS uuid) IS NULL OR id <> :but)""",
        user_id=user_id,
        but=but,
    )


def forget(db: Connection, now: datetime) -> int:
    """Those that have ended; how many."""
    sql = "DELETE FROM sessions WHERE expires_at < :now OR seen_at < :idle"
    return run(db, sql, now=now, idle=now - IDLE)


def hashed(token: str) -> bytes:
    """What stands in rows for a token."""
    return hashlib.sha256(token.encode()).digest()

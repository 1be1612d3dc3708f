"""Invitations into a workspace's team: a link that works once, for some days."""

import secrets as random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, new_id, row, rows, run
from hub.store.sessions import hashed

LASTS = timedelta(days=7)


def add(
    db: Connection, workspace_id: UUID, email: str, role: str, invited_by: UUID, now: datetime
) -> str:
    """Invite somebody; the token of the link, told this once. Earlier ones to the same address
    end."""
    withdraw_all(db, workspace_id, email)
    token = random.token_urlsafe(32)
    run(
        db,
        """INSERT INTO invitations (id, workspace_id, email, role, token_hash, invited_by,
               created_at, expires_at)
           VALUES (:id, :workspace_id, :email, :role, :hash, :by, :now, :ends)""",
        id=new_id(),
        workspace_id=workspace_id,
        email=email.lower(),
        role=role,
        hash=hashed(token),
        by=invited_by,
        now=now,
        ends=now + LASTS,
    )
    return token


def open_for(db: Connection, token: str, now: datetime) -> Row | None:
    """The invitation of a link, with the workspace's name and who invited; None once it ended."""
    return row(
        db,
        """SELECT i.*, w.name AS workspace, u.name AS inviter FROM invitations i
           JOIN workspaces w ON w.id = i.workspace_id LEFT JOIN users u ON u.id = i.invited_by
           WHERE i.token_hash = :hash AND i.used_at IS NULL AND i.expires_at > :now""",
        hash=hashed(token),
        now=now,
    )


def use(db: Connection, invitation_id: UUID, now: datetime) -> bool:
    """Use it up; False where somebody has already."""
    sql = "UPDATE invitations SET used_at = :now WHERE id = :id AND used_at IS NULL"
    return run(db, sql, id=invitation_id, now=now) > 0


def listed(db: Connection, workspace_id: UUID, now: datetime) -> Sequence[Row]:
    """Those that nobody has used yet, newest first."""
    return rows(
        db,
        """SELECT id, email, role, created_at, expires_at FROM invitations
           WHERE workspace_id = :id AND used_at IS NULL AND expires_at > :now
           ORDER BY created_at DESC""",
        id=workspace_id,
        now=now,
    )


def withdraw(db: Connection, workspace_id: UUID, invitation_id: UUID) -> bool:
    """Take one back; False where it is not there."""
    sql = "DELETE FROM invitations WHERE workspace_id = :w AND id = :id AND used_at IS NULL"
    return run(db, sql, w=workspace_id, id=invitation_id) > 0


def withdraw_all(db: Connection, workspace_id: UUID, email: str) -> None:
    """Take back every open one to this address."""
    sql = "DELETE FROM invitations WHERE workspace_id = :w AND email = :email AND used_at IS NULL"
    run(db, sql, w=workspace_id, email=email.lower())

"""Connections: a workspace's installed connectors, their secrets sealed."""

import secrets as random
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, new_id, row, rows, run
from hub.store.secrets import Vault


def add(
    db: Connection,
    vault: Vault,
    *,
    workspace_id: UUID,
    connector: str,
    settings: Mapping[str, str],
    secrets: Mapping[str, str],
    grant_state: str | None = None,
) -> UUID:
    """A connection that is being installed; its address is made here and never guessable."""
    made = new_id()
    run(
        db,
        """INSERT INTO connections (id, workspace_id, connector, state, settings, secrets,
               hook_token, grant_state)
           VALUES (:id, :workspace_id, :connector, 'installing', :settings, :secrets, :token,
               :grant_state)""",
        id=made,
        workspace_id=workspace_id,
        connector=connector,
        settings=jsonb(dict(settings)),
        secrets=vault.seal(secrets, made),
        token=random.token_urlsafe(24),
        grant_state=grant_state,
    )
    return made


def get(db: Connection, workspace_id: UUID, connection_id: UUID) -> Row | None:
    """One connection of this workspace."""
    return row(
        db,
        "SELECT * FROM connections WHERE id = :id AND workspace_id = :workspace_id",
        id=connection_id,
        workspace_id=workspace_id,
    )


def by_ids(db: Connection, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Several at once, by id; the pipeline's own view, across workspaces."""
    found = rows(db, "SELECT * FROM connections WHERE id = ANY(:ids)", ids=list(set(ids)))
    return {r["id"]: r for r in found}


def by_token(db: Connection, connector: str, token: str) -> Row | None:
    """The connection a delivery's address belongs to."""
    return row(
        db,
        """SELECT * FROM connections
           WHERE hook_token = :token AND connector = :connector AND state <> 'removed'""",
        token=token,
        connector=connector,
    )


def by_grant(db: Connection, grant_state: str) -> Row | None:
    """The installation that waits for a vendor's consent page; each state works once."""
    return row(db, "SELECT * FROM connections WHERE grant_state = :s FOR UPDATE", s=grant_state)


def listed(db: Connection, workspace_id: UUID) -> Sequence[Row]:
    """A workspace's connections, oldest first."""
    return rows(
        db,
        """SELECT * FROM connections
           WHERE workspace_id = :workspace_id AND state <> 'removed' ORDER BY id""",
        workspace_id=workspace_id,
    )


def active(db: Connection, workspace_ids: Sequence[UUID], connectors: Sequence[str]) -> list[Row]:
    """The active connections of these connectors in these workspaces, oldest first."""
    return list(
        rows(
            db,
            """SELECT * FROM connections WHERE state IN ('active', 'attention')
               AND workspace_id = ANY(:workspaces) AND connector = ANY(:connectors) ORDER BY id""",
            workspaces=list(set(workspace_ids)),
            connectors=list(connectors),
        )
    )


def activate(
    db: Connection,
    connection_id: UUID,
    *,
    label: str,
    vendor_state: Mapping[str, Any],
    poll_due_at: datetime | None,
    check_due_at: datetime | None,
) -> None:
    """Checked and subscribed: from now on it works."""
    run(
        db,
        """UPDATE connections SET state = 'active', label = :label, vendor_state = :vendor_state,
               problem = '', grant_state = NULL, poll_due_at = :poll, check_due_at = :check
           WHERE id = :id""",
        id=connection_id,
        label=label,
        vendor_state=jsonb(dict(vendor_state)),
        poll=poll_due_at,
        check=check_due_at,
    )


def keep_secrets(
    db: Connection, vault: Vault, connection_id: UUID, secrets: Mapping[str, str]
) -> None:
    """New credentials, in place of the old."""
    run(
        db,
        "UPDATE connections SET secrets = :sealed WHERE id = :id",
        sealed=vault.seal(secrets, connection_id),
        id=connection_id,
    )


def needs_attention(db: Connection, connection_id: UUID, problem: str) -> None:
    """A person must act; the words are what they read."""
    changed = run(
        db,
        """UPDATE connections SET state = 'attention', problem = :problem
           WHERE id = :id AND state <> 'removed' AND problem <> :problem""",
        id=connection_id,
        problem=problem,
    )
    if changed:
        note(db, connection_id, problem)


def recovered(db: Connection, connection_id: UUID) -> None:
    """It works again: what needed a person no longer does."""
    run(
        db,
        """UPDATE connections SET state = 'active', problem = '', paused_until = NULL
           WHERE id = :id AND state = 'attention'""",
        id=connection_id,
    )


def pause(db: Connection, connection_id: UUID, until: datetime) -> None:
    """No call before then: the vendor asked for it, or nothing can succeed."""
    run(
        db,
        "UPDATE connections SET paused_until = :until WHERE id = :id",
        id=connection_id,
        until=until,
    )


def keep_cursor(db: Connection, connection_id: UUID, cursor: str, due_at: datetime) -> None:
    """Where the next poll starts, and when."""
    run(
        db,
        "UPDATE connections SET cursor = :cursor, poll_due_at = :due WHERE id = :id",
        id=connection_id,
        cursor=cursor,
        due=due_at,
    )


def due_again(db: Connection, connection_id: UUID, at: datetime) -> None:
    """The next poll, after one that failed."""
    run(db, "UPDATE connections SET poll_due_at = :at WHERE id = :id", id=connection_id, at=at)


def grant_used(db: Connection, connection_id: UUID, now: datetime) -> None:
    """The consent page's state has served; the next look finishes the installation."""
    run(
        db,
        "UPDATE connections SET grant_state = NULL, check_due_at = :now WHERE id = :id",
        id=connection_id,
        now=now,
    )


def look_again(db: Connection, connection_id: UUID, at: datetime) -> None:
    """When its health is looked at next."""
    run(db, "UPDATE connections SET check_due_at = :at WHERE id = :id", id=connection_id, at=at)


def ring(db: Connection, connection_id: UUID, now: datetime) -> None:
    """A doorbell rang: poll at once."""
    run(
        db,
        "UPDATE connections SET poll_due_at = least(poll_due_at, :now) WHERE id = :id",
        id=connection_id,
        now=now,
    )


def keep_vendor_state(
    db: Connection, connection_id: UUID, state: Mapping[str, Any], check_due_at: datetime
) -> None:
    """The subscriptions as they stand, and when to look again."""
    run(
        db,
        """UPDATE connections SET vendor_state = :state, check_due_at = :due WHERE id = :id""",
        id=connection_id,
        state=jsonb(dict(state)),
        due=check_due_at,
    )


def claim_due(db: Connection, column: str, now: datetime, until: datetime) -> list[UUID]:
    """Connections whose poll or check is due, each handed to one worker until then."""
    if column not in ("poll_due_at", "check_due_at"):
        raise ValueError(column)
    found = rows(
        db,
        f"""UPDATE connections SET {column} = :until WHERE id IN (
               SELECT id FROM connections WHERE {column} <= :now
               AND state <> 'removed' AND coalesce(paused_until, :now) <= :now
               ORDER BY {column} FOR UPDATE SKIP LOCKED LIMIT 20)
           RETURNING id""",  # noqa: S608 - the column is one of two literals
        now=now,
        until=until,
    )
    return [r["id"] for r in found]


def remove(db: Connection, connection_id: UUID) -> None:
    """Uninstalled: no more deliveries, no secrets kept; what it brought stays."""
    run(
        db,
        """UPDATE connections SET state = 'removed', secrets = NULL, poll_due_at = NULL,
               check_due_at = NULL, grant_state = NULL WHERE id = :id""",
        id=connection_id,
    )


def note(db: Connection, connection_id: UUID, words: str) -> None:
    """A line in the connection's diary, for the merchant."""
    run(
        db,
        "INSERT INTO connection_notes (id, connection_id, words) VALUES (:id, :connection, :words)",
        id=new_id(),
        connection=connection_id,
        words=words,
    )


def notes(db: Connection, connection_id: UUID) -> Sequence[Row]:
    """The diary, newest first."""
    return rows(
        db,
        """SELECT at, words FROM connection_notes WHERE connection_id = :id
           ORDER BY id DESC LIMIT 50""",
        id=connection_id,
    )

"""Connections: a workspace's installed connectors, their secrets sealed."""

import secrets as random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, new_id, row, rows, run
from hub.store.sealing import Vault, place


def add(
    db: Connection,
    vault: Vault,
    *,
    workspace_id: UUID,
    connector: str,
    settings: Mapping[str, str],
    secrets: Mapping[str, str],
    grant_state: str | None = None,
    way: str = "",
    app: Row | None = None,
    simulator: int = 0,
) -> UUID:
    """A connection that is being installed; its address is made here and never guessable. In a
    sandbox `simulator` is the port where its vendor is played."""
    made = new_id()
    run(
        db,
        """INSERT INTO connections (id, workspace_id, connector, state, settings, secrets,
               hook_token, grant_state, way, app_id, app_token, simulator)
           VALUES (:id, :workspace_id, :connector, 'installing', :settings, :secrets, :token,
               :grant_state, :way, :app_id, :app_token, CAST(:simulator AS int))""",
        id=made,
        workspace_id=workspace_id,
        connector=connector,
        settings=jsonb(dict(settings)),
        secrets=vault.seal_secrets(secrets, _place(workspace_id, made)),
        token=random.token_urlsafe(24),
        grant_state=grant_state,
        way=way,
        app_id=app["id"] if app else None,
        app_token=app["hook_token"] if app else "",
        simulator=simulator or None,
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
    """The connection a delivery's address belongs to; `ahead` is how far its clock is."""
    return row(
        db,
        """SELECT c.*, w.clock_ahead AS ahead FROM connections c
           JOIN workspaces w ON w.id = c.workspace_id
           WHERE c.hook_token = :token AND c.connector = :connector AND c.state <> 'removed'""",
        token=token,
        connector=connector,
    )


def by_grant(db: Connection, grant_state: str) -> Row | None:
    """The installation that waits for a vendor's consent page; each state works once."""
    return row(db, "SELECT * FROM connections WHERE grant_state = :s FOR UPDATE", s=grant_state)


def of_app(db: Connection, app_id: UUID, accounts: Sequence[str]) -> Sequence[Row]:
    """The connections of these vendor accounts that were made through one app."""
    return rows(
        db,
        """SELECT * FROM connections
           WHERE app_id = :app_id AND account = ANY(:accounts) AND state <> 'removed'
           ORDER BY id""",
        app_id=app_id,
        accounts=list(accounts),
    )


def oldest_of_app(db: Connection, app_id: UUID) -> Sequence[Row]:
    """The first connection that was made through one app and still stands, if any."""
    return rows(
        db,
        """SELECT * FROM connections WHERE app_id = :app_id AND state <> 'removed'
           ORDER BY id LIMIT 1""",
        app_id=app_id,
    )


def twins(db: Connection, connection: Row, account: str) -> Sequence[Row]:
    """Other connections of this workspace to the same account of the same vendor."""
    return rows(
        db,
        """SELECT * FROM connections WHERE workspace_id = :workspace_id AND connector = :connector
           AND account = :account AND account <> '' AND id <> :id AND state <> 'removed'""",
        workspace_id=connection["workspace_id"],
        connector=connection["connector"],
        account=account,
        id=connection["id"],
    )


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
    vendor_state: Mapping[str, Any],
    poll_due_at: datetime | None,
    check_due_at: datetime | None,
    gather: timedelta = timedelta(0),
) -> None:
    """Checked and subscribed: from now on it works."""
    run(
        db,
        """UPDATE connections SET state = 'active', vendor_state = :vendor_state,
               problem = '', signed_out = false, grant_state = NULL, poll_due_at = :poll,
               check_due_at = :check, gather = :gather
           WHERE id = :id""",
        id=connection_id,
        gather=gather,
        vendor_state=jsonb(dict(vendor_state)),
        poll=poll_due_at,
        check=check_due_at,
    )


def keep_secrets(
    db: Connection,
    vault: Vault,
    connection: Row,
    secrets: Mapping[str, str],
    expires_at: datetime | None = None,
) -> None:
    """New credentials, in place of the old; whoever was signed out is in again."""
    run(
        db,
        """UPDATE connections SET secrets = :sealed, expires_at = :expires_at, signed_out = false
           WHERE id = :id""",
        sealed=vault.seal_secrets(secrets, _place(connection["workspace_id"], connection["id"])),
        expires_at=expires_at,
        id=connection["id"],
    )


def secrets_of(vault: Vault, connection: Row) -> dict[str, str]:
    """A connection's credentials. Raises CannotUnseal."""
    where = _place(connection["workspace_id"], connection["id"])
    return vault.unseal_secrets(connection["secrets"], where)


def _place(workspace_id: UUID, connection_id: UUID) -> bytes:
    return place(workspace_id, "connections", "secrets", connection_id)


def keep_settings(db: Connection, connection_id: UUID, settings: Mapping[str, str]) -> None:
    """The form, filled in anew."""
    run(
        db,
        "UPDATE connections SET settings = :settings WHERE id = :id",
        settings=jsonb(dict(settings)),
        id=connection_id,
    )


def keep_cursor(
    db: Connection,
    connection_id: UUID,
    cursor: str,
    due_at: datetime,
    was: str | None = None,
) -> bool:
    """Where the next poll starts, and when. With `was` only if it still starts there: a poll under
    way must not undo what somebody asked for meanwhile. Whether it was kept."""
    return bool(
        run(
            db,
            """UPDATE connections SET cursor = :cursor, poll_due_at = :due
               WHERE id = :id AND (CAST(:was AS text) IS NULL OR cursor = :was)""",
            id=connection_id,
            cursor=cursor,
            due=due_at,
            was=was,
        )
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
               check_due_at = NULL, grant_state = NULL, problem = '', signed_out = false
           WHERE id = :id""",
        id=connection_id,
    )

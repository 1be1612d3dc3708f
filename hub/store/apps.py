"""Apps registered at a vendor: one address for all deliveries, one secret that signs them."""

import secrets as random
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, new_id, row, rows, run
from hub.store.sealing import Vault, place


def keep(
    db: Connection,
    vault: Vault,
    *,
    workspace_id: UUID | None,
    connector: str,
    secrets: Mapping[str, str],
) -> Row:
    """The app of this `client_id`, with these secrets from now on; without a workspace it is the
    operator's, for every merchant."""
    client_id = secrets["client_id"]
    known = _named(db, workspace_id, connector, client_id)
    if known is None:
        made = new_id()
        run(
            db,
            """INSERT INTO apps (id, workspace_id, connector, client_id, secrets, hook_token)
               VALUES (:id, :workspace_id, :connector, :client_id, :secrets, :token)
               ON CONFLICT DO NOTHING""",
            id=made,
            workspace_id=workspace_id,
            connector=connector,
            client_id=client_id,
            secrets=vault.seal_secrets(secrets, _place(workspace_id, made)),
            token=random.token_urlsafe(24),
        )
    else:
        run(
            db,
            "UPDATE apps SET secrets = :secrets WHERE id = :id",
            id=known["id"],
            secrets=vault.seal_secrets(secrets, _place(workspace_id, known["id"])),
        )
    kept = _named(db, workspace_id, connector, client_id)
    if kept is None:
        raise LookupError("The app was removed while it was kept.")
    return kept


def secrets_of(vault: Vault, app: Row) -> dict[str, str]:
    """An app's credentials. Raises CannotUnseal."""
    return vault.unseal_secrets(app["secrets"], _place(app["workspace_id"], app["id"]))


def _place(workspace_id: UUID | None, app_id: UUID) -> bytes:
    return place(workspace_id, "apps", "secrets", app_id)


def _named(db: Connection, workspace_id: UUID | None, connector: str, client_id: str) -> Row | None:
    return row(
        db,
        """SELECT * FROM apps WHERE workspace_id IS NOT DISTINCT FROM CAST(:workspace_id AS uuid)
           AND connector = :connector AND client_id = :client_id""",
        workspace_id=workspace_id,
        connector=connector,
        client_id=client_id,
    )


def usual(db: Connection, workspace_id: UUID, connector: str) -> Row | None:
    """The app a workspace signs in with: its own newest, else the operator's."""
    return row(
        db,
        """SELECT * FROM apps WHERE connector = :connector
           AND (workspace_id = :workspace_id OR workspace_id IS NULL)
           ORDER BY workspace_id NULLS LAST, id DESC LIMIT 1""",
        workspace_id=workspace_id,
        connector=connector,
    )


def by_token(db: Connection, connector: str, token: str) -> Row | None:
    """The app that a delivery's address belongs to; `ahead` is how far its workspace's clock is,
    where it `is_sandbox`."""
    return row(
        db,
        """SELECT a.*, w.sandbox_of IS NOT NULL AS is_sandbox,
               coalesce(w.clock_ahead, interval '0') AS ahead
           FROM apps a LEFT JOIN workspaces w ON w.id = a.workspace_id
           WHERE a.hook_token = :token AND a.connector = :connector""",
        token=token,
        connector=connector,
    )


def listed(db: Connection, workspace_id: UUID | None) -> list[Row]:
    """A workspace's apps, or the operator's; without their secrets."""
    return list(
        rows(
            db,
            """SELECT id, connector, client_id, hook_token, created_at FROM apps
               WHERE workspace_id IS NOT DISTINCT FROM CAST(:workspace_id AS uuid) ORDER BY id""",
            workspace_id=workspace_id,
        )
    )

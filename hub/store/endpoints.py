"""Endpoints: where a merchant's own program is told what happens, and how each stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, row, rows, run
from hub.store.sealing import Vault, place

MOST = 20  # endpoints in one workspace


@dataclass(frozen=True)
class Wanted:
    """What somebody wants an endpoint to be."""

    url: str
    types: Sequence[str]
    label: str = ""
    whole_numbers: bool = False


def listed(db: Connection, workspace_id: UUID) -> Sequence[Row]:
    """Those of a workspace, oldest first, but for the removed."""
    return rows(
        db,
        """SELECT * FROM endpoints WHERE workspace_id = :workspace_id AND state <> 'removed'
           ORDER BY id""",
        workspace_id=workspace_id,
    )


def one(db: Connection, workspace_id: UUID, endpoint_id: UUID, *, hold: bool = False) -> Row | None:
    """An endpoint of this workspace that is not removed; with `hold` nobody else changes it."""
    return row(
        db,
        f"""SELECT * FROM endpoints WHERE id = :id AND workspace_id = :workspace_id
            AND state <> 'removed' {"FOR UPDATE" if hold else ""}""",  # noqa: S608 - our own words
        id=endpoint_id,
        workspace_id=workspace_id,
    )


def by_id(db: Connection, endpoint_id: UUID) -> Row | None:
    """An endpoint as it stands: whether it is still to be told."""
    return row(db, "SELECT * FROM endpoints WHERE id = :id", id=endpoint_id)


def add(
    db: Connection, workspace_id: UUID, endpoint_id: UUID, wanted: Wanted, sealed: bytes,
    now: datetime,
) -> None:  # fmt: skip
    """Keep a new one, its secret sealed for it."""
    run(
        db,
        """INSERT INTO endpoints (id, workspace_id, url, label, types, whole_numbers, secret,
               created_at, changed_at)
           VALUES (:id, :workspace_id, :url, :label, :types, :whole, :sealed, :now, :now)""",
        id=endpoint_id,
        workspace_id=workspace_id,
        url=wanted.url,
        label=wanted.label,
        types=list(wanted.types),
        whole=wanted.whole_numbers,
        sealed=sealed,
        now=now,
    )


def change(db: Connection, endpoint_id: UUID, wanted: Wanted, now: datetime) -> None:
    """Write what it is wanted to be."""
    run(
        db,
        """UPDATE endpoints SET url = :url, label = :label, types = :types, whole_numbers = :whole,
               changed_at = :now WHERE id = :id""",
        id=endpoint_id,
        url=wanted.url,
        label=wanted.label,
        types=list(wanted.types),
        whole=wanted.whole_numbers,
        now=now,
    )


def rotate(db: Connection, endpoint: Row, sealed: bytes, old: bytes, until: datetime) -> None:
    """A new secret; the one before it, sealed for its new place, signs too until then."""
    run(
        db,
        "UPDATE endpoints SET secret = :new, old_secret = :old, old_until = :until WHERE id = :id",
        id=endpoint["id"],
        new=sealed,
        old=old,
        until=until,
    )


def set_state(db: Connection, endpoint_id: UUID, state: str, now: datetime) -> None:
    """on, paused or removed, at a person's word: what was wrong with it is forgotten."""
    run(
        db,
        """UPDATE endpoints SET state = :state, problem = '', failing_since = NULL,
               resting_until = NULL, changed_at = :now,
               secret = CASE WHEN :state = 'removed' THEN '' ELSE secret END,
               old_secret = CASE WHEN :state = 'removed' THEN '' ELSE old_secret END
           WHERE id = :id AND state <> 'removed'""",
        id=endpoint_id,
        state=state,
        now=now,
    )


def worked(db: Connection, endpoint_id: UUID, now: datetime) -> None:
    """It took what it was told."""
    run(
        db,
        """UPDATE endpoints SET told_at = :now, failing_since = NULL, resting_until = NULL,
               problem = '' WHERE id = :id""",
        id=endpoint_id,
        now=now,
    )


def failed(
    db: Connection, endpoint_id: UUID, problem: str, now: datetime, rest: datetime | None
) -> datetime:
    """It took nothing: since when it does so. It is left alone until `rest`."""
    found = row(
        db,
        """UPDATE endpoints SET failing_since = coalesce(failing_since, :now), problem = :problem,
               resting_until = :rest WHERE id = :id RETURNING failing_since""",
        id=endpoint_id,
        problem=problem,
        rest=rest,
        now=now,
    )
    since: datetime = found["failing_since"] if found else now
    return since


def switch_off(db: Connection, endpoint_id: UUID, problem: str, now: datetime) -> Row | None:
    """The hub's own doing: nothing more is kept for it. The row, where it was on."""
    return row(
        db,
        """UPDATE endpoints SET state = 'off', problem = :problem, changed_at = :now
           WHERE id = :id AND state = 'on' RETURNING *""",
        id=endpoint_id,
        problem=problem,
        now=now,
    )


def stop_telling(db: Connection, endpoint_id: UUID, until: datetime) -> None:
    """The worker that might tell it something until then is done; the next may."""
    run(
        db,
        "UPDATE endpoints SET telling_until = NULL WHERE id = :id AND telling_until = :until",
        id=endpoint_id,
        until=until,
    )


def in_trouble(db: Connection, workspace_id: UUID, since: datetime) -> Sequence[Row]:
    """Those that somebody should look at: switched off by the hub, or failing since before then."""
    return rows(
        db,
        """SELECT id, url, label, state, problem, failing_since FROM endpoints
           WHERE workspace_id = :workspace_id AND (state = 'off'
               OR (state = 'on' AND failing_since < :since)) ORDER BY id""",
        workspace_id=workspace_id,
        since=since,
    )


def sealed_secret(vault: Vault, workspace_id: UUID, endpoint_id: UUID, secret: str) -> bytes:
    """A secret, for the column that signs."""
    return vault.seal(secret.encode(), place(workspace_id, "endpoints", "secret", endpoint_id))


def sealed_old(vault: Vault, workspace_id: UUID, endpoint_id: UUID, secret: str) -> bytes:
    """A secret, for the column of the one before."""
    return vault.seal(secret.encode(), place(workspace_id, "endpoints", "old_secret", endpoint_id))


def secrets_of(vault: Vault, endpoint: Row, now: datetime) -> list[str]:
    """What its tellings are signed with, the newest first. Raises CannotUnseal."""
    found = [_opened(vault, endpoint, "secret")]
    if endpoint["old_until"] is not None and endpoint["old_until"] > now:
        found.append(_opened(vault, endpoint, "old_secret"))
    return found


def _opened(vault: Vault, endpoint: Row, column: str) -> str:
    where = place(endpoint["workspace_id"], "endpoints", column, endpoint["id"])
    return vault.unseal(endpoint[column], where).decode()

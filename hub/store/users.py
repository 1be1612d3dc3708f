"""Users: the people of the team, and what each may do in which workspace."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, new_id, row, rows, run
from hub.store.sealing import Vault, place

CHANGEABLE = frozenset({"name", "email", "password_hash", "language", "theme", "disabled_at"})


def any_there(db: Connection) -> bool:
    """Whether anybody has an account at all."""
    return row(db, "SELECT 1 FROM users LIMIT 1") is not None


def add(
    db: Connection, *, email: str, name: str, password_hash: str, language: str, now: datetime
) -> UUID | None:
    """A new user; None where somebody has that address."""
    made = new_id()
    found = row(
        db,
        """INSERT INTO users (id, email, name, password_hash, language, created_at)
           VALUES (:id, :email, :name, :hash, :language, :now)
           ON CONFLICT DO NOTHING RETURNING id""",
        id=made,
        email=email.lower(),
        name=name,
        hash=password_hash,
        language=language,
        now=now,
    )
    return made if found else None


def by_email(db: Connection, email: str) -> Row | None:
    """The user of this address, in whatever case it is written."""
    return row(db, "SELECT * FROM users WHERE email = :email", email=email.lower())


def get(db: Connection, user_id: UUID) -> Row | None:
    """One user."""
    return row(db, "SELECT * FROM users WHERE id = :id", id=user_id)


def lock(db: Connection, user_id: UUID) -> Row | None:
    """One user, held still until this transaction ends."""
    return row(db, "SELECT * FROM users WHERE id = :id FOR UPDATE", id=user_id)


def change(db: Connection, user_id: UUID, **columns: Any) -> None:
    """Change some of CHANGEABLE. Raises KeyError for any other name."""
    if unknown := set(columns) - CHANGEABLE:
        raise KeyError(*unknown)
    said = ", ".join(f"{name} = :{name}" for name in columns)
    run(db, f"UPDATE users SET {said} WHERE id = :id", id=user_id, **columns)  # noqa: S608


def join(db: Connection, workspace_id: UUID, user_id: UUID, role: str, now: datetime) -> None:
    """Give them this role here, in place of any they had."""
    run(
        db,
        """INSERT INTO members (workspace_id, user_id, role, created_at)
           VALUES (:workspace_id, :user_id, :role, :now)
           ON CONFLICT (user_id, workspace_id) DO UPDATE SET role = excluded.role""",
        workspace_id=workspace_id,
        user_id=user_id,
        role=role,
        now=now,
    )


def leave(db: Connection, workspace_id: UUID, user_id: UUID) -> bool:
    """Take them out of a workspace; False where they were not in it."""
    sql = "DELETE FROM members WHERE workspace_id = :workspace_id AND user_id = :user_id"
    return run(db, sql, workspace_id=workspace_id, user_id=user_id) > 0


def team(db: Connection, workspace_id: UUID) -> Sequence[Row]:
    """Who may do what in a workspace, oldest first, with whether they use a second factor."""
    return rows(
        db,
        """SELECT u.id, u.email, u.name, m.role, u.totp <> '' AS has_totp, m.created_at,
               (SELECT max(s.seen_at) FROM sessions s WHERE s.user_id = u.id) AS seen_at
           FROM members m JOIN users u ON u.id = m.user_id
           WHERE m.workspace_id = :id AND u.disabled_at IS NULL ORDER BY m.created_at, u.id""",
        id=workspace_id,
    )


def everybody(db: Connection) -> Sequence[Row]:
    """Everybody of every workspace, by address, with their `workspaces` (name, role)."""
    return rows(
        db,
        """SELECT u.email, u.name, u.totp <> '' AS has_totp, u.disabled_at IS NOT NULL AS closed,
               (SELECT jsonb_agg(jsonb_build_object('name', w.name, 'role', m.role)
                    ORDER BY lower(w.name))
                FROM members m JOIN workspaces w ON w.id = m.workspace_id
                WHERE m.user_id = u.id) AS workspaces
           FROM users u ORDER BY u.email""",
    )


def workspaces_of(db: Connection, user_id: UUID) -> Sequence[Row]:
    """Where a user may come in: id, name and their role there, by name."""
    return rows(
        db,
        """SELECT w.id, w.name, m.role FROM members m JOIN workspaces w ON w.id = m.workspace_id
           WHERE m.user_id = :id ORDER BY lower(w.name), w.id""",
        id=user_id,
    )


def owners(db: Connection, workspace_id: UUID) -> list[UUID]:
    """Its owners who may sign in, held still until this transaction ends: the last one stays."""
    found = rows(
        db,
        """SELECT m.user_id FROM members m JOIN users u ON u.id = m.user_id
           WHERE m.workspace_id = :id AND m.role = 'owner' AND u.disabled_at IS NULL
           ORDER BY m.user_id FOR UPDATE OF m""",
        id=workspace_id,
    )
    return [r["user_id"] for r in found]


def keep_totp(
    db: Connection, vault: Vault, user_id: UUID, secret: str, recovery: Sequence[bytes]
) -> None:
    """The secret of their authenticator app, sealed, and the hashes of their recovery codes; an
    empty secret takes the second factor away."""
    run(
        db,
        """UPDATE users SET totp = :totp, totp_step = 0, recovery_hashes = :hashes
           WHERE id = :id""",
        totp=vault.seal(secret.encode(), _place(user_id)) if secret else b"",
        hashes=list(recovery),
        id=user_id,
    )


def totp_of(vault: Vault, user: Row) -> str:
    """The secret of their authenticator app; empty where they have none."""
    sealed = bytes(user["totp"])
    return vault.unseal(sealed, _place(user["id"])).decode() if sealed else ""


def use_step(db: Connection, user_id: UUID, step: int) -> bool:
    """Use up the code of a time step; False where it, or a later one, was used before."""
    sql = "UPDATE users SET totp_step = :step WHERE id = :id AND totp_step < :step"
    return run(db, sql, id=user_id, step=step) > 0


def use_recovery(db: Connection, user_id: UUID, code_hash: bytes) -> bool:
    """Use up a recovery code; False where it is none of theirs, or was used before."""
    return run(
        db,
        """UPDATE users SET recovery_hashes = array_remove(recovery_hashes, :hash)
           WHERE id = :id AND :hash = ANY(recovery_hashes)""",
        id=user_id,
        hash=code_hash,
    ) > 0  # fmt: skip


def _place(user_id: UUID) -> bytes:
    return place(None, "users", "totp", user_id)

"""Workspaces: one merchant each, with the defaults that hold for all of its messages."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, new_id, row, rows, run

CHANGEABLE = frozenset(
    {
        "name", "brand", "language", "zone", "sending_window", "stop_code", "sender", "countries",
        "daily_cap", "testing", "testers", "rules", "link_url", "link_domains", "privacy_url",
        "currency", "tick_share", "tick_sends",
    }
)  # fmt: skip
_DOCUMENTS = ("sending_window", "rules")


def add(
    db: Connection,
    *,
    name: str,
    brand: str,
    country: str,
    language: str,
    zone: str,
    sending_window: Mapping[str, Any],
    stop_code: str = "",
    sender: str = "",
    countries: Sequence[str] = (),
    daily_cap: int = 3,
    testing: bool = False,
    testers: Sequence[str] = (),
    rules: Mapping[str, Any] | None = None,
) -> UUID:
    """A new workspace; an empty list of countries allows its own only. While `testing`, only
    `testers` (tokens of numbers) are sent to."""
    made = new_id()
    run(
        db,
        """INSERT INTO workspaces (id, name, brand, country, language, zone, sending_window,
               stop_code, sender, countries, daily_cap, testing, testers, rules)
           VALUES (:id, :name, :brand, :country, :language, :zone, :sending_window, :stop_code,
               :sender, :countries, :daily_cap, :testing, :testers, :rules)""",
        id=made,
        name=name,
        brand=brand,
        country=country,
        language=language,
        zone=zone,
        sending_window=jsonb(sending_window),
        stop_code=stop_code,
        sender=sender,
        countries=list(countries) or [country],
        daily_cap=daily_cap,
        testing=testing,
        testers=list(testers),
        rules=jsonb(dict(rules or {})),
    )
    return made


def change(db: Connection, workspace_id: UUID, **columns: Any) -> None:
    """Change some of CHANGEABLE. Raises KeyError for any other name."""
    if not columns:
        return
    unknown = set(columns) - CHANGEABLE
    if unknown:
        raise KeyError(*unknown)
    values = {n: jsonb(v) if n in _DOCUMENTS else v for n, v in columns.items()}
    said = ", ".join(f"{name} = :{name}" for name in columns)
    run(
        db,
        f"UPDATE workspaces SET {said} WHERE id = :workspace_id",  # noqa: S608 - our own names
        workspace_id=workspace_id,
        **values,
    )


def pause(db: Connection, workspace_id: UUID | None, what: str | None) -> list[UUID]:
    """Keep "marketing" or "all" of a workspace's messages, or (None) of every one; None lets them
    go again. Which workspaces were changed."""
    found = rows(
        db,
        """UPDATE workspaces SET rules = rules || :paused
           WHERE CAST(:id AS uuid) IS NULL OR id = :id RETURNING id""",
        id=workspace_id,
        paused=jsonb({"paused": what}),
    )
    return [r["id"] for r in found]


def get(db: Connection, workspace_id: UUID) -> Row | None:
    """One workspace."""
    return row(db, "SELECT * FROM workspaces WHERE id = :id", id=workspace_id)


def locked(db: Connection, workspace_id: UUID) -> Row | None:
    """One workspace, which nobody else changes until this transaction ends."""
    return row(db, "SELECT * FROM workspaces WHERE id = :id FOR UPDATE", id=workspace_id)


def by_ids(db: Connection, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Several at once, by id."""
    found = rows(db, "SELECT * FROM workspaces WHERE id = ANY(:ids)", ids=list(set(ids)))
    return {r["id"]: r for r in found}


def listed(db: Connection) -> Sequence[Row]:
    """All of them, oldest first."""
    return rows(db, "SELECT * FROM workspaces ORDER BY id")

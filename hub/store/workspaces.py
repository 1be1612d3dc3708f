"""Workspaces: one merchant each, with the defaults that hold for all of its messages."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, new_id, row, rows, run


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
) -> UUID:
    """A new workspace; an empty list of countries allows its own only."""
    made = new_id()
    run(
        db,
        """INSERT INTO workspaces (id, name, brand, country, language, zone, sending_window,
               stop_code, sender, countries, daily_cap)
           VALUES (:id, :name, :brand, :country, :language, :zone, :sending_window, :stop_code,
               :sender, :countries, :daily_cap)""",
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
    )
    return made


def get(db: Connection, workspace_id: UUID) -> Row | None:
    """One workspace."""
    return row(db, "SELECT * FROM workspaces WHERE id = :id", id=workspace_id)


def by_ids(db: Connection, ids: Sequence[UUID]) -> dict[UUID, Row]:
    """Several at once, by id."""
    found = rows(db, "SELECT * FROM workspaces WHERE id = ANY(:ids)", ids=list(set(ids)))
    return {r["id"]: r for r in found}


def listed(db: Connection) -> Sequence[Row]:
    """All of them, oldest first."""
    return rows(db, "SELECT * FROM workspaces ORDER BY id")

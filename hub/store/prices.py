"""Prices: what a segment (SMS) or a message (RCS) costs through a carrier connection, by country;
the country "" is the price of every other. Money is kept in millionths of the currency's unit."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, rows, run

MOST = 10**12  # micros: a million units, more than any message costs
Price = tuple[int, str]  # micros, currency


def prices_of(db: Connection, workspace_id: UUID) -> dict[tuple[str, str], Price]:
    """A workspace's prices by (channel, country), the highest of its carriers: for estimates."""
    found = rows(
        db,
        """SELECT p.* FROM prices p JOIN connections c ON c.id = p.connection_id
           WHERE p.workspace_id = :id AND c.state <> 'removed' ORDER BY p.micros""",
        id=workspace_id,
    )
    return {(r["channel"], r["country"]): (r["micros"], r["currency"]) for r in found}


def of_connections(db: Connection, ids: Sequence[UUID]) -> dict[tuple[UUID, str, str], Price]:
    """The prices of these connections, by (connection, channel, country)."""
    found = rows(db, "SELECT * FROM prices WHERE connection_id = ANY(:ids)", ids=list(set(ids)))
    return {
        (r["connection_id"], r["channel"], r["country"]): (r["micros"], r["currency"])
        for r in found
    }


def listed(db: Connection, workspace_id: UUID) -> Sequence[Row]:
    """A workspace's price list."""
    return rows(
        db,
        """SELECT * FROM prices WHERE workspace_id = :id
           ORDER BY connection_id, channel, country""",
        id=workspace_id,
    )


def replace(db: Connection, workspace_id: UUID, lines: Sequence[Mapping[str, Any]]) -> None:
    """The whole list anew: {connection_id, channel, country, micros, currency} each."""
    run(db, "DELETE FROM prices WHERE workspace_id = :id", id=workspace_id)
    run(
        db,
        """INSERT INTO prices (workspace_id, connection_id, channel, country, micros, currency)
           SELECT :id, connection_id, channel, country, micros, currency
           FROM jsonb_to_recordset(:lines) AS p(connection_id uuid, channel text, country text,
               micros bigint, currency text)""",
        id=workspace_id,
        lines=jsonb(list(lines)),
    )


def put(
    db: Connection, workspace_id: UUID, line: tuple[UUID, str, str], micros: int, currency: str
) -> None:
    """One price, new or in the place of the one there; `line` is connection, channel, country."""
    run(
        db,
        """INSERT INTO prices (workspace_id, connection_id, channel, country, micros, currency)
           VALUES (:id, :connection_id, :channel, :country, :micros, :currency)
           ON CONFLICT (connection_id, channel, country)
               DO UPDATE SET micros = excluded.micros, currency = excluded.currency
               WHERE prices.workspace_id = :id""",
        id=workspace_id,
        **dict(zip(("connection_id", "channel", "country"), line, strict=True)),
        micros=micros,
        currency=currency,
    )


def drop(db: Connection, workspace_id: UUID, line: tuple[UUID, str, str]) -> int:
    """Take one price away: connection, channel, country; how many were there."""
    return run(
        db,
        """DELETE FROM prices WHERE workspace_id = :id AND connection_id = :connection_id
           AND channel = :channel AND country = :country""",
        id=workspace_id,
        **dict(zip(("connection_id", "channel", "country"), line, strict=True)),
    )


def micros_of(amount: Decimal) -> int | None:
    """An amount in millionths; None for one that no message can cost (negative, absurd, NaN)."""
    if not amount.is_finite() or not 0 <= amount <= MOST // 10**6:
        return None
    return int((amount * 10**6).to_integral_value(ROUND_HALF_UP))


def amount_of(micros: int) -> str:
    """The amount as people write it, with two decimals or as many as it has: "0.045"."""
    whole, _, part = f"{Decimal(micros) / 10**6:.6f}".partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"

"""Carriers: connections that carry messages, with how they do and what they cost, in one query."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from uuid import UUID

import orjson
from sqlalchemy import Connection

from hub.store.database import Row, rows
from hub.store.prices import Price


def of_workspaces(
    db: Connection, workspace_ids: Iterable[UUID], connectors: Sequence[str]
) -> Sequence[Row]:
    """The active connections of these connectors in these workspaces, oldest first, each with
    `marks`: how it does, by channel; `prices`: (micros, currency) by (channel, country)."""
    found = rows(
        db,
        """SELECT c.*,
               (SELECT json_object_agg(m.channel, row_to_json(m))
                   FROM carrier_marks m WHERE m.connection_id = c.id) AS marks,
               (SELECT CAST(json_agg(json_build_array(p.channel, p.country, p.micros, p.currency)
                       ORDER BY p.channel, p.country) AS text)
                   FROM prices p WHERE p.connection_id = c.id) AS prices
           FROM connections c WHERE c.state IN ('active', 'attention')
           AND c.workspace_id = ANY(:workspaces) AND c.connector = ANY(:connectors)
           ORDER BY c.id""",
        workspaces=list(set(workspace_ids)),
        connectors=list(connectors),
    )
    return [
        {**row, "marks": _marks(row["marks"] or {}), "prices": _prices(row["prices"] or "[]")}
        for row in found
    ]


def _marks(found: Mapping[str, Row]) -> dict[str, Row]:
    return {channel: {**mark, **_instants(mark)} for channel, mark in found.items()}


def _instants(mark: Row) -> dict[str, datetime]:
    told = {name: mark[name] for name in ("open_until", "changed_at")}
    return {name: datetime.fromisoformat(at) for name, at in told.items() if at}


@lru_cache(maxsize=128)
def _prices(written: str) -> dict[tuple[str, str], Price]:
    """Known again by its words: a list may have a line for every country."""
    found = orjson.loads(written)
    return {(channel, country): (micros, code) for channel, country, micros, code in found}

"""The ledger: what each attempt to send costs, reserved before it is made, corrected by what the
carrier says, released when it is proven not sent."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store import spend
from hub.store.database import Row, jsonb, rows, run


def reserve(
    db: Connection, reserved: Sequence[Mapping[str, Any]], grown: spend.Changes, now: datetime
) -> None:
    """Reserved costs: {message_id, n, workspace_id, connection_id, automation_id, channel,
    country, parts, micros, currency, keys, day} each, and what has `grown` with them on the lines
    of spending. An attempt that was given back and is made again has one line."""
    if not reserved:
        return
    run(
        db,
        f"""WITH poured AS ({spend.POUR})
            INSERT INTO costs (message_id, n, workspace_id, connection_id, automation_id, channel,
               country, parts, micros, currency, state, keys, day, at)
            SELECT message_id, n, workspace_id, connection_id, automation_id, channel, country,
               parts, micros, currency, 'reserved', keys, day, :now
            FROM jsonb_to_recordset(:reserved) AS c(message_id uuid, n int, workspace_id uuid,
               connection_id uuid, automation_id uuid, channel text, country text, parts int,
               micros bigint, currency text, keys text[], day date)
            ON CONFLICT (message_id, n) DO UPDATE
               SET connection_id = excluded.connection_id, channel = excluded.channel,
                   parts = excluded.parts, micros = excluded.micros, keys = excluded.keys,
                   currency = excluded.currency, day = excluded.day, state = 'reserved',
                   at = excluded.at
               WHERE costs.state = 'released'""",  # noqa: S608 - our own words
        reserved=jsonb(list(reserved)),
        given=jsonb(spend.given(grown)),
        now=now,
    )


def release(db: Connection, attempts: Sequence[tuple[UUID, int]], now: datetime) -> Sequence[Row]:
    """These attempts (message, n) cost nothing: they were never sent. Those that were not yet
    released, with what they had cost."""
    return rows(
        db,
        """UPDATE costs c SET state = 'released', at = :now
           FROM unnest(CAST(:ids AS uuid[]), CAST(:ns AS int[])) AS a(id, n)
           WHERE c.message_id = a.id AND c.n = a.n AND c.state <> 'released' RETURNING c.*""",
        ids=[message_id for message_id, _ in attempts],
        ns=[n for _, n in attempts],
        now=now,
    )


def latest(db: Connection, message_ids: Sequence[UUID]) -> Sequence[Row]:
    """The cost of each message's last attempt that may have been sent, locked; of its last one at
    all where every attempt was released."""
    return rows(
        db,
        """SELECT * FROM costs WHERE (message_id, n) IN (
               SELECT DISTINCT ON (message_id) message_id, n FROM costs
               WHERE message_id = ANY(:ids) ORDER BY message_id, state = 'released', n DESC)
           ORDER BY message_id FOR UPDATE""",
        ids=list(set(message_ids)),
    )


def correct(db: Connection, changes: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """What attempts really cost: {message_id, n, micros, parts} each."""
    if not changes:
        return
    run(
        db,
        """UPDATE costs c SET state = 'corrected', micros = g.micros, parts = g.parts, at = :now
           FROM jsonb_to_recordset(:changes) AS g(message_id uuid, n int, micros bigint, parts int)
           WHERE c.message_id = g.message_id AND c.n = g.n""",
        changes=jsonb(list(changes)),
        now=now,
    )


def of_message(db: Connection, message_id: UUID) -> Sequence[Row]:
    """What one message has cost, attempt by attempt."""
    return rows(db, "SELECT * FROM costs WHERE message_id = :id ORDER BY n", id=message_id)

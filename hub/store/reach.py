"""Reach: which phones an RCS agent reaches, how it is known and since when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, rows, run

# A phone gains RCS with an update and loses it with a new SIM: nothing is known for ever. A
# question that could not be answered is asked again soon.
KEPT = timedelta(days=30)
KEPT_UNSURE = timedelta(hours=1)


def known(
    db: Connection, wanted: Iterable[tuple[UUID, str]], now: datetime
) -> dict[tuple[UUID, str], bool | None]:
    """What is known of these (carrier connection, phone); missing where nothing is, or too old.
    None is an answer too: the carrier was asked and could not say."""
    pairs = sorted(set(wanted), key=str)
    if not pairs:
        return {}
    found = rows(
        db,
        """SELECT connection_id, phone, able FROM reach
           WHERE (connection_id, phone) IN (
               SELECT * FROM unnest(CAST(:connections AS uuid[]), CAST(:phones AS text[])))
           AND checked_at > CASE WHEN able IS NULL THEN CAST(:unsure AS timestamptz)
                            ELSE CAST(:since AS timestamptz) END""",
        connections=[connection for connection, _ in pairs],
        phones=[phone for _, phone in pairs],
        since=now - KEPT,
        unsure=now - KEPT_UNSURE,
    )
    return {(r["connection_id"], r["phone"]): r["able"] for r in found}


def learn(db: Connection, told: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Keep what was learnt: {workspace_id, connection_id, phone, able, how}; the last word on each
    phone wins, and never knowing is no word against knowing."""
    newest = {(t["connection_id"], t["phone"]): dict(t) for t in told}
    if not newest:
        return
    run(
        db,
        """INSERT INTO reach (workspace_id, connection_id, phone, able, how, checked_at)
           SELECT workspace_id, connection_id, phone, able, how, :now
           FROM jsonb_to_recordset(:told) AS t(workspace_id uuid, connection_id uuid, phone text,
               able boolean, how text)
           ORDER BY connection_id, phone
           ON CONFLICT (connection_id, phone) DO UPDATE
               SET able = excluded.able, how = excluded.how, checked_at = excluded.checked_at
               WHERE excluded.able IS NOT NULL OR reach.able IS NULL""",
        told=jsonb(list(newest.values())),
        now=now,
    )


def report(db: Connection, workspace_id: UUID) -> Row:
    """How many of a workspace's people RCS reaches, does not reach, nobody knows; since when."""
    [found] = rows(
        db,
        """WITH word AS (
               SELECT DISTINCT ON (phone) phone, able, checked_at FROM reach
               WHERE workspace_id = :id ORDER BY phone, checked_at DESC)
           SELECT count(*) FILTER (WHERE able) AS reachable,
               count(*) FILTER (WHERE NOT able) AS unreachable,
               greatest((SELECT count(*) FROM people WHERE workspace_id = :id)
                   - count(*) FILTER (WHERE able IS NOT NULL), 0) AS unknown,
               min(checked_at) AS oldest, max(checked_at) AS newest
           FROM word""",
        id=workspace_id,
    )
    return found

"""Turns: what a person was sent lately, and one sender after the other while that is counted."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID
from zlib import crc32

from sqlalchemy import Connection

from hub.store.database import Row, rows, run

# Classes of advisory locks, always taken in this order, and how many each has.
COUNTING, WORDS, _PLACES = 52004, 52005, 64

_ONE = "workspace_id, phone, kind, coalesce(stands_in_for, id) AS one"
_TO_THEM = """FROM messages WHERE workspace_id = ANY(:workspaces) AND phone = ANY(:phones)
    AND kind = ANY(:kinds) AND (decision_id IS NOT NULL OR stands_in_for IS NOT NULL)"""


def recent(
    db: Connection,
    workspace_ids: Sequence[UUID],
    phones: Sequence[str],
    kinds: Sequence[str],
    since: datetime,
) -> Sequence[Row]:
    """Each message of these kinds that left for these numbers since then, or waits to: which `one`
    it is (an SMS beneath an RCS message is that one), when, whether it `waits`.

    What did not arrive does not count, nor do the hub's own words, which nothing decided.
    """
    return rows(
        db,
        f"""SELECT {_ONE}, false AS waits, sending_at AS at {_TO_THEM} AND sending_at > :since
            AND state IN ('sending', 'uncertain', 'sent', 'delivered', 'read')
            UNION ALL SELECT {_ONE}, true, due_at {_TO_THEM} AND due_at > :since
            AND state IN ('scheduled', 'held')""",
        workspaces=list(set(workspace_ids)),
        phones=list(set(phones)),
        kinds=list(kinds),
        since=since,
    )


def take(db: Connection, who: Sequence[tuple[UUID, str]], turn: int = COUNTING) -> None:
    """Hold these (workspace, phone) still among those who are about to send to them, until this
    transaction ends: COUNTING while what they were sent is counted, WORDS while what was said is
    looked up.

    A few locks stand for all people, always taken in the same order: no batch waits for one that
    waits for it, and a large one does not fill PostgreSQL's table of locks.
    """
    if not who:
        return
    places = sorted({crc32(f"{workspace}:{phone}".encode()) % _PLACES for workspace, phone in who})
    run(db, "SET LOCAL lock_timeout = '14s'")  # several full batches may be ahead
    run(
        db,
        "SELECT pg_advisory_xact_lock(:locks, place) FROM unnest(CAST(:places AS int[])) AS place",
        locks=turn,
        places=places,
    )

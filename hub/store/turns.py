"""Turns: what a person was sent lately, and one sender after the other while that is counted."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, rows

_ONE = "workspace_id, phone, kind, coalesce(stands_in_for, id) AS one"
_TO_THEM = """FROM messages WHERE workspace_id = ANY(:workspaces) AND phone = ANY(:phones)
    AND (decision_id IS NOT NULL OR stands_in_for IS NOT NULL)"""
_LEFT = f"""SELECT {_ONE}, false AS waits, sending_at AS at {_TO_THEM} AND kind = ANY(:kinds)
    AND sending_at > :since AND state IN ('sending', 'uncertain', 'sent', 'delivered', 'read')"""
# A campaign waits by the hundred thousand: what waits for these people is asked by the people, and
# never by its kind or by when it is due, however few wait at the moment.
_WAITING = f"""SELECT {_ONE}, true, due_at {_TO_THEM} AND kind || '' = ANY(:kinds)
    AND due_at + interval '0' > :since AND state IN ('scheduled', 'held')"""


def recent(
    db: Connection,
    workspace_ids: Sequence[UUID],
    phones: Sequence[str],
    kinds: Sequence[str],
    since: datetime,
    left_alone: bool = False,
) -> Sequence[Row]:
    """Each message of these kinds that left for these numbers since then or, unless those are asked
    for alone, waits to: which `one` it is (an SMS beneath an RCS message is that one), when,
    whether it `waits`.

    What did not arrive does not count, nor do the hub's own words, which nothing decided.
    """
    return rows(
        db,
        _LEFT if left_alone else f"{_LEFT} UNION ALL {_WAITING}",
        workspaces=list(set(workspace_ids)),
        phones=list(set(phones)),
        kinds=list(kinds),
        since=since,
    )


def take(db: Connection, who: Sequence[tuple[UUID, str]]) -> Sequence[Row]:
    """Hold these (workspace, phone) still among those who are about to send to them, until this
    transaction ends: while what they were sent is counted, and what was said to them is looked up.
    Their numbers' rows; one that was erased is missing.

    All that a batch holds is held at once, in one order: no batch waits for one that waits for it.
    It waits longer than other statements do: several full batches may be ahead.
    """
    if not who:
        return []
    return rows(
        db,
        """SELECT workspace_id, phone, sealed, country, kind, zones FROM numbers
           WHERE (SELECT set_config('lock_timeout', '14s', true)) IS NOT NULL
           AND phone = ANY(:phones) AND workspace_id = ANY(:workspaces)
           ORDER BY phone, workspace_id FOR NO KEY UPDATE""",
        phones=sorted({phone for _, phone in who}),
        workspaces=list({workspace for workspace, _ in who}),
    )

"""Marks: how a carrier connection has done lately on a channel, and until when its circuit is
open."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, rows

# A circuit opens after so many bad batches in a row; half-open (its time is over, nothing good
# came since) at the first. One that is open already is not opened by answers to older calls.
_TRIPS = """(:failed AND CASE WHEN m.open_until IS NULL THEN m.errors + 1 >= :patience
             ELSE m.open_until <= :now END)"""


def of_connections(db: Connection, ids: Sequence[UUID]) -> dict[tuple[UUID, str], Row]:
    """The marks of these connections, by (connection, channel); none where nothing was sent."""
    found = rows(db, "SELECT * FROM carrier_marks WHERE connection_id = ANY(:ids)", ids=list(ids))
    return {(r["connection_id"], r["channel"]): r for r in found}


def move(
    db: Connection,
    connection_id: UUID,
    channel: str,
    *,
    keep: float,
    gain: float,
    failed: bool,
    seconds: float,
    words: str,
    now: datetime,
    least: float,
    patience: int,
    first: float,
    longest: float,
) -> Row:
    """One batch's step, atomically: the share times `keep` plus `gain`, within `least` and 1.

    `failed` counts towards opening the circuit, after `patience` of them, for `first` seconds and
    twice as long each time, at most `longest`. Answers the mark as it stands now; a circuit that
    has just opened has `failed` and no errors.
    """
    [found] = rows(
        db,
        f"""INSERT INTO carrier_marks AS m (connection_id, channel, share, errors, seconds, words,
                changed_at)
            VALUES (:connection_id, :channel,
                greatest(:least, least(1, CAST(:keep + :gain AS real))),
                CASE WHEN :failed THEN 1 ELSE 0 END, :seconds, :words, :now)
            ON CONFLICT (connection_id, channel) DO UPDATE SET
                share = greatest(:least, least(1, CAST(m.share * :keep + :gain AS real))),
                errors = CASE WHEN {_TRIPS} OR NOT :failed THEN 0 ELSE m.errors + 1 END,
                seconds = m.seconds * 0.8 + :seconds * 0.2,
                trips = CASE WHEN {_TRIPS} THEN m.trips + 1
                    WHEN m.open_until IS NULL AND m.share * :keep + :gain >= 1 THEN 0
                    ELSE m.trips END,
                open_until = CASE
                    WHEN {_TRIPS} THEN :now + make_interval(
                        secs => least(:first * power(2, least(m.trips, 20)), :longest))
                    WHEN NOT :failed AND m.open_until <= :now THEN NULL
                    ELSE m.open_until END,
                words = CASE WHEN :failed THEN :words ELSE m.words END,
                changed_at = :now
            RETURNING *""",  # noqa: S608 - our own condition
        connection_id=connection_id,
        channel=channel,
        keep=keep,
        gain=gain,
        failed=failed,
        seconds=seconds,
        words=words,
        now=now,
        least=least,
        patience=patience,
        first=first,
        longest=longest,
    )
    return found


def open_circuits(db: Connection, workspace_id: UUID | None) -> Sequence[Row]:
    """Circuits that are open or on trial, with their connection and the names of the carriers
    that take over: those of the same route, or else those that have carried this channel."""
    return rows(
        db,
        """SELECT m.*, c.workspace_id, c.connector, c.label, o.others
           FROM carrier_marks m JOIN connections c ON c.id = m.connection_id
           CROSS JOIN LATERAL (
               SELECT coalesce(array_agg(coalesce(nullif(n.label, ''), n.connector)
                   ORDER BY n.id), '{}') AS others
               FROM connections n
               LEFT JOIN carrier_marks nm ON nm.connection_id = n.id AND nm.channel = m.channel
               WHERE n.workspace_id = c.workspace_id AND n.id <> c.id AND n.state = 'active'
               AND nm.open_until IS NULL
               AND CASE WHEN EXISTS (SELECT FROM routes r WHERE r.channel = m.channel
                       AND r.workspace_id = c.workspace_id)
                   THEN EXISTS (SELECT FROM routes r WHERE r.connection_id = n.id
                       AND r.channel = m.channel AND r.weight > 0)
                   ELSE nm.connection_id IS NOT NULL END) o
           WHERE m.open_until IS NOT NULL AND c.state IN ('active', 'attention')
           AND (CAST(:workspace_id AS uuid) IS NULL OR c.workspace_id = :workspace_id)
           ORDER BY c.id, m.channel""",
        workspace_id=workspace_id,
    )

"""After a restore: messages that may have gone since the backup, held until they are let go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store import sending
from hub.store.database import Row, new_id, row, rows, run

NEVER = "9999-01-01Z"  # when what is held here is due by itself
_HELD = (
    "Held: the database was restored from a backup, and this may have gone after the backup was "
    "taken."
)
_DOUBT = (
    "Uncertain: it was being sent when the backup was taken. The hub asks the carrier what became "
    "of it."
)


@dataclass(frozen=True)
class Held:
    """How many messages a restore holds: `before` from before it, of which `later` were planned
    for a time after it; `again` came out of what happened before it. `doubtful` were being sent."""

    before: int = 0
    later: int = 0
    again: int = 0
    doubtful: int = 0


def hold(db: Connection, taken_at: datetime, now: datetime) -> Held:
    """A backup's rows are now the hub's: nothing that could have gone since goes by itself, sources
    are asked at once from where the backup left them. As the tables' owner."""
    restore = new_id()
    run(
        db,
        "INSERT INTO restores (id, taken_at, restored_at) VALUES (:id, :taken, :now)",
        id=restore,
        taken=taken_at,
        now=now,
    )
    run(
        db,
        """WITH waiting AS (
               INSERT INTO held_back
               SELECT id, workspace_id, :restore, false, state, reason, sentence, due_at
               FROM messages WHERE state IN ('scheduled', 'held')
               ON CONFLICT (message_id) DO UPDATE SET restore_id = excluded.restore_id
               RETURNING message_id)
           UPDATE messages SET state = 'held', reason = 'restored', sentence = :sentence,
               due_at = CAST(:never AS timestamptz), changed_at = :now
           FROM waiting WHERE messages.id = waiting.message_id""",
        restore=restore,
        sentence=_HELD,
        never=NEVER,
        now=now,
    )
    sent = rows(db, "SELECT id FROM messages WHERE state = 'sending'")
    sending.doubt(db, [one["id"] for one in sent], now, _DOUBT)
    run(
        db,
        """UPDATE connections SET check_due_at = :now,
               poll_due_at = CASE WHEN poll_due_at IS NULL THEN NULL ELSE CAST(:now AS timestamptz)
                   END
           WHERE state <> 'removed'""",
        now=now,
    )
    run(db, "DROP TRIGGER IF EXISTS held_after_a_restore ON messages")
    run(
        db,
        """CREATE TRIGGER held_after_a_restore AFTER INSERT ON messages
           REFERENCING NEW TABLE AS made FOR EACH STATEMENT EXECUTE FUNCTION hold_back()""",
    )
    found = standing(db)
    return Held(found.before, found.later, found.again, len(sent))


def last(db: Connection) -> Row | None:
    """The last restore: taken_at, restored_at; None where there was none."""
    return row(db, "SELECT * FROM restores ORDER BY restored_at DESC LIMIT 1")


def standing(db: Connection) -> Held:
    """What is still held."""
    found = row(
        db,
        f"""SELECT count(*) FILTER (WHERE NOT h.again) AS before,
               count(*) FILTER (WHERE NOT h.again AND h.due_at > r.restored_at) AS later,
               count(*) FILTER (WHERE h.again) AS again
           FROM {_STANDING}""",  # noqa: S608 - our own words
    )
    return Held(found["before"], found["later"], found["again"]) if found else Held()


_STANDING = """held_back h JOIN restores r ON r.id = h.restore_id
    JOIN messages m ON m.id = h.message_id AND m.state = 'held' AND m.reason = 'restored'"""


def held(db: Connection, after: UUID | None, limit: int) -> Sequence[Row]:
    """Held messages in the order of their ids, with `again`, and from when to when they may have
    gone."""
    return rows(
        db,
        f"""SELECT m.*, h.again, r.taken_at, r.restored_at FROM {_STANDING}
           WHERE (CAST(:after AS uuid) IS NULL OR m.id > :after)
           ORDER BY m.id LIMIT :limit""",  # noqa: S608 - our own words
        after=after,
        limit=limit,
    )


def later(db: Connection) -> list[UUID]:
    """Those that were planned for a time after the restore: they cannot have gone."""
    sql = f"SELECT m.id FROM {_STANDING} WHERE NOT h.again AND h.due_at > r.restored_at"  # noqa: S608
    return [one["id"] for one in rows(db, sql)]


def release(db: Connection, ids: Sequence[UUID], now: datetime) -> int:
    """Let these go, each as it was before: due when it was due, judged as ever before it leaves.
    How many were held."""
    return run(
        db,
        """WITH back AS (DELETE FROM held_back WHERE message_id = ANY(:ids) RETURNING *)
           UPDATE messages SET state = back.state, reason = back.reason, changed_at = :now,
               sentence = back.sentence, due_at = back.due_at
           FROM back WHERE messages.id = back.message_id AND messages.state = 'held'
           AND messages.reason = 'restored'""",
        ids=list(ids),
        now=now,
    )


def went(
    db: Connection, message_id: UUID, carrier_id: UUID, found: Mapping[str, str], now: datetime
) -> Row | None:
    """Its carrier has it: {state, carrier_message_id}. The row, if it was still held."""
    return row(
        db,
        """WITH was AS (DELETE FROM held_back WHERE message_id = :id RETURNING due_at),
           gone AS (
               UPDATE messages SET state = :state, carrier_id = :carrier, reason = '',
                   sentence = '', carrier_message_id = :name, tries = tries + 1, owner = NULL,
                   sending_at = coalesce(sending_at, :now), sent_at = coalesce(sent_at, :now),
                   changed_at = :now, due_at = was.due_at
               FROM was WHERE id = :id AND state = 'held' AND reason = 'restored'
               RETURNING messages.*),
           told AS (
               INSERT INTO attempts (message_id, n, carrier_id, owner, started_at, ended_at,
                   outcome, words)
               SELECT id, tries, :carrier, 0, :now, :now, 'accepted',
                   'Found at the carrier after a restore: it went before.' FROM gone)
           SELECT * FROM gone""",
        id=message_id,
        carrier=carrier_id,
        state=found["state"],
        name=found["carrier_message_id"],
        now=now,
    )

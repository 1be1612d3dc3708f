"""Records: where a person stands in each connected system, so that an opt-out reaches them all."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store import write_backs
from hub.store.database import Row, jsonb, rows, run


def keep_all(db: Connection, found: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """Remember whose number each of these records shows."""
    if not found:
        return
    run(
        db,
        """INSERT INTO records (workspace_id, connection_id, phone, record, seen_at)
           SELECT DISTINCT ON (connection_id, record)
               workspace_id, connection_id, phone, record, CAST(:now AS timestamptz)
           FROM jsonb_to_recordset(:found) AS r(workspace_id uuid, connection_id uuid, phone text,
               record text)
           ORDER BY connection_id, record
           ON CONFLICT (connection_id, record) DO UPDATE SET phone = excluded.phone,
               seen_at = excluded.seen_at WHERE records.phone <> excluded.phone""",
        found=jsonb(list(found)),
        now=now,
    )


# A word is news when the word before it, from the same source, said something else; a first «yes»
# changes nothing for anybody.
_CHANGES = """SELECT w.id, w.phone, w.verdict, w.source, r.connection_id, r.record, r.workspace_id,
        coalesce(c.connector, w.source) AS origin
    FROM consents w
    LEFT JOIN connections c ON c.id = w.connection_id
    LEFT JOIN LATERAL (SELECT verdict FROM consents p WHERE p.workspace_id = w.workspace_id
        AND p.phone = w.phone AND p.source = w.source AND p.id <> w.id
        AND p.said_at <= w.said_at ORDER BY p.said_at DESC, p.id DESC LIMIT 1) before ON true
    JOIN records r ON r.workspace_id = w.workspace_id AND r.phone = w.phone
        AND r.connection_id IS DISTINCT FROM w.connection_id
    JOIN connections o ON o.id = r.connection_id AND o.state <> 'removed'
    WHERE w.id = ANY(:ids) AND NOT (r.connection_id = ANY(:told))
    AND before.verdict IS DISTINCT FROM w.verdict
    AND (w.verdict IN ('withdrawn', 'stopped') OR before.verdict IN ('withdrawn', 'stopped'))"""

_SENTENCES = {
    "opted_out": "They opted out ({origin}). No more marketing messages go to this number.",
    "opted_in": "They agreed to messages again ({origin}).",
}


def spread(db: Connection, words: Sequence[UUID], now: datetime, told: Sequence[UUID] = ()) -> int:
    """Tell every other system that knows these people of these words in the consent ledger, by
    their ids. `told` are connections that hear it otherwise. How many will be told."""
    if not words:
        return 0
    found = rows(db, _CHANGES, ids=list(words), told=list(told))
    return write_backs.add_all(db, [_outcome(row, now) for row in found])


def _outcome(word: Row, now: datetime) -> dict[str, Any]:
    out = word["verdict"] in ("withdrawn", "stopped")
    kind = "opted_out" if out else "opted_in"
    return write_backs.planned(
        f"{word['id']}:{word['record']}",
        workspace_id=word["workspace_id"],
        connection_id=word["connection_id"],
        message_id=None,
        outcome={
            "kind": kind,
            "subject": word["record"],
            "record": word["record"],
            "at": now,
            "sentence": _SENTENCES[kind].format(origin=word["origin"]),
            "text": "",
            "origin": word["origin"],
        },
        due_at=now,
    )

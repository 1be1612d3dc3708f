"""The consent ledger: append-only, keyed by number; the strictest word wins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, rows, run
from hub.store.tellings import keeping

_TELLING = keeping(
    "kept r",
    """(CASE WHEN r.verdict IN ('stopped', 'withdrawn') THEN 'person.opted_out'
        ELSE 'person.opted_in' END)""",
    phone="r.phone",
    marker="r.id || ' said'",
    data="jsonb_build_object('verdict', r.verdict, 'by', r.source)",
    at="r.said_at",
)


@dataclass(frozen=True)
class Word:
    """One line of the ledger: what was said of a number, where, when."""

    verdict: str
    source: str
    at: datetime


@dataclass(frozen=True)
class Standing:
    """Where a number stands: `marketing` is the word that counts, `stop` the STOP in force."""

    marketing: Word | None = None
    stop: Word | None = None


def add_all(db: Connection, words: Sequence[Mapping[str, Any]]) -> list[UUID]:
    """Append; the same word told again is no second line, nor is a record that still says what it
    said, whenever it was read again. The ids of those that were new."""
    if not words:
        return []
    kept = rows(
        db,
        f"""WITH kept AS (
               INSERT INTO consents (id, workspace_id, phone, verdict, source, connection_id,
                   said_at, wording)
               SELECT id, workspace_id, phone, verdict, source, connection_id, said_at, wording
               FROM jsonb_to_recordset(:words) AS w(id uuid, workspace_id uuid, phone text,
                   verdict text, source text, connection_id uuid, said_at timestamptz,
                   wording text)
               WHERE verdict NOT IN ('granted', 'withdrawn') OR verdict IS DISTINCT FROM (
                   SELECT b.verdict FROM consents b WHERE b.workspace_id = w.workspace_id
                   AND b.phone = w.phone AND b.source = w.source AND b.said_at <= w.said_at
                   ORDER BY b.said_at DESC, b.id DESC LIMIT 1)
               ON CONFLICT DO NOTHING
               RETURNING id, workspace_id, phone, verdict, source, said_at),
           telling AS ({_TELLING})
           SELECT id FROM kept""",  # noqa: S608 - our own words
        words=jsonb(list(words)),
    )
    return [r["id"] for r in kept]


def hold_still(db: Connection, workspace_id: UUID, phone: str) -> None:
    """Two words about one number are heard one after the other, until this transaction ends."""
    run(
        db,
        "SELECT pg_advisory_xact_lock(hashtextextended(:who, 0))",
        who=f"{workspace_id}:{phone}",
    )


def standing(
    db: Connection, workspace_ids: Sequence[UUID], phones: Sequence[str]
) -> dict[tuple[UUID, str], Standing]:
    """Where these numbers stand, by workspace and phone; absent means nothing was ever said."""
    if not phones:
        return {}
    found = rows(
        db,
        """SELECT DISTINCT ON (workspace_id, phone, scope)
               workspace_id, phone, verdict, source, said_at,
               CASE WHEN verdict IN ('stopped', 'resumed') THEN 'stop' ELSE source END AS scope
           FROM consents
           WHERE workspace_id = ANY(:workspaces) AND phone = ANY(:phones)
           ORDER BY workspace_id, phone, scope, said_at DESC, id DESC""",
        workspaces=list(set(workspace_ids)),
        phones=list(set(phones)),
    )
    lines: dict[tuple[UUID, str], list[Row]] = {}
    for line in found:
        lines.setdefault((line["workspace_id"], line["phone"]), []).append(line)
    return {who: _judge(said) for who, said in lines.items()}


def ledger(db: Connection, workspace_id: UUID, phones: Sequence[str]) -> dict[str, list[Row]]:
    """Every line about these numbers, oldest first: enough to say where they stood at any time."""
    if not phones:
        return {}
    found = rows(
        db,
        """SELECT phone, verdict, source, said_at,
               CASE WHEN verdict IN ('stopped', 'resumed') THEN 'stop' ELSE source END AS scope
           FROM consents WHERE workspace_id = :workspace_id AND phone = ANY(:phones)
           ORDER BY said_at, id""",
        workspace_id=workspace_id,
        phones=list(set(phones)),
    )
    lines: dict[str, list[Row]] = {}
    for line in found:
        lines.setdefault(line["phone"], []).append(line)
    return lines


def stood(lines: Sequence[Row], at: datetime) -> Standing:
    """Where a number stood at that moment, from its lines of the ledger."""
    newest = {line["scope"]: line for line in lines if line["said_at"] <= at}
    return _judge([newest[scope] for scope in sorted(newest)])


def _judge(said: Sequence[Row]) -> Standing:
    """STOP and START weigh by time; among the records, one «no» outweighs every «yes»."""
    stops = sorted((s for s in said if s["scope"] == "stop"), key=lambda s: s["said_at"])
    stop = stops[-1] if stops else None
    records = [s for s in said if s["scope"] != "stop"]
    withdrawn = [s for s in records if s["verdict"] == "withdrawn"]
    granted = [s for s in records if s["verdict"] == "granted"]
    granted += [s for s in (stop,) if s and s["verdict"] == "resumed"]
    counts = withdrawn + granted
    return Standing(
        marketing=_word(counts[0] if counts else None),
        stop=_word(stop) if stop and stop["verdict"] == "stopped" else None,
    )


def _word(line: Row | None) -> Word | None:
    return Word(line["verdict"], line["source"], line["said_at"]) if line else None


def history(db: Connection, workspace_id: UUID, phone: str) -> Sequence[Row]:
    """Every word ever said of a number, newest first."""
    return rows(
        db,
        """SELECT id, verdict, source, connection_id, said_at, wording FROM consents
           WHERE workspace_id = :workspace_id AND phone = :phone ORDER BY said_at DESC, id DESC""",
        workspace_id=workspace_id,
        phone=phone,
    )

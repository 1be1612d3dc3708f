"""The audit chain: who changed what, each line sealed over the line before it. It is only ever
added to, and holds no personal data: ids, names of fields, counts."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection

from hub.store.database import Row, row, rows

_FIRST = bytes(32)
_BATCH = 5000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Proof:
    """What a walk along the chain found: how many lines hold, the last one's hash, and what is
    wrong with the first that does not, in words; empty where all hold."""

    lines: int
    hash: bytes
    fault: str = ""

    @property
    def anchor(self) -> str:
        """The chain's end, to be kept elsewhere: nobody can shorten it unseen by who has this."""
        return f"{self.lines}:{spaced(self.hash)}"


def note(
    db: Connection,
    at: datetime,
    who: str,
    what: str,
    object: str = "",
    workspace_id: UUID | None = None,
    detail: Mapping[str, Any] | None = None,
) -> int:
    """One more line, kept when this transaction is; its number. Others wait for this transaction's
    end, so it comes last in it. `who` is "key:<id>", "cli:<account>" or "clock"."""
    said = orjson.dumps(dict(detail or {}), default=str, option=orjson.OPT_SORT_KEYS).decode()
    made = row(
        db,
        "SELECT keep_audit(:at, :workspace_id, :who, :what, :object, :detail) AS n",
        at=at,
        workspace_id=workspace_id,
        who=who,
        what=what,
        object=object[:300],
        detail=said,
    )
    return int(made["n"]) if made is not None else 0


def listed(db: Connection, limit: int, workspace_id: UUID | None = None) -> Sequence[Row]:
    """The newest lines, newest first; of one workspace where one is named."""
    return rows(
        db,
        """SELECT a.*, k.name AS key_name FROM audit a
           LEFT JOIN api_keys k ON a.who = 'key:' || k.id
           WHERE CAST(:workspace_id AS uuid) IS NULL OR a.workspace_id = :workspace_id
           ORDER BY n DESC LIMIT :limit""",
        workspace_id=workspace_id,
        limit=limit,
    )


def verify(db: Connection, anchor: str = "") -> Proof:
    """Walk the whole chain. `anchor` is what an earlier walk ended with, and must be met again."""
    proof = Proof(0, _FIRST)
    wanted, _, sealed = anchor.partition(":")
    while batch := rows(
        db,
        "SELECT * FROM audit WHERE n > :after ORDER BY n LIMIT :most",
        after=proof.lines,
        most=_BATCH,
    ):
        for line in batch:
            fault = _fault(proof, line)
            if str(line["n"]) == wanted and spaced(bytes(line["hash"])) != sealed:
                fault = "It is not the line that the anchor was taken from."
            if fault:
                return Proof(proof.lines, proof.hash, f"Line {proof.lines + 1}: {fault}")
            proof = Proof(line["n"], bytes(line["hash"]))
    if wanted.isdecimal() and int(wanted) > proof.lines:
        return Proof(proof.lines, proof.hash, f"Lines {proof.lines + 1} to {wanted} are gone.")
    return proof


def end(db: Connection) -> Proof:
    """The chain's end as it stands, not verified."""
    last = row(db, "SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1")
    return Proof(last["n"], bytes(last["hash"])) if last is not None else Proof(0, _FIRST)


def spaced(hash: bytes) -> str:
    """A hash as people compare it. The log cuts long runs of digits, as they may be numbers."""
    return "-".join(hash.hex()[at : at + 8] for at in range(0, 2 * len(hash), 8))


def _fault(proof: Proof, line: Row) -> str:
    if line["n"] != proof.lines + 1:
        return "It is gone."
    if bytes(line["before"]) != proof.hash or bytes(line["hash"]) != _hash(proof.hash, line):
        return "It was changed after it was written."
    return ""


def _hash(before: bytes, line: Row) -> bytes:
    """As keep_audit in step 0008 has it: each part with its length, so that no two lines read the
    same."""
    parts = (
        str(line["n"]),
        str((line["at"] - _EPOCH) // _MICROSECOND),
        str(line["workspace_id"] or ""),
        *(line[name] for name in ("who", "what", "object", "detail")),
    )
    said = b"".join(b"%d:%s" % (len(p.encode()), p.encode()) for p in parts)
    return hashlib.sha256(before + said).digest()

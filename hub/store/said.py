"""Said: what words went to whom, so that the same ones do not go twice in a short while."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import rows, run

_TEXTS, _LOCKS = 52005, 64  # the locks on what is said to whom
Said = tuple[UUID, str, bytes]  # workspace, phone, what the words come to


def hold(db: Connection, said: Sequence[Said]) -> None:
    """Keep others from saying the same to the same people until this transaction ends; a few
    locks stand for all there are, so that a large claim takes few."""
    places = sorted({hash_of(workspace.bytes + phone.encode()) for workspace, phone, _ in said})
    run(
        db,
        """SELECT pg_advisory_xact_lock(:kind, place)
           FROM unnest(CAST(:places AS int[])) AS place""",
        kind=_TEXTS,
        places=places,
    )


def hash_of(key: bytes) -> int:
    """Which of the locks a key shares."""
    return int.from_bytes(blake2b(key, digest_size=2).digest()) % _LOCKS


def since(
    db: Connection, said: Sequence[Said], earliest: datetime
) -> dict[Said, list[tuple[UUID, UUID | None, datetime]]]:
    """Which messages said this to these people since then: (message, whom it stands in for,
    when it was handed over)."""
    found = rows(
        db,
        """SELECT m.workspace_id, m.phone, m.text_hash, m.id, m.stands_in_for,
               coalesce(m.sent_at, m.sending_at) AS at
           FROM messages m JOIN unnest(CAST(:workspaces AS uuid[]), CAST(:phones AS text[]),
               CAST(:hashes AS bytea[])) AS s(workspace_id, phone, text_hash)
               ON m.workspace_id = s.workspace_id AND m.phone = s.phone
               AND m.text_hash = s.text_hash
           WHERE m.state IN ('sending', 'uncertain', 'sent', 'delivered', 'read')
           AND coalesce(m.sent_at, m.sending_at) > :earliest""",
        workspaces=[workspace for workspace, _, _ in said],
        phones=[phone for _, phone, _ in said],
        hashes=[sense for _, _, sense in said],
        earliest=earliest,
    )
    told: dict[Said, list[tuple[UUID, UUID | None, datetime]]] = {}
    for r in found:
        key = (r["workspace_id"], r["phone"], bytes(r["text_hash"]))
        told.setdefault(key, []).append((r["id"], r["stands_in_for"], r["at"]))
    return told

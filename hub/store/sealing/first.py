"""The first sealing: what an older hub wrote in plain, sealed in the step of the schema that brings
the columns for it, all or nothing. An empty database needs no key."""

from collections.abc import Callable
from contextlib import nullcontext
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import NotAPhone, Phone
from hub.store import intakes
from hub.store.database import Row, rows, run
from hub.store.numbers import Number, keep_all, number_of
from hub.store.sealing.keyring import Keyring
from hub.store.sealing.vault import Vault

Master = Callable[[], bytes]

_BATCH = 1000
_NAMING = ("people", "events", "consents", "decisions", "messages", "replies", "questions",
           "bookings", "records", "reach")  # fmt: skip
_EVERY = " UNION ".join(
    [f"SELECT workspace_id, phone FROM {table}" for table in _NAMING]  # noqa: S608 - our own words
    + ["SELECT id, unnest(testers) FROM workspaces"]
)
_RENAMED = """CREATE TEMPORARY TABLE renamed (workspace_id uuid, was text, token text, digest text,
    PRIMARY KEY (workspace_id, was)) ON COMMIT DROP"""
_TESTERS = """UPDATE workspaces w SET testers = ARRAY(
    SELECT r.token FROM unnest(w.testers) t JOIN renamed r ON r.was = t AND r.workspace_id = w.id)
    WHERE w.testers <> '{}'"""
# What holds the number beside its own column: the once-key of «once per person», by its digest,
# and some carriers' names of messages and replies.
_BESIDE = (
    """UPDATE messages m SET once_key = replace(m.once_key, r.digest, r.token) FROM renamed r
       WHERE r.workspace_id = m.workspace_id AND r.token = m.phone
       AND m.once_key = 'person:' || r.digest""",
    """UPDATE receipts x SET carrier_message_id = replace(x.carrier_message_id, r.was, r.token)
       FROM messages m JOIN renamed r ON r.workspace_id = m.workspace_id AND r.token = m.phone
       WHERE m.id = x.message_id AND position(r.was IN x.carrier_message_id) > 0""",
    """UPDATE messages m SET carrier_message_id = replace(m.carrier_message_id, r.was, r.token)
       FROM renamed r WHERE r.workspace_id = m.workspace_id AND r.token = m.phone
       AND position(r.was IN m.carrier_message_id) > 0""",
    """UPDATE replies y SET carrier_reply_id = replace(replace(y.carrier_reply_id, r.was, r.token),
           substr(r.was, 2), r.token)
       FROM renamed r WHERE r.workspace_id = y.workspace_id AND r.token = y.phone
       AND position(substr(r.was, 2) IN y.carrier_reply_id) > 0""",
)


class NoKey(RuntimeError):
    """There is something to seal, and nobody said with which key."""


def seal_what_stands(db: Connection, master: Master | None) -> None:
    """Seal every number and every intake of an older hub. Raises NoKey."""
    there = f"SELECT 1 FROM intakes UNION ALL SELECT 1 FROM ({_EVERY}) n LIMIT 1"  # noqa: S608
    if not rows(db, there):
        return
    if master is None:
        raise NoKey("This database holds numbers to seal. Bring it up to date with `hub migrate`.")
    run(db, "SET LOCAL statement_timeout = 0")
    vault = Vault(Keyring(master(), lambda: nullcontext(db)))  # in the step's own transaction
    _rename(db, vault)
    _seal_intakes(db, vault)


def _rename(db: Connection, vault: Vault) -> None:
    run(db, _RENAMED)
    found = rows(db, f"SELECT workspace_id, phone FROM ({_EVERY}) n WHERE phone <> ''")  # noqa: S608
    for start in range(0, len(found), _BATCH):
        _name(db, vault, found[start : start + _BATCH])
    run(db, "ANALYZE renamed")
    for table in _NAMING:
        run(
            db,
            f"""UPDATE {table} t SET phone = r.token FROM renamed r
                WHERE r.workspace_id = t.workspace_id AND r.was = t.phone""",  # noqa: S608
        )
    for statement in (_TESTERS, *_BESIDE):
        run(db, statement)


def _name(db: Connection, vault: Vault, found: Any) -> None:
    named = [(r["workspace_id"], _number(vault, r["workspace_id"], r["phone"])) for r in found]
    keep_all(db, vault, named)
    run(
        db,
        """INSERT INTO renamed SELECT * FROM unnest(CAST(:workspaces AS uuid[]),
               CAST(:was AS text[]), CAST(:tokens AS text[]), CAST(:digests AS text[]))""",
        workspaces=[workspace for workspace, _ in named],
        was=[number.phone.e164 for _, number in named],
        tokens=[number.token for _, number in named],
        digests=[_digest(number.phone.e164) for _, number in named],
    )


def _number(vault: Vault, workspace_id: UUID, e164: str) -> Number:
    try:
        return number_of(vault, workspace_id, Phone.of(e164))
    except NotAPhone:  # it was one when it was written
        return number_of(vault, workspace_id, Phone(e164))


def _digest(e164: str) -> str:
    return f"phone-{sha256(e164.encode()).hexdigest()[:24]}"


def _seal_intakes(db: Connection, vault: Vault) -> None:
    while batch := rows(
        db,
        """SELECT id, workspace_id, method, headers, query, body FROM intakes
           WHERE sealed IS NULL ORDER BY id LIMIT :most""",
        most=_BATCH,
    ):
        run(
            db,
            """UPDATE intakes SET sealed = n.sealed, size = octet_length(body)
               FROM unnest(CAST(:ids AS uuid[]), CAST(:sealed AS bytea[])) AS n(id, sealed)
               WHERE intakes.id = n.id""",
            ids=[r["id"] for r in batch],
            sealed=[_sealed(vault, r) for r in batch],
        )


def _sealed(vault: Vault, row: Row) -> bytes:
    packed = intakes.packed(row["method"], row["headers"], row["query"], bytes(row["body"]))
    return vault.seal(packed, intakes.place_of(row["workspace_id"], row["id"]))

"""Settle: what carriers tell later moves messages forward by rank; what people answer is heard
at once, STOP before anything else."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub import crash
from hub.contract import ConnectorError, Receipt, Reply
from hub.send.hear import hear_all
from hub.send.listen import listen
from hub.send.progress import apply
from hub.store import connections, intakes, messages, numbers, receipts
from hub.store.batches import in_batches
from hub.store.database import Row, new_id
from hub.store.ground import Ground
from hub.store.sealing import CannotUnseal, Vault

log = logging.getLogger(__name__)


@dataclass
class Told:
    """What a batch of callbacks says, each with the intake it came by."""

    verdicts: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    receipts: list[tuple[Row, Receipt]] = field(default_factory=list)
    replies: list[tuple[Row, Reply]] = field(default_factory=list)


def settle_batch(ground: Ground, limit: int = 200) -> int:
    """Settle up to `limit` callbacks in one transaction; how many there were."""
    return in_batches(partial(_settle, ground), partial(_stumble, ground), limit)


def _stumble(ground: Ground, intake_id: UUID, reason: str) -> None:
    with ground.database.begin() as db:
        intakes.stumble(db, intake_id, ground.clock(), reason)


def _settle(ground: Ground, limit: int, claimed: list[UUID]) -> int:
    now = ground.clock()
    with ground.database.begin() as db:
        batch = intakes.claim(db, "carrier", now, limit)
        claimed.extend(row["id"] for row in batch)
        if batch:
            told = _read(ground, db, batch, now)
            heard = listen(db, ground.vault, told.replies)  # bookings are held before messages
            _apply_receipts(db, told, now)
            hear_all(db, heard, now)
            intakes.close(db, told.verdicts)
            crash.at("C21")
    return len(batch)


def _read(ground: Ground, db: Connection, batch: Sequence[Row], now: datetime) -> Told:
    installed = connections.by_ids(db, [row["connection_id"] for row in batch])
    told = Told()
    for row in batch:
        slug = installed[row["connection_id"]]["connector"]
        connector = ground.connectors.get(slug)
        if connector is None or connector.carrier is None:
            told.verdicts[row["id"]] = ("ignored", "Its connector is no longer installed.")
            continue
        try:
            request = intakes.request_of(ground.vault, row)
            found = connector.carrier.receipts(request), connector.carrier.replies(request)
        except (ValueError, ConnectorError) as error:
            told.verdicts[row["id"]] = ("bad", str(error)[:500])
            continue
        except CannotUnseal as error:
            log.warning("settle.sealed", extra={"intake": row["id"], "why": str(error)})
            intakes.stumble(db, row["id"], now, str(error))
            continue
        except Exception as error:
            log.exception("settle.failed", extra={"intake": row["id"]})
            intakes.stumble(db, row["id"], now, f"The connector failed: {type(error).__name__}.")
            continue
        told.receipts += [(row, _sealed(ground.vault, row, r)) for r in found[0]]
        told.replies += [(row, r) for r in found[1]]
        told.verdicts[row["id"]] = ("opened", "")
    return told


def _sealed(vault: Vault, row: Row, receipt: Receipt) -> Receipt:
    """As rows keep it: some carriers' own names of a message hold the number it went to."""
    name = numbers.tokened(vault, row["workspace_id"], receipt.carrier_message_id)
    return replace(receipt, carrier_message_id=name)


def _apply_receipts(db: Connection, told: Told, now: datetime) -> None:
    pairs = [(row["connection_id"], r.carrier_message_id) for row, r in told.receipts]
    named = messages.by_carrier_ids(db, pairs) if pairs else {}
    wanted = {}
    for row, receipt in told.receipts:
        by_id = named.get((row["connection_id"], receipt.carrier_message_id))
        wanted[id(receipt)] = by_id or _reference(receipt.reference)
    locked = messages.lock(db, [m for m in wanted.values() if m])
    known = [
        (row, r, message)
        for row, r in told.receipts
        if (message := locked.get(wanted[id(r)]))  # type: ignore[arg-type]
        and message["workspace_id"] == row["workspace_id"]
    ]
    mine = {id(r): message["id"] for _, r, message in known}
    news = receipts.add_all(db, [_kept(row, r, mine.get(id(r)), now) for row, r in told.receipts])
    fresh = {(n["carrier_message_id"], n["state"], n["code"]) for n in news}
    apply(
        db,
        [(r, m) for _, r, m in known if (r.carrier_message_id, r.state, r.code) in fresh],
        now,
    )


def _reference(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _kept(row: Row, receipt: Receipt, message_id: UUID | None, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "workspace_id": row["workspace_id"],
        "connection_id": row["connection_id"],
        "intake_id": row["id"],
        "message_id": message_id,
        "carrier_message_id": receipt.carrier_message_id[:200].replace("\x00", ""),
        "reference": receipt.reference[:200].replace("\x00", ""),
        "state": receipt.state,
        "code": receipt.code[:100].replace("\x00", ""),
        "words": receipt.words[:500].replace("\x00", ""),
        "at": receipt.at,
        "received_at": row["received_at"],
    }

"""Progress: receipts against messages. States move forward by rank, and evidence that a message
did go wins over any doubt."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import Receipt
from hub.send import guard, spending
from hub.send.beneath import put_beneath, take_back
from hub.send.consequences import Consequence, follow
from hub.send.outcomes import outcome_of, said_of
from hub.send.settled import arrived_after_all
from hub.store import health, messages, sending, write_backs
from hub.store.database import Row

log = logging.getLogger(__name__)

_SENTENCES = {
    "sent": "",
    "delivered": "",
    "read": "",
    "expired": "Not delivered: the phone could not be reached in time.",
    "failed": "Not delivered: the carrier gave up.",
}
_OUTCOMES = {"sent": "sent", "delivered": "delivered", "read": "read"}


def apply(db: Connection, told: Sequence[tuple[Receipt, Row]], now: datetime) -> None:
    """Move each message as far as its receipts say; tell the CRM of every step."""
    state: dict[UUID, str] = {}
    changes: dict[UUID, dict[str, Any]] = {}  # the furthest state of each message
    outcomes: list[dict[str, Any]] = []
    moved: list[tuple[Receipt, Row]] = []
    for receipt, message in told:
        current = state.get(message["id"], str(message["state"]))
        if not _moves(receipt, message, current):
            continue
        state[message["id"]] = receipt.state
        sentence = receipt.words or _SENTENCES[receipt.state]
        changes[message["id"]] = _change(receipt, message, sentence)
        outcomes += _told(receipt, message, sentence, now)
        moved.append((receipt, message))
    sending.progress(db, list(changes.values()), now)
    write_backs.add_all(db, outcomes)
    _beneath(db, moved, now)
    guard.note(db, moved, now)
    _consequences(db, told, now)


def _moves(receipt: Receipt, message: Row, current: str) -> bool:
    rank = messages.RANK
    if receipt.state not in _SENTENCES:
        return False
    if current in messages.WAITING and message["tries"] == 0:
        # The hub never handed it to a carrier: whatever this receipt is about, it is not this.
        log.error("settle.receipt_for_unsent", extra={"message_id": message["id"]})
        return False
    return rank[receipt.state] > rank[current] or current in messages.WAITING


def _change(receipt: Receipt, message: Row, sentence: str) -> dict[str, Any]:
    return {
        "id": message["id"],
        "state": receipt.state,
        "reason": receipt.code if receipt.state in ("failed", "expired") else "",
        "sentence": sentence if receipt.state in ("failed", "expired") else "",
        "carrier_message_id": receipt.carrier_message_id,
        "price": str(receipt.price.amount) if receipt.price else None,
        "currency": receipt.price.currency if receipt.price else None,
    }


def _told(receipt: Receipt, message: Row, sentence: str, now: datetime) -> list[dict[str, Any]]:
    """The outcome, and «sent» before it where the receipt overtook the carrier's own answer. An
    RCS message that failed is no outcome while an SMS follows it.

    `now` may have been read before the message was locked: what another worker wrote of it
    meanwhile came first, so «delivered» never bears an earlier time than «sent».
    """
    at = max(now, message["changed_at"])
    first = outcome_of(message, "sent", at, said_of(message, "sent"), message["body"])
    if receipt.state in ("failed", "expired"):
        if _goes_on(receipt, message):
            return first
        return first + outcome_of(message, "failed", at, sentence, message["body"])
    kind = _OUTCOMES[receipt.state]
    if kind == "sent":
        return first
    return first + outcome_of(message, kind, at, said_of(message, kind), message["body"])


def _goes_on(receipt: Receipt, message: Row) -> bool:
    """Whether an SMS follows: the phone is there, RCS did not reach it."""
    return message["channel"] == "rcs" and not (receipt.blocked or receipt.dead_number)


def _beneath(db: Connection, moved: Sequence[tuple[Receipt, Row]], now: datetime) -> None:
    lost = [m for r, m in moved if r.state in ("failed", "expired") and _goes_on(r, m)]
    arrived = [m for r, m in moved if r.state in ("delivered", "read")]
    take_back(db, arrived, now)
    arrived_after_all(db, arrived, now)
    back = {m["id"] for m in arrived}
    put_beneath(db, [m for m in lost if m["id"] not in back], now)


def _consequences(db: Connection, told: Sequence[tuple[Receipt, Row]], now: datetime) -> None:
    """What receipts say of numbers, of money, of the account."""
    follow(db, [_consequence(receipt, message) for receipt, message in told], now)
    for receipt, message in told:
        if receipt.code == "INSUFFICIENT_CREDIT" and message["carrier_id"]:
            health.needs_attention(db, message["carrier_id"], receipt.words)
    spending.correct(db, [_cost(receipt, message) for receipt, message in told], now)


def _consequence(receipt: Receipt, message: Row) -> Consequence:
    return Consequence(
        message,
        blocked=receipt.blocked,
        dead_number=receipt.dead_number,
        unreachable=receipt.unreachable,
        arrived=receipt.state in ("delivered", "read"),
    )


def _cost(receipt: Receipt, message: Row) -> spending.Told:
    price = receipt.price
    micros = int(price.amount * 1_000_000) if price else None
    return spending.Told(message["id"], micros, receipt.parts, price.currency if price else "")

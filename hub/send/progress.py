"""Progress: receipts against messages. States move forward by rank, and evidence that a message
did go wins over any doubt."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import Receipt
from hub.send.outcomes import outcome_of
from hub.store import consent, health, messages, people, records, sending, write_backs
from hub.store.database import Row, new_id

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
    for receipt, message in told:
        current = state.get(message["id"], message["state"])
        if not _moves(receipt, message, current):
            continue
        state[message["id"]] = receipt.state
        sentence = receipt.words or _SENTENCES[receipt.state]
        changes[message["id"]] = _change(receipt, message, sentence)
        outcomes += _told(receipt, message, sentence, now)
    sending.progress(db, list(changes.values()), now)
    write_backs.add_all(db, outcomes)
    _consequences(db, told, now)


def _moves(receipt: Receipt, message: Row, current: str) -> bool:
    rank = messages.RANK
    if receipt.state not in _SENTENCES:
        return False
    if current in messages.WAITING and message["tries"] == 0:
        # The hub never handed it to a carrier: whatever this receipt is about, it is not this.
        log.error("settle.receipt_for_unsent", extra={"message": message["id"]})
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
    """The outcome, and «sent» before it where the receipt overtook the carrier's own answer."""
    first = outcome_of(message, "sent", now, "SMS sent.", message["body"])
    if receipt.state in ("failed", "expired"):
        return first + outcome_of(message, "failed", now, sentence, message["body"])
    kind = _OUTCOMES[receipt.state]
    if kind == "sent":
        return first
    return first + outcome_of(message, kind, now, f"SMS {kind}.", message["body"])


def _consequences(db: Connection, told: Sequence[tuple[Receipt, Row]], now: datetime) -> None:
    """A number that opted out at the carrier, a number that is none, an account without credit."""
    dead = [(m["workspace_id"], m["phone"]) for r, m in told if r.dead_number]
    people.count_failure(db, dead)
    blocked = [(r, m) for r, m in told if r.blocked]
    blocks = consent.add_all(db, [_block(message, now) for _, message in blocked])
    records.spread(db, blocks, now, [m["source_id"] for _, m in blocked if m["source_id"]])
    for _, message in blocked:
        messages.cancel_marketing(db, message["workspace_id"], message["phone"], now)
        words = "The person opted out at the carrier."
        write_backs.add_all(db, outcome_of(message, "opted_out", now, words))
    for receipt, message in told:
        if receipt.code == "INSUFFICIENT_CREDIT" and message["carrier_id"]:
            health.needs_attention(db, message["carrier_id"], receipt.words)


def _block(message: Row, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "workspace_id": message["workspace_id"],
        "phone": message["phone"],
        "verdict": "stopped",
        "source": "carrier",
        "connection_id": message["carrier_id"],
        "said_at": now,
        "wording": "",
    }

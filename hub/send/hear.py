"""Hear: a person's reply. STOP suppresses in the same transaction that keeps it, cancels what
waits, is confirmed once where the law wants it, and is told to the CRM."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.compose.keywords import Keyword, read
from hub.contract import NotAPhone, Phone, Reply
from hub.send.outcomes import outcome_of
from hub.store import consent, messages, receipts, templates, workspaces, write_backs
from hub.store.database import Row, new_id

log = logging.getLogger(__name__)

# Where a STOP must or may be confirmed by one message. Elsewhere silence is the rule.
CONFIRMED_IN = frozenset({"FR", "US", "CA", "BE", "CH", "LU"})
CONFIRMATION = "stop-confirmed"


def hear(db: Connection, intake: Row, reply: Reply, now: datetime) -> None:
    """Keep one reply and act on it; the same reply told twice is heard once."""
    shop = workspaces.get(db, intake["workspace_id"])
    if shop is None:
        return
    answered = _answered(db, intake, reply)
    phone = _phone(reply, answered, shop)
    if answered is None and phone:
        answered = messages.last_to(db, shop["id"], phone.e164)
    keyword = Keyword.STOP if reply.opt_out else read(reply.text, shop["stop_code"])
    kept = receipts.add_replies(db, [_kept(intake, reply, answered, phone, keyword)])
    if not kept or not phone:
        return
    if keyword is Keyword.STOP:
        _stop(db, intake, shop, phone, answered, now)
    elif keyword is Keyword.START:
        consent.add_all(db, [_word(intake, phone, "resumed", reply.text)])
    if answered is not None:
        words = f"They replied: «{reply.text[:160]}»"
        told = outcome_of(answered, "replied", now, words, reply.text, reply.carrier_reply_id)
        write_backs.add_all(db, told)


def _answered(db: Connection, intake: Row, reply: Reply) -> Row | None:
    try:
        message = messages.get(db, intake["workspace_id"], UUID(reply.reference))
    except ValueError:
        return None
    return message


def _phone(reply: Reply, answered: Row | None, shop: Row) -> Phone | None:
    """The sender's number; carriers leave out the plus as often as not."""
    digits = reply.sender.strip()
    for raw in (digits, f"+{digits}"):
        try:
            return Phone.parse(raw, "" if raw.startswith("+") else shop["country"])
        except NotAPhone:
            continue
    return Phone.of(answered["phone"]) if answered else None


def _kept(
    intake: Row, reply: Reply, answered: Row | None, phone: Phone | None, keyword: Keyword
) -> dict[str, Any]:
    return {
        "id": new_id(),
        "workspace_id": intake["workspace_id"],
        "connection_id": intake["connection_id"],
        "intake_id": intake["id"],
        "message_id": answered["id"] if answered else None,
        "carrier_reply_id": reply.carrier_reply_id[:200].replace("\x00", ""),
        "phone": phone.e164 if phone else "",
        "body": reply.text[:2000].replace("\x00", ""),
        "keyword": keyword.value,
        "received_at": intake["received_at"],
    }


def _word(intake: Row, phone: Phone, verdict: str, text: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "workspace_id": intake["workspace_id"],
        "phone": phone.e164,
        "verdict": verdict,
        "source": "reply",
        "connection_id": intake["connection_id"],
        "said_at": intake["received_at"],
        "wording": text[:200].replace("\x00", ""),
    }


def _stop(
    db: Connection, intake: Row, shop: Row, phone: Phone, answered: Row | None, now: datetime
) -> None:
    consent.hold_still(db, shop["id"], phone.e164)
    before = consent.standing(db, [shop["id"]], [phone.e164])
    known = before.get((shop["id"], phone.e164))
    consent.add_all(db, [_word(intake, phone, "stopped", "STOP")])
    cancelled = messages.cancel_marketing(db, shop["id"], phone.e164, now)
    log.info("consent.stopped", extra={"workspace": shop["id"], "cancelled": cancelled})
    if answered is not None:
        words = "They opted out by STOP. No more marketing messages go to this number."
        write_backs.add_all(db, outcome_of(answered, "opted_out", now, words))
    if phone.country in CONFIRMED_IN and not (known and known.stop):
        _confirm(db, shop, phone, answered, now)


def _confirm(db: Connection, shop: Row, phone: Phone, answered: Row | None, now: datetime) -> None:
    """The one message that may still go: it says that no more will come."""
    template = templates.get(db, shop["id"], CONFIRMATION)
    if template is None:
        return
    planned = {
        "id": new_id(),
        "workspace_id": shop["id"],
        "template_id": template["id"],
        "template_version": template["version"],
        "kind": "transactional",
        "channel": "sms",
        "phone": phone.e164,
        "language": answered["language"] if answered else shop["language"],
        "zone": shop["zone"],
        "variables": {"brand": shop["brand"]},
        "state": "scheduled",
        "reason": "",
        "sentence": "Confirms the STOP, once.",
        "due_at": now,
        "cart": "",
        "sender": "",
        "subject": "",
        "record": "",
        "created_at": now,
        "changed_at": now,
    }
    messages.add_all(db, [planned])

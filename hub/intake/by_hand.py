"""A word of consent that a person of the team, or a program of theirs, writes down."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import Phone
from hub.store import consent, messages, numbers, records
from hub.store.database import new_id
from hub.store.numbers import Number
from hub.store.sealing import Vault

OURS = ("carrier", "reply")  # sources that mean more than a word; only the hub writes them


def say(
    db: Connection,
    vault: Vault,
    workspace_id: UUID,
    phone: Phone,
    *,
    verdict: str,
    source: str,
    wording: str,
    said_at: datetime,
    now: datetime,
) -> Number:
    """Add it, and tell the other systems that know them. STOP also cancels the marketing messages
    that wait."""
    who = numbers.keep(db, vault, workspace_id, phone)
    consent.hold_still(db, workspace_id, who.token)
    word = {
        "id": new_id(), "workspace_id": workspace_id, "phone": who.token, "verdict": verdict,
        "source": source, "connection_id": None, "said_at": said_at, "wording": wording,
    }  # fmt: skip
    records.spread(db, consent.add_all(db, [word]), now)
    if verdict == "stopped":
        messages.cancel_marketing(db, workspace_id, who.token, now)
    return who

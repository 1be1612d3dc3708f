"""Hear: what people answer. STOP suppresses in the same transaction that keeps it, cancels what
waits, is confirmed once where the law wants it, and is told to the CRM."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from hub import crash
from hub.compose.keywords import Keyword
from hub.send.bookings import attend
from hub.send.listen import Heard
from hub.send.outcomes import outcome_of
from hub.send.own_words import own_message
from hub.store import consent, messages, receipts, records, templates, write_backs
from hub.store.database import Row, new_id
from hub.store.numbers import Number

log = logging.getLogger(__name__)

# Where a STOP must or may be confirmed by one message. Elsewhere silence is the rule.
CONFIRMED_IN = frozenset({"FR", "US", "CA", "BE", "CH", "LU"})
CONFIRMATION = "stop-confirmed"


def hear_all(db: Connection, heard: Sequence[Heard], now: datetime) -> None:
    """Keep these replies and act on each in turn; the same reply told twice is heard once."""
    news = {r["id"] for r in receipts.add_replies(db, [one.row() for one in heard])}
    for one in heard:
        if one.id in news and one.number is not None and one.said:
            _act(db, one, one.number, now)
    write_backs.add_all(db, [o for one in heard if one.id in news for o in _told(one, now)])


def _act(db: Connection, heard: Heard, number: Number, now: datetime) -> None:
    if heard.keyword is Keyword.STOP:
        _stop(db, heard, number, now)
    elif heard.keyword is Keyword.START:
        _start(db, heard, number, now)
    else:
        attend(db, heard, number, now)


def _told(heard: Heard, now: datetime) -> list[dict[str, Any]]:
    if heard.answered is None or heard.number is None or not heard.said:
        return []
    text = heard.reply.text
    words = f"They replied: «{text[:160]}»"
    return outcome_of(heard.answered, "replied", now, words, text, heard.reply.carrier_reply_id)


def _stop(db: Connection, heard: Heard, number: Number, now: datetime) -> None:
    shop = heard.shop
    crash.at("C24")
    consent.hold_still(db, shop["id"], number.token)
    before = consent.standing(db, [shop["id"]], [number.token])
    known = before.get((shop["id"], number.token))
    words = consent.add_all(db, [_word(heard, number, "stopped", "STOP")])
    cancelled = messages.cancel_marketing(db, shop["id"], number.token, now)
    log.info("consent.stopped", extra={"workspace": shop["id"], "cancelled": cancelled})
    said = "They opted out by STOP. No more marketing messages go to this number."
    records.spread(db, words, now, _tell(db, heard, number, "opted_out", said, now))
    if number.country in CONFIRMED_IN and not (known and known.stop):
        _confirm(db, shop, number, heard.answered, now)


def _start(db: Connection, heard: Heard, number: Number, now: datetime) -> None:
    consent.hold_still(db, heard.shop["id"], number.token)
    words = consent.add_all(db, [_word(heard, number, "resumed", heard.reply.text)])
    said = "They came back by START. Marketing messages may go to this number again."
    records.spread(db, words, now, _tell(db, heard, number, "opted_in", said, now))


def _tell(
    db: Connection, heard: Heard, number: Number, kind: str, said: str, now: datetime
) -> list[Any]:
    """Tell the record of the message that was answered, or of the last that had one where they
    answer the hub's own words; the connection that hears it so.

    Once for each time the person changed sides: STOP, START and STOP again are three outcomes.
    """
    about = heard.answered
    if about is None or about["source_id"] is None:
        about = messages.last_from_a_record(db, heard.shop["id"], number.token)
    if about is None:
        return []
    history = consent.history(db, heard.shop["id"], number.token)
    returns = sum(word["verdict"] == "resumed" for word in history)
    told = outcome_of(about, kind, now, said, told=str(returns or ""))
    write_backs.add_all(db, told)
    return [outcome["connection_id"] for outcome in told]


def _word(heard: Heard, number: Number, verdict: str, text: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "workspace_id": heard.shop["id"],
        "phone": number.token,
        "verdict": verdict,
        "source": "reply",
        "connection_id": heard.intake["connection_id"],
        "said_at": heard.intake["received_at"],
        "wording": text[:200].replace("\x00", ""),
    }


def _confirm(
    db: Connection, shop: Row, number: Number, answered: Row | None, now: datetime
) -> None:
    """The one message that may still go: it says that no more will come."""
    template = templates.get(db, shop["id"], CONFIRMATION)
    if template is None:
        return
    language = answered["language"] if answered else shop["language"]
    sentence = "Confirms the STOP, once."
    messages.add_all(db, [own_message(shop, template, number, language, {}, sentence, now)])

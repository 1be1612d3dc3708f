"""Asking: «which booking do you mean?», with numbered options, seldom enough that two machines
never talk to each other."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from hub.compose import formats
from hub.compose.filters import shorten
from hub.compose.values import clean
from hub.send.listen import Heard
from hub.send.own_words import own_message
from hub.store import messages, questions, templates
from hub.store.database import Row, new_id
from hub.store.numbers import Number

TEMPLATE = "which-booking"
ANSWERED_WITHIN = timedelta(hours=24)
_NOT_AGAIN_FOR = timedelta(minutes=10)
_MOST_A_DAY = 3  # against a machine that answers slowly
_MOST_OPTIONS = 3
_TITLE = 16  # characters, so that three options fit in few parts


def ask(
    db: Connection,
    heard: Heard,
    number: Number,
    keyword: str,
    options: Sequence[Row],
    now: datetime,
) -> None:
    """Ask which of these bookings is meant, unless the person was asked a moment ago.

    A question that is still open then counts for what was said last.
    """
    asked = questions.since(db, heard.shop["id"], number.token, now - ANSWERED_WITHIN)
    if asked and not asked[0]["answered_at"] and asked[0]["keyword"] != keyword:
        questions.reword(db, asked[0]["id"], keyword)
    recent = bool(asked) and asked[0]["asked_at"] > now - _NOT_AGAIN_FOR
    template = templates.get(db, heard.shop["id"], TEMPLATE)
    if recent or len(asked) >= _MOST_A_DAY or template is None:
        return
    offered = options[:_MOST_OPTIONS]
    language = heard.answered["language"] if heard.answered else heard.shop["language"]
    lines = {
        f"text_{place}": _line(booking, language, heard.shop["zone"])
        for place, booking in enumerate(offered, 1)
    }
    sentence = "Asks which booking the reply is about."
    message = own_message(heard.shop, template, number, language, lines, sentence, now)
    messages.add_all(db, [message])
    kept = [
        {
            "connection_id": str(booking["connection_id"]),
            "subject": booking["subject"],
            "starts_at": booking["starts_at"].isoformat(),
        }
        for booking in offered
    ]
    questions.add(db, new_id(), heard.shop["id"], number.token, keyword, kept, message["id"], now)


def _line(booking: Row, language: str, zone: str) -> str:
    """«12 juin, 14:30 Coupe», on the clock of the booking's place."""
    local = booking["starts_at"].astimezone(_zone(booking["zone"]) or _zone(zone))
    title = shorten(_TITLE)(clean(booking["title"]))
    return f"{formats.moment(local, language)} {title}".strip()


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None

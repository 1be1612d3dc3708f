"""What people answer about their bookings: yes, no, another slot, or which one they mean."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.compose.keywords import Keyword, choice
from hub.send.asking import ANSWERED_WITHIN, ask
from hub.send.listen import Heard
from hub.send.outcomes import outcome_of
from hub.store import bookings, events, questions, reminders, templates, threads, write_backs
from hub.store.database import Row
from hub.store.numbers import Number

_ANSWERS = {
    Keyword.YES.value: "confirmed",
    Keyword.NO.value: "declined",
    Keyword.REPORT.value: "postponed",
}
_SENTENCES = {
    "confirmed": "They confirmed the booking by text.",
    "declined": "They said by text that they will not come.",
    "postponed": "They asked by text for another slot.",
}
_ASIDE = {
    "declined": "Cancelled: the person said that they will not come.",
    "postponed": "Cancelled: the person asked for another slot.",
}


def attend(db: Connection, heard: Heard, who: Number, now: datetime) -> None:
    """Act on a reply that may be about a booking; anything else stays a reply.

    It counts from when it reached the hub: a «yes» after the start confirms nothing.
    """
    said, keyword = heard.intake["received_at"], heard.keyword.value
    if keyword not in _ANSWERS:
        _take_choice(db, heard, who, said, now)
        return
    meant = _named(db, heard, who)
    if meant is not None and not _ahead(meant, said):
        return
    if meant is not None and meant["starts_at"] == meant["told_start"]:
        _keep(db, heard, meant, keyword, now)
        return
    if meant is None and _asked_otherwise(db, heard):
        return
    options = bookings.open_for(db, heard.shop["id"], who.token, said)
    if len(options) == 1 and meant is None:
        _keep(db, heard, options[0], keyword, now)
    elif options:  # several, or the one they answer has moved since: ask, never guess
        ask(db, heard, who, keyword, options, now)


def _asked_otherwise(db: Connection, heard: Heard) -> bool:
    """Whether what they answer asked for a reply of its own, about something else: a survey's
    «no» cancels no booking. The hub's own words ask for nothing."""
    message = heard.answered
    if message is None or message["decision_id"] is None:
        return False
    if message["subject"].startswith("booking:"):
        return False
    pin = (message["template_id"], message["template_version"])
    return bool(templates.pinned(db, [pin])[pin]["expects_replies"])


def _named(db: Connection, heard: Heard, who: Number) -> Any:
    """The booking of the message that the carrier names, with the start which that one told; None
    where it names none."""
    message = heard.named
    if message is None or message["event_id"] is None or message["phone"] != who.token:
        return None
    event = events.by_ids(db, [message["event_id"]])[message["event_id"]]
    pair = (event["connection_id"], message["subject"])
    if not message["subject"].startswith("booking:") or pair[0] is None:
        return None
    row = bookings.by_subjects(db, [pair]).get(pair)
    if row is None:
        return None
    start = event["data"].get("starts_at")
    return {
        **row,
        "message_id": message["id"],
        "source_id": message["source_id"],
        "record": message["record"],
        "told_start": datetime.fromisoformat(start) if start else None,
    }


def _ahead(booking: Any, said: datetime) -> bool:
    start = booking["starts_at"]
    return bool(booking["state"] == "booked" and start is not None and start > said)


def _take_choice(db: Connection, heard: Heard, who: Number, said: datetime, now: datetime) -> None:
    """«2», in answer to the newest question while it is open."""
    number = choice(heard.reply.text)
    if not number:
        return
    asked = questions.since(db, heard.shop["id"], who.token, said - ANSWERED_WITHIN)
    question = asked[0] if asked else None
    if question is None or question["answered_at"] or number > len(question["options"]):
        return
    questions.close(db, question["id"], now)
    threads.took(db, heard.id, said)
    meant = _chosen(db, heard, who, question["options"][number - 1], said)
    if meant is not None:
        _keep(db, heard, meant, question["keyword"], now)


def _chosen(
    db: Connection, heard: Heard, who: Number, option: Mapping[str, str], said: datetime
) -> Row | None:
    """The booking of that option, where it still stands as it was offered."""
    wanted = (UUID(option["connection_id"]), option["subject"])
    start = datetime.fromisoformat(option["starts_at"])
    for booking in bookings.open_for(db, heard.shop["id"], who.token, said):
        same = (booking["connection_id"], booking["subject"]) == wanted
        if same and booking["starts_at"] == start:
            return booking
    return None


def _keep(db: Connection, heard: Heard, booking: Any, keyword: str, now: datetime) -> None:
    """Once for each change of mind: on the booking, on what waits about it, and to its system."""
    answer, slot = _ANSWERS[keyword], booking["starts_at"]
    said = heard.intake["received_at"]
    pair = (booking["connection_id"], booking["subject"])
    if not bookings.answer(db, *pair, slot, answer, said):
        return
    if answer in _ASIDE:
        reminders.set_aside(db, booking, now, _ASIDE[answer])
    elif booking["answer"] in _ASIDE:
        reminders.take_up_again(db, booking, now)
    about: Any = {**booking, "id": booking["message_id"]}
    once = f"{slot.isoformat()}:{heard.id}"
    told = outcome_of(about, answer, now, _SENTENCES[answer], heard.reply.text, once)
    write_backs.add_all(db, told)

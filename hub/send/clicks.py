"""Clicks against messages: how often a message's links were opened, and telling the CRM once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from hub.send.outcomes import outcome_of
from hub.store import clicks, messages, write_backs
from hub.store.database import Row
from hub.store.ground import Ground

LIMIT = 200


def settle_clicks(ground: Ground, limit: int = LIMIT) -> int:
    """Count new clicks on their messages and tell of each link once; how many there were.

    A click does not move a message's state: that it came is in `clicked_at`. A link to support is
    told and shown, but it is no visit that brings an order, so it is not counted.
    """
    with ground.database.begin() as db:
        fresh = clicks.claim(db, limit)
        people = [click for click in fresh if click["who"] == "person"]
        if not people:
            return len(fresh)
        known = messages.lock(db, [click["message_id"] for click in people])
        clicks.count(db, *_columns(people))
        told = [o for click in people for o in _told(known[click["message_id"]], click)]
        write_backs.add_all(db, told)
    return len(fresh)


def _columns(people: Iterable[Row]) -> tuple[list[UUID], list[int], list[datetime]]:
    """Message ids, visits and first clicks; the button of a page is no second visit."""
    visits: dict[UUID, int] = {}
    firsts: dict[UUID, datetime] = {}
    for click in people:
        if click["kind"] == "support":
            continue
        one = click["message_id"]
        visits[one] = visits.get(one, 0) + (click["why"] != clicks.BUTTON)
        firsts[one] = min(firsts.get(one, click["at"]), click["at"])
    return list(visits), list(visits.values()), list(firsts.values())


def _told(message: Row, click: Row) -> Sequence[dict[str, Any]]:
    """One outcome per link: its name is made of the message and the label, so twice is once."""
    return outcome_of(
        message, "clicked", click["at"], _sentence(click), click["label"], told=click["label"]
    )


def _sentence(click: Row) -> str:
    if click["kind"] == "support":
        return "The link to support was opened."
    if click["kind"] == "page":
        return "The page was opened."
    return f"The link «{click['label']}» was opened." if click["label"] else "The link was opened."

"""Consequences: what a carrier tells of a number, by a receipt or a refusal. It opted out there,
it is no number, it has no RCS."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from hub.send.outcomes import outcome_of
from hub.store import consent, messages, people, reach, records, write_backs
from hub.store.database import Row, new_id


@dataclass(frozen=True)
class Consequence:
    """What was told about the number of one message. `able` is whether it has the channel that the
    message went by, `how` it is known: by a receipt or a refusal."""

    message: Row
    blocked: bool = False
    dead_number: bool = False
    unreachable: bool = False
    how: str = "receipt"
    arrived: bool = False


def follow(db: Connection, told: Sequence[Consequence], now: datetime) -> None:
    """Act on each: a block ends everything, a dead number is counted, reach is remembered."""
    dead = [(c.message["workspace_id"], c.message["phone"]) for c in told if c.dead_number]
    people.count_failure(db, dead)
    reach.learn(db, [_reach(c) for c in told if _says_reach(c)], now)
    _block(db, [c.message for c in told if c.blocked], now)


def _says_reach(told: Consequence) -> bool:
    carried = told.message["channel"] == "rcs" and told.message["carrier_id"] is not None
    return carried and (told.unreachable or told.arrived)


def _reach(told: Consequence) -> dict[str, Any]:
    return {
        "workspace_id": told.message["workspace_id"],
        "connection_id": told.message["carrier_id"],
        "phone": told.message["phone"],
        "able": told.arrived,
        "how": told.how,
    }


def _block(db: Connection, blocked: Sequence[Row], now: datetime) -> None:
    if not blocked:
        return
    words = consent.add_all(db, [_word(message, now) for message in blocked])
    records.spread(db, words, now, [m["source_id"] for m in blocked if m["source_id"]])
    said = "The person opted out at the carrier."
    for message in blocked:
        messages.cancel_marketing(db, message["workspace_id"], message["phone"], now)
        write_backs.add_all(db, outcome_of(message, "opted_out", now, said))


def _word(message: Row, now: datetime) -> dict[str, Any]:
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

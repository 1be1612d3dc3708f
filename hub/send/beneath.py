"""Beneath: the one SMS under an RCS message that did not arrive. Made only with proof that it did
not, at most once, and taken back while it still waits if the RCS message arrives after all."""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from hub.store import stand_ins
from hub.store.database import Row

log = logging.getLogger(__name__)

_INSTEAD = "In place of the RCS message, which did not reach the phone."
_ARRIVED = "Cancelled: the RCS message arrived after all."


def put_beneath(db: Connection, failed: Sequence[Row], now: datetime) -> int:
    """An SMS for each RCS message among these that has none yet; how many were made."""
    rich = [row["id"] for row in failed if row["channel"] == "rcs"]
    made = stand_ins.add_all(db, rich, now, _INSTEAD)
    if made:
        log.info("send.fell_back", extra={"messages": made})
    return made


def take_back(db: Connection, arrived: Sequence[Row], now: datetime) -> int:
    """RCS messages that arrived late: the SMS beneath each does not go, if it has not gone."""
    rich = [row["id"] for row in arrived if row["channel"] == "rcs"]
    return len(stand_ins.cancel(db, rich, now, _ARRIVED))

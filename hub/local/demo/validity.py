"""The carrier's patience with RCS: what no phone has taken within seconds is given up, where a real
carrier tries for as long as the template lets it."""

from datetime import UTC, datetime, timedelta

from hub.contract import utc_now
from hub.local.demo.neighbours import Phones

SHORT = timedelta(seconds=6)


def give_up(phones: Phones, now: datetime | None = None) -> int:
    """Give up what has been on its way for too long; how many messages that were."""
    late = (now or utc_now()) - SHORT
    open_ = [
        one
        for one in phones.ledger.search(direction="MT", kind="RCS")
        if one["status"]["value"] == "ENROUTE" and _left_at(one["sentDate"]) < late
    ]
    for one in open_:
        phones.expire(one["refClient"])
    return len(open_)


def _left_at(stamp: str) -> datetime:
    return datetime.fromisoformat(stamp).replace(tzinfo=UTC)

"""Orphans: receipts that came before their message's own answer was written down. They are kept for
seven days, and read again once the message is known."""

from datetime import timedelta

from hub.store import receipts
from hub.store.ground import Ground

KEPT = timedelta(days=7)


def match_orphans(ground: Ground, limit: int = 500) -> int:
    """Open again what brought receipts whose message is known by now; how many deliveries."""
    now = ground.clock()
    with ground.database.begin() as db:
        return receipts.reopen_orphans(db, now - KEPT, now, limit)


def forget_orphans(ground: Ground) -> int:
    """Receipts that nobody's message ever answered to; how many."""
    with ground.database.begin() as db:
        return receipts.forget_orphans(db, ground.clock() - KEPT)

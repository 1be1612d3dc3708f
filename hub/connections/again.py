"""Reading again: what a vendor changed since a moment, for whatever was lost on the way."""

from datetime import datetime, timedelta

from hub.contract import Connector
from hub.store import connections, health
from hub.store.database import Row
from hub.store.ground import Ground

FARTHEST = timedelta(days=90)


def can_read_again(connector: Connector | None) -> bool:
    """Whether the vendor can be asked what changed since a moment."""
    return bool(connector and connector.poll and connector.poll.rewind)


def read_again(ground: Ground, row: Row, since: datetime) -> bool:
    """Let the next reading, due now, begin at `since`. What was told before is known again by its
    key and told to nobody twice. False where the vendor cannot be asked so."""
    connector = ground.connectors.get(row["connector"])
    if connector is None or connector.poll is None or connector.poll.rewind is None:
        return False
    cursor = connector.poll.rewind(row["settings"], row["cursor"] or "", since)
    with ground.database.begin() as db:
        connections.keep_cursor(db, row["id"], cursor, ground.clock())
        health.note(db, row["id"], f"Reading again from {since:%Y-%m-%d} on.")
    return True

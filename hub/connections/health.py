"""Looking after connections: finish what a consent page began, repair subscriptions, say what
needs a person."""

import logging
from datetime import timedelta
from uuid import UUID

from hub.connections.install import finish, look_again_after
from hub.contract import AuthLost, ConnectorError
from hub.store import connections
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)


def look_after_due(ground: Ground) -> int:
    """Look at every connection whose turn it is; how many there were."""
    now = ground.clock()
    with ground.database.begin() as db:
        due = connections.claim_due(db, "check_due_at", now, now + timedelta(minutes=5))
        found = connections.by_ids(db, due)
    for connection_id in due:
        look_after(ground, found[connection_id])
    return len(due)


def look_after(ground: Ground, row: Row) -> str:
    """Check one connection and mend what can be mended; its problem in words, or nothing."""
    try:
        if row["state"] == "installing":
            finish(ground, row["id"])
        else:
            _mend(ground, row)
    except ConnectorError as error:
        return _report(ground, row["id"], error)
    return ""


def _mend(ground: Ground, row: Row) -> None:
    connector = ground.connectors.get(row["connector"])
    if connector is None:
        return
    context = ground.context(row)
    connector.check(context)
    state = row["vendor_state"]
    repaired: tuple[str, ...] = ()
    if connector.webhook and connector.webhook.subscribe:
        standing = connector.webhook.subscribe(context)
        state, repaired = standing.state, standing.repaired
    with ground.database.begin() as db:
        connections.recovered(db, row["id"])
        again = ground.clock() + look_again_after(connector)
        connections.keep_vendor_state(db, row["id"], state, again)
        for words in repaired:
            connections.note(db, row["id"], words)
            log.warning("connection.repaired", extra={"connection": row["id"], "what": words})


def _report(ground: Ground, connection_id: UUID, error: ConnectorError) -> str:
    advice = "Reconnect it." if isinstance(error, AuthLost) else "The hub tries again by itself."
    words = f"{error.words} {advice}"
    with ground.database.begin() as db:
        connections.needs_attention(db, connection_id, words)
        connections.look_again(db, connection_id, ground.clock() + timedelta(minutes=2))
    return words

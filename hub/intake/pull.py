"""Poll: reconciliation with what a vendor never delivered, through the same road and keys."""

import logging
from datetime import timedelta
from functools import partial
from uuid import UUID

from hub import crash
from hub.contract import (
    AuthLost,
    Connector,
    ConnectorError,
    Context,
    Page,
    Refused,
    Throttled,
)
from hub.store import connections, health, intakes
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

MOST_PAGES = 200
AFTER_FAILURE = timedelta(seconds=30)
CLAIM = timedelta(seconds=30)  # a worker that dies in the middle delays the rest by no more


def pull_due(ground: Ground) -> int:
    """Poll every connection that is due; how many new intakes that gave."""
    now = ground.clock()
    with ground.database.begin() as db:
        due = connections.claim_due(db, "poll_due_at", now, now + CLAIM)
        found = connections.by_ids(db, due)
    return sum(pull_one(ground, found[connection_id]) for connection_id in due)


def pull_one(ground: Ground, connection: Row) -> int:
    """Read page by page; each page and the cursor behind it are committed together."""
    connector = ground.connectors.get(connection["connector"])
    if connector is None or connector.poll is None:
        return 0
    every = connector.poll.every.total_seconds()
    rest = timedelta(seconds=ground.settings.poll_every or every)
    try:
        kept = _pages(ground, connector, connection, rest)
    except ConnectorError as error:
        _excuse(ground, connection["id"], error)
        return 0
    with ground.database.begin() as db:
        health.recovered(db, connection["id"])
    return kept


def _pages(ground: Ground, connector: Connector, connection: Row, rest: timedelta) -> int:
    cursor, kept = connection["cursor"], 0
    for _ in range(MOST_PAGES):
        page = ground.call(connection, partial(_page, connector, cursor))
        kept += _keep(ground, connector, connection, page)
        crash.at("C29")
        due = ground.clock() + (CLAIM if page.more else rest)
        with ground.database.begin() as db:
            ours = connections.keep_cursor(db, connection["id"], page.cursor, due, was=cursor)
        cursor = page.cursor
        if not page.more or not ours:
            break
    return kept


def _page(connector: Connector, cursor: str, context: Context) -> Page:
    return connector.poll.pull(context, cursor) if connector.poll else Page((), cursor)


def _keep(ground: Ground, connector: Connector, connection: Row, page: Page) -> int:
    if connector.dedupe is None:
        return 0
    raws = [
        intakes.Raw(
            workspace_id=connection["workspace_id"],
            connection_id=connection["id"],
            road="events",
            source="poll",
            key="poll:" + connector.dedupe(request),
            method=request.method,
            headers=request.headers,
            query=request.query,
            body=request.body,
            received_at=ground.clock(),
        )
        for request in page.requests
    ]
    with ground.database.cursor() as cursor:
        return sum(kept is not None for kept in intakes.keep(cursor, ground.vault, raws))


def _excuse(ground: Ground, connection_id: UUID, error: ConnectorError) -> None:
    """Say what went wrong and when it is tried again; the cursor stays where it was."""
    now = ground.clock()
    log.warning("pull.failed", extra={"connection": connection_id, "why": error.words})
    with ground.database.begin() as db:
        match error:
            case AuthLost():
                connections.due_again(db, connection_id, now + timedelta(minutes=15))
            case Throttled(retry_after=seconds):
                health.pause(db, connection_id, now + timedelta(seconds=seconds))
                connections.due_again(db, connection_id, now + timedelta(seconds=seconds))
            case Refused():
                health.needs_attention(db, connection_id, error.words)
                connections.due_again(db, connection_id, now + timedelta(minutes=15))
            case _:
                connections.due_again(db, connection_id, now + AFTER_FAILURE)

"""Completions: tell a workflow's step that waits how it went, many at once; a step is never left
hanging, because the hub's own deadline ends the waiting too."""

import logging
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from hub.contract import Action, ConnectorError, Progress, Refused, Throttled, Written
from hub.store import callbacks, connections
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

LARGEST_BATCH = 500


def complete_due(ground: Ground) -> int:
    """Complete what need wait no longer, for one connection; how many were taken up."""
    now = ground.clock()
    lease = timedelta(seconds=ground.settings.lease)
    with ground.database.begin() as db:
        claimed = callbacks.claim(db, now, now + lease, LARGEST_BATCH)
        if not claimed:
            return 0
        named = connections.by_ids(db, [claimed[0]["connection_id"]])
    row = named[claimed[0]["connection_id"]]
    connector = ground.connectors.get(row["connector"])
    action = connector.actions.get(claimed[0]["door"]) if connector else None
    if row["state"] == "removed" or action is None or action.complete is None:
        _close(ground, [_closed(c, "refused", "The connection was removed.") for c in claimed])
        return len(claimed)
    for start in range(0, len(claimed), action.batch_size):
        batch = claimed[start : start + action.batch_size]
        _close(ground, _complete(ground, row, action, batch, now))
    return len(claimed)


def _complete(
    ground: Ground, row: Row, action: Action, batch: Sequence[Row], now: datetime
) -> list[dict[str, Any]]:
    told = [callbacks.progress_of(c, now) for c in batch]
    complete = action.complete
    try:
        done = ground.call(row, lambda ctx: complete(ctx, told)) if complete else ()
        return [_result(c, p, w) for c, p, w in zip(batch, told, done, strict=True)]
    except ConnectorError as error:
        log.warning("complete.waits", extra={"connection": row["id"], "why": error.words})
        return [_excuse(c, error, ground.clock()) for c in batch]
    except Exception as error:
        log.exception("complete.failed", extra={"connection": row["id"]})
        words = f"The connector failed: {type(error).__name__}."
        return [_again(c, words, min(2.0 ** c["tries"], 3600.0), ground.clock()) for c in batch]


def _result(row: Row, told: Progress, written: Written) -> dict[str, Any]:
    state = "refused" if written.refused else "done"
    return _closed(row, state, written.refused, told)


def _excuse(row: Row, error: ConnectorError, now: datetime) -> dict[str, Any]:
    if isinstance(error, Refused):
        return _closed(row, "refused", error.words)
    after = error.retry_after if isinstance(error, Throttled) else min(2.0 ** row["tries"], 3600.0)
    return _again(row, error.words, after, now)


def _again(row: Row, words: str, seconds: float, now: datetime) -> dict[str, Any]:
    if row["tries"] >= callbacks.MOST_TRIES:
        return _closed(row, "dead", words)
    due = now + timedelta(seconds=max(seconds, 0.5))
    return {**_closed(row, "waiting", words), "due_at": due}


def _closed(row: Row, state: str, words: str, told: Progress | None = None) -> dict[str, Any]:
    progress = asdict(told) if told else {}
    return {"id": row["id"], "state": state, "words": words[:500], "progress": progress}


def _close(ground: Ground, results: Sequence[dict[str, Any]]) -> None:
    with ground.database.begin() as db:
        callbacks.close(db, results)

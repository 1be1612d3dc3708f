"""Write back: outcomes to the record they came from, in the CRM's own batch size, safe to repeat:
a write-back that is claimed and not closed comes up again, and its marker makes it harmless."""

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hub import crash
from hub.contract import (
    AuthLost,
    ConnectorError,
    Context,
    Outcome,
    Refused,
    Target,
    Throttled,
    Written,
)
from hub.store import connections, health, write_backs
from hub.store.database import Row
from hub.store.ground import Ground
from hub.store.numbers import unnamed

log = logging.getLogger(__name__)

LARGEST_BATCH = 200
ENOUGH = 3  # failures in a row: the vendor is away, not one record
AFTER_FAILURES = timedelta(seconds=10)


def tell_due(ground: Ground) -> int:
    """Write back one connection's due outcomes; how many were taken up."""
    now, since = ground.clock(), time.monotonic()
    until = now + timedelta(seconds=ground.settings.lease)
    with ground.database.begin() as db:
        claimed = write_backs.claim(db, now, until, LARGEST_BATCH)
        if not claimed:
            return 0
        connection = connections.by_ids(db, [claimed[0]["connection_id"]])
    row = connection[claimed[0]["connection_id"]]
    connector = ground.connectors.get(row["connector"])
    try:
        _tell_all(ground, row, connector.target if connector else None, claimed, since)
    finally:
        with ground.database.begin() as db:
            health.stop_telling(db, row["id"], until)
    return len(claimed)


def _tell_all(
    ground: Ground, row: Row, target: Target | None, claimed: Sequence[Row], since: float
) -> None:
    if row["state"] == "removed" or target is None:
        _close(ground, [_closed(w, "refused", "The connection was removed.") for w in claimed])
        return
    ordered = sorted(claimed, key=lambda w: (w["outcome"]["at"], w["id"]))
    failures = 0
    for batch in _batches(ordered, target.batch_size):
        if failures == ENOUGH:
            _give_back(ground, batch, AFTER_FAILURES)
            continue
        # Stopped for so long that another may be telling these by now, who looks for our marks
        # first: what we have not written yet must not appear behind its back.
        if time.monotonic() - since > ground.settings.lease / 2:
            _give_back(ground, batch, timedelta(0))
            continue
        results = _tell(ground, row, target, batch)
        crash.at("C25")
        _close(ground, results)
        failures = failures + 1 if all(result["state"] == "new" for result in results) else 0
        if any(result["state"] == "done" for result in results):
            with ground.database.begin() as db:
                health.told(db, row["id"], ground.clock())


def _give_back(ground: Ground, batch: Sequence[Row], wait: timedelta) -> None:
    """Not tried, so it does not count as a try."""
    at = ground.clock() + wait
    with ground.database.begin() as db:
        write_backs.give_back(db, [w["id"] for w in batch], at)


def _batches(ordered: Sequence[Row], largest: int) -> Iterator[list[Row]]:
    """In the order of time, and the smaller the more often one of them has failed: where one call
    in twenty is lost, sixty calls in a row hardly ever succeed, three do."""
    batch: list[Row] = []
    room = largest
    for write_back in ordered:
        size = max(largest >> (write_back["tries"] - 1), 1)
        if batch and len(batch) >= min(room, size):
            yield batch
            batch, room = [], largest
        batch.append(write_back)
        room = min(room, size)
    if batch:
        yield batch


def _tell(
    ground: Ground, connection: Row, target: Target, batch: Sequence[Row]
) -> list[dict[str, Any]]:
    try:
        written = ground.call(connection, _Writing(target, batch))
        return [_result(w, done) for w, done in zip(batch, written, strict=True)]
    except ConnectorError as error:
        log.warning("write_back.waits", extra={"connection": connection["id"], "why": error.words})
        return _excuse(ground, connection, batch, error)
    except Exception as error:
        log.exception("write_back.failed", extra={"connection": connection["id"]})
        words = f"The connector failed: {type(error).__name__}."
        return [_again(w, ground.clock(), words) for w in batch]


@dataclass
class _Writing:
    """The call to the vendor. A second one, with a renewed token, may find the first half done."""

    target: Target
    batch: Sequence[Row]
    called: bool = False

    def __call__(self, context: Context) -> Sequence[Written]:
        told = [_outcome(w, w["tries"] > 1 or self.called) for w in self.batch]
        self.called = True
        return self.target.write(context, told)


def _outcome(row: Row, again: bool) -> Outcome:
    kept = row["outcome"]
    return Outcome(
        marker=row["marker"],
        message_id=str(row["message_id"] or ""),
        kind=kept["kind"],
        subject=kept["subject"],
        at=datetime.fromisoformat(kept["at"]),
        sentence=unnamed(kept["sentence"]),
        text=kept["text"],
        person_record=kept["record"],
        again=again,
        origin=kept.get("origin", ""),
    )


def _result(row: Row, written: Written) -> dict[str, Any]:
    if written.refused:
        return _closed(row, "refused", written.refused)
    return _closed(row, "done", "", written.reference)


def _excuse(
    ground: Ground, connection: Row, batch: Sequence[Row], error: ConnectorError
) -> list[dict[str, Any]]:
    """What to do when the vendor did not take the batch: wait, call a person, or give up."""
    now = ground.clock()
    with ground.database.begin() as db:
        match error:
            case AuthLost():
                health.pause(db, connection["id"], now + timedelta(minutes=2))
            case Throttled(retry_after=seconds):
                health.pause(db, connection["id"], now + timedelta(seconds=max(seconds, 0.5)))
                return [_again(w, now, error.words, seconds=seconds) for w in batch]
            case Refused():
                return [_closed(w, "refused", error.words) for w in batch]
    return [_again(w, now, error.words) for w in batch]


def _closed(row: Row, state: str, words: str, reference: str = "") -> dict[str, Any]:
    return {"id": row["id"], "state": state, "reference": reference, "words": words}


def _again(row: Row, now: datetime, words: str, seconds: float | None = None) -> dict[str, Any]:
    """Later, and later still; a dozen tries spread over hours, then a person sees it as dead."""
    if row["tries"] >= write_backs.MOST_TRIES and seconds is None:
        return _closed(row, "dead", words)
    wait = seconds if seconds is not None else min(2.0 ** row["tries"], 3600.0)
    return {
        **_closed(row, "new", words),
        "due_at": now + timedelta(seconds=wait),
    }


def _close(ground: Ground, results: Sequence[dict[str, Any]]) -> None:
    with ground.database.begin() as db:
        write_backs.close(db, results, ground.clock())

"""Telling: what happened, to the endpoints that listen. Each under one id, which it keeps however
often it is tried: a worker that died after the call tells it again, and its receiver knows it."""

import logging
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from hub.report import payload
from hub.report.calling import Answered, call
from hub.report.signing import signed
from hub.store import audit, endpoints, tellings
from hub.store.database import Row
from hub.store.ground import Ground
from hub.store.sealing import CannotUnseal

log = logging.getLogger(__name__)

LARGEST_BATCH = 64
AT_ONCE = 8  # calls beside each other: a receiver that takes its time is told the rest meanwhile
ENOUGH = 3  # failures in a row: the endpoint is away, not one delivery refused
# Seconds until each next try; ten tries in three days, then a person sees it as given up.
WAITS = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)
OFF_AFTER = timedelta(days=5)
_SHORTEST_REST, _LONGEST_REST = timedelta(seconds=30), timedelta(minutes=10)
_LOST = "Its secret cannot be opened with this hub's master key. Rotate the secret."


@dataclass
class _Round:
    """What one claim carries: the endpoint, its secrets, the bodies, how it goes."""

    endpoint: Row
    secrets: Sequence[str]
    bodies: dict[UUID, bytes]
    until: datetime
    since: float = field(default_factory=time.monotonic)
    failures: int = 0
    over: bool = False


def tell_endpoints(ground: Ground) -> int:
    """Tell one endpoint what is due; how many tellings were taken up."""
    now = ground.clock()
    until = now + timedelta(seconds=ground.settings.lease)
    with ground.database.begin() as db:
        claimed = tellings.claim(db, now, until, LARGEST_BATCH)
        endpoint = endpoints.by_id(db, claimed[0]["endpoint_id"]) if claimed else None
        if endpoint is None:
            return 0
        bodies = payload.written(db, ground.vault, claimed, whole=endpoint["whole_numbers"])
    try:
        secrets = endpoints.secrets_of(ground.vault, endpoint, now)
        _tell_all(ground, _Round(endpoint, secrets, bodies, until), claimed)
    except CannotUnseal:
        _cannot(ground, endpoint, claimed)
    finally:
        with ground.database.begin() as db:
            endpoints.stop_telling(db, endpoint["id"], until)
    return len(claimed)


def _tell_all(ground: Ground, found: _Round, claimed: Sequence[Row]) -> None:
    ordered = sorted(claimed, key=lambda t: t["id"])
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="telling") as crew:
        for batch in _batches(ordered):
            # Stopped for so long that another may be telling these by now.
            late = time.monotonic() - found.since > ground.settings.lease / 2
            if found.over or late:
                _give_back(ground, batch, ground.clock())
                continue
            told = [crew.submit(_tell, ground, found, one) for one in batch]
            _close(ground, found, batch, [one.result() for one in told])


def _batches(ordered: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(ordered), AT_ONCE):
        yield ordered[start : start + AT_ONCE]


def _tell(ground: Ground, found: _Round, telling: Row) -> Answered:
    body = found.bodies[telling["id"]]
    headers = signed(str(telling["id"]), ground.clock(), body, found.secrets)
    return call(found.endpoint["url"], headers, body)


def _close(
    ground: Ground, found: _Round, batch: Sequence[Row], answers: Sequence[Answered]
) -> None:
    """Write down what came back, and what it says of the endpoint."""
    now = ground.clock()
    results = [_result(t, a, now) for t, a in zip(batch, answers, strict=True)]
    for answer in answers:
        found.failures = 0 if answer.is_well else found.failures + 1
    with ground.database.begin() as db:
        tellings.close(db, results, now)
        if any(answer.is_gone for answer in answers):
            found.over = True
            _switch_off(db, found.endpoint, "It answered 410: it wants to be told no more.", now)
        elif any(answer.is_well for answer in answers):
            endpoints.worked(db, found.endpoint["id"], now)
        else:
            _failed(db, found, answers[-1], now)


def _failed(db: Any, found: _Round, answer: Answered, now: datetime) -> None:
    """It is left alone a while once it is plainly away, the longer the longer it is; and for good
    after days."""
    away = found.failures >= ENOUGH
    began = found.endpoint["failing_since"] or now
    rest = min(max((now - began) / 20, _SHORTEST_REST), _LONGEST_REST)
    since = endpoints.failed(
        db, found.endpoint["id"], answer.words, now, now + rest if away else None
    )
    found.over = away
    if now - since >= OFF_AFTER:
        found.over = True
        words = f"It took nothing for {(now - since).days} days. The last try: {answer.words}"
        _switch_off(db, found.endpoint, words, now)


def _switch_off(db: Any, endpoint: Row, words: str, now: datetime) -> None:
    if endpoints.switch_off(db, endpoint["id"], words, now) is None:
        return
    log.warning("telling.switched_off", extra={"endpoint": endpoint["id"]})
    named = str(endpoint["id"])
    audit.note(db, now, "clock", "webhook.switched_off", named, endpoint["workspace_id"])


def _result(telling: Row, answer: Answered, now: datetime) -> dict[str, Any]:
    state = "done" if answer.is_well else "new"
    due_at = None
    if state == "new":
        due_at = _next_try(telling["tries"], answer, now)
        state = "new" if due_at else "dead"
    return {
        "id": telling["id"], "state": state, "code": answer.code, "words": answer.words,
        "answer": answer.answer.replace("\x00", ""), "took": answer.took, "due_at": due_at,
    }  # fmt: skip


def _next_try(tries: int, answer: Answered, now: datetime) -> datetime | None:
    """Later each time, and not all at the same instant; None where it is enough."""
    if answer.is_gone or tries > len(WAITS):
        return None
    wait = max(WAITS[tries - 1] * random.uniform(1.0, 1.1), answer.wait)  # noqa: S311 - no secret
    return now + timedelta(seconds=wait)


def _give_back(ground: Ground, batch: Sequence[Row], at: datetime) -> None:
    """Not tried, so it does not count as a try."""
    with ground.database.begin() as db:
        tellings.give_back(db, [one["id"] for one in batch], at)


def _cannot(ground: Ground, endpoint: Row, claimed: Sequence[Row]) -> None:
    now = ground.clock()
    _give_back(ground, claimed, now)
    with ground.database.begin() as db:
        endpoints.failed(db, endpoint["id"], _LOST, now, now + _LONGEST_REST)

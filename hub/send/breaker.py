"""The breaker: a carrier that fails or is slow loses weight step by step and gets it back the
same way; one that fails again and again is left alone for a while, then tried with a few."""

import logging
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from hub.store import health, marks
from hub.store.database import Row

log = logging.getLogger(__name__)

LEAST_SHARE = 0.05
GAIN = 0.1  # of the whole weight, for each good batch
PATIENCE = 3  # bad batches in a row
FIRST, LONGEST = 5.0, 60.0  # seconds that a circuit stays open
SLOW = 5.0  # seconds for one call
_A_MOMENT = timedelta(seconds=1)
_GOOD = 0.1  # up to this part of a batch may fail

# How bad an answer is; a carrier that refuses a message is up, one that we did not call is neither.
_WEIGHTS = {
    "accepted": 0.0,
    "refused": 0.0,
    "throttled": 0.5,
    "auth_lost": 1.0,
    "not_reached": 1.0,
    "unknown": 1.0,
}
_WORDS = {
    "auth_lost": "it does not take its credentials any more",
    "not_reached": "it cannot be reached",
    "unknown": "it does not answer",
}


def note(
    db: Connection,
    carrier: Row,
    channel: str,
    outcomes: Iterable[str],
    seconds: float,
    now: datetime,
) -> None:
    """One batch's answers (their outcomes, one for each message, or counted) and how long the
    call took: the carrier's mark moves one step, in one statement."""
    counted = Counter(outcomes)
    if set(counted) <= {"accepted"} and seconds <= SLOW and _well(carrier, channel, now):
        return
    asked = sum(n for outcome, n in counted.items() if outcome in _WEIGHTS)
    if not asked:
        return
    errors = sum(n for outcome, n in counted.items() if _WEIGHTS.get(outcome, 0) >= 1)
    weighed = sum(_WEIGHTS[outcome] * n for outcome, n in counted.items() if outcome in _WEIGHTS)
    bad = max(weighed / asked, 0.5 if seconds > SLOW else 0.0)
    failed = errors * 2 >= asked
    mark = marks.move(
        db,
        carrier["id"],
        channel,
        keep=1.0 if bad <= _GOOD else 1 - bad / 2,
        gain=GAIN if bad <= _GOOD else 0.0,
        failed=failed,
        seconds=seconds,
        words=_words(counted) if failed else "",
        now=now,
        least=LEAST_SHARE,
        patience=PATIENCE,
        first=FIRST,
        longest=LONGEST,
    )
    if failed and not mark["errors"]:
        _opened(db, carrier, mark)


def _well(carrier: Row, channel: str, now: datetime) -> bool:
    """Whether its mark, as read for this batch, is spotless and was written a moment ago: many
    workers need not wait for each other to say the same of it."""
    mark = carrier.get("marks", {}).get(channel)
    spotless = mark is not None and mark["share"] >= 1 and not (mark["errors"] or mark["trips"])
    return spotless and not mark["open_until"] and now - mark["changed_at"] < _A_MOMENT


def _words(counted: Counter[str]) -> str:
    return _WORDS[max(_WORDS, key=lambda outcome: counted[outcome])]


def _opened(db: Connection, carrier: Row, mark: Row) -> None:
    log.warning("send.circuit_opened", extra={"carrier": carrier["id"], "trips": mark["trips"]})
    at = _at(mark["open_until"])
    said = f"{mark['channel'].upper()} is left alone until {at}: {mark['words']}."
    health.note(db, carrier["id"], f"{said} Then a few messages try it again by themselves.")


def banners(db: Connection, workspace_id: UUID | None, now: datetime) -> list[str]:
    """A sentence for each carrier that is failing now, in one workspace or (None) in all."""
    return [_banner(mark, now) for mark in marks.open_circuits(db, workspace_id)]


def _banner(mark: Row, now: datetime) -> str:
    name, channel = mark["label"] or mark["connector"], mark["channel"].upper()
    trying = mark["open_until"] <= now
    when = (
        "It is being tried again." if trying else f"It is tried again at {_at(mark['open_until'])}."
    )
    if mark["others"]:
        way = f"{channel} messages go through {' and '.join(mark['others'])}."
    else:
        way = f"{channel} messages wait, unless another carrier takes them."
    return f"{name} is failing: {mark['words']}. {way} {when}"


def _at(instant: datetime) -> str:
    return f"{instant:%H:%M} UTC"

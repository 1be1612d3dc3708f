"""The clock: sweeps what is due and wakes its arrow, whether or not a nudge was lost. Any number
of clocks may run; one ticks, the others stand by."""

import logging
import threading
import time
from datetime import datetime, timedelta

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hub.send.doubt import mark_abandoned
from hub.store import backlog, forgetting, keys, spend
from hub.store.ground import Ground
from hub.work.liveness import LOCK_CLASS
from hub.work.nudges import Nudges

log = logging.getLogger(__name__)

TIDY_EVERY = 3600.0  # seconds
FORGETTING = 5.0  # seconds of it, while nothing else is swept

_TURN = 52002


def run(ground: Ground, nudge: Nudges, stop: threading.Event) -> None:
    """Tick until told to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            with psycopg.connect(ground.database.url, autocommit=True, connect_timeout=5) as turn:
                _tick_while_mine(turn, ground, nudge, stop)
        except (psycopg.Error, SQLAlchemyError) as error:
            log.warning("clock.waits", extra={"why": type(error).__name__})
            stop.wait(1.0)


def _tick_while_mine(
    turn: psycopg.Connection, ground: Ground, nudge: Nudges, stop: threading.Event
) -> None:
    taken = turn.execute("SELECT pg_try_advisory_lock(%s)", (_TURN,)).fetchone()
    if taken is None or not taken[0]:
        stop.wait(2.0)
        return
    log.info("clock.ticking")
    tidied = -TIDY_EVERY
    while not stop.is_set():
        turn.execute("SELECT 1")
        tick(ground, nudge)
        if time.monotonic() - tidied > TIDY_EVERY:
            tidied = time.monotonic()
            tidy(ground)
        stop.wait(ground.settings.sweep)


def tidy(ground: Ground) -> int:
    """Forget the answers kept for Idempotency-Keys that are two days old, and ranges of numbers
    that were counted a month ago; how many answers."""
    now = ground.clock()
    _forget(ground, now)
    with ground.database.begin() as db:
        spend.forget_ranges(db, (now - timedelta(days=30)).date())
        return keys.forget_answers(db, now - timedelta(days=2))


def _forget(ground: Ground, now: datetime) -> None:
    """What is older than its class is kept, some seconds of it an hour; erasures cut short."""
    settings, until = ground.settings, time.monotonic() + FORGETTING
    texts = settings.keep_texts_days
    days = {
        "raw": settings.keep_raw_days,
        "texts": texts,
        "replies": texts,
        "numbers": settings.keep_numbers_days,
    }
    forgetting.finish(ground.database, now)
    done = forgetting.tidy(ground.database, now, days, lambda: time.monotonic() < until)
    log.info("clock.forgot", extra=done)


def tick(ground: Ground, nudge: Nudges) -> list[str]:
    """One sweep: the arrows it woke."""
    mark_abandoned(ground, LOCK_CLASS)
    with ground.database.begin() as db:
        arrows = backlog.due(db, ground.clock())
    nudge(*arrows)
    return arrows

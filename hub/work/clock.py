"""The clock: sweeps what is due and wakes its arrow, whether or not a nudge was lost. Any number
of clocks may run; one ticks, the others stand by."""

import logging
import threading
import time
from datetime import datetime, timedelta

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from hub.report.figures.keeping import keep
from hub.report.reconcile.rounds import plan
from hub.send import spool
from hub.send.doubt import mark_abandoned
from hub.send.orphans import forget_orphans
from hub.store import (
    audit,
    backlog,
    checks,
    forgetting,
    imports,
    keys,
    sessions,
    spend,
    wrong_tries,
)
from hub.store.ground import Ground
from hub.work.leading import Turn, standing_by
from hub.work.liveness import LOCK_CLASS
from hub.work.nudges import Nudges

log = logging.getLogger(__name__)

TIDY_EVERY = 3600.0  # seconds
TELLINGS_KEPT = 30  # days of the log of deliveries
FORGETTING = 5.0  # seconds of it, while nothing else is swept
COUNT_EVERY = 5.0  # seconds between two looks for days to be counted

_TURN = 52002


def run(ground: Ground, nudge: Nudges, stop: threading.Event) -> None:
    """Tick until told to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            with standing_by(ground.database.url, _TURN, stop) as turn:
                if turn is not None:
                    _tick_while_mine(turn, ground, nudge, stop)
        except (psycopg.Error, SQLAlchemyError) as error:
            log.warning("clock.waits", extra={"why": type(error).__name__})
            stop.wait(1.0)


def _tick_while_mine(turn: Turn, ground: Ground, nudge: Nudges, stop: threading.Event) -> None:
    log.info("clock.ticking")
    threading.Thread(target=_count, args=(turn, ground, stop), daemon=True, name="figures").start()
    tidied = -TIDY_EVERY
    while not (stop.is_set() or turn.lost.is_set()):
        turn.ticking()
        tick(ground, nudge)
        if time.monotonic() - tidied > TIDY_EVERY:
            tidied = time.monotonic()
            tidy(ground)
        stop.wait(ground.settings.sweep)
    if turn.lost.is_set():
        log.warning("clock.turn_lost")


def _count(turn: Turn, ground: Ground, stop: threading.Event) -> None:
    """Keep the figures, beside the ticks: a day with a million messages takes longer than one."""

    def is_mine() -> bool:
        return not (stop.is_set() or turn.lost.is_set())

    while is_mine():
        try:
            keep(ground, is_mine)
        except (psycopg.Error, SQLAlchemyError) as error:
            log.warning("figures.wait", extra={"why": type(error).__name__})
        stop.wait(COUNT_EVERY)


def tidy(ground: Ground) -> int:
    """See that what should agree is compared; forget the answers kept for Idempotency-Keys that are
    two days old, ranges of numbers that were counted a month ago, and sessions that have ended. How
    many answers."""
    now = ground.clock()
    plan(ground)
    forget_orphans(ground)
    _forget(ground, now)
    with ground.database.begin() as db:
        checks.forget(db, now - timedelta(days=90))
        spend.forget_ranges(db, (now - timedelta(days=30)).date())
        sessions.forget(db, now)
        wrong_tries.forget(db, now)
        log.info("audit.anchor", extra={"anchor": audit.end(db).anchor})  # kept where logs are kept
        return keys.forget_answers(db, now - timedelta(days=2))


def _forget(ground: Ground, now: datetime) -> None:
    """What is older than its class is kept, some seconds of it an hour; erasures cut short."""
    settings, until = ground.settings, time.monotonic() + FORGETTING
    texts = settings.keep_texts_days
    days = {
        "raw": settings.keep_raw_days,
        "texts": texts,
        "replies": texts,
        "tellings": TELLINGS_KEPT,
        "numbers": settings.keep_numbers_days,
    }
    forgetting.finish(ground.database, now)
    with ground.database.begin() as db:
        imports.forget_old(db, now)
    done = forgetting.tidy(ground.database, now, days, lambda: time.monotonic() < until)
    log.info("clock.forgot", extra=done)


def tick(ground: Ground, nudge: Nudges) -> list[str]:
    """One sweep: the arrows it woke."""
    spool.replay(ground)
    mark_abandoned(ground, LOCK_CLASS)
    with ground.database.begin() as db:
        arrows = backlog.due(db, ground.clock())
    nudge(*arrows)
    return arrows

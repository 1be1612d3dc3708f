"""Rounds: every comparison at its own time, by whichever worker comes first. What they find is kept
for the doctor, the API and the gauges."""

import logging
import time
from datetime import timedelta

from hub.report.reconcile import (
    doubles,
    invariants,
    orphans,
    silent,
    sources,
    stuck,
    subscriptions,
    totals,
    uncertain,
)
from hub.report.reconcile.check import Check
from hub.store import checks
from hub.store.ground import Ground

log = logging.getLogger(__name__)

CHECKS: dict[str, Check] = {
    module.CHECK.name: module.CHECK
    for module in (
        sources, uncertain, silent, orphans, totals, subscriptions, stuck, doubles, invariants,
    )
}  # fmt: skip
_LEASE = timedelta(minutes=10)  # a worker that dies in the middle delays its look by no more
_AGAIN = timedelta(minutes=5)


def plan(ground: Ground) -> None:
    """See that every comparison is made from now on."""
    with ground.database.begin() as db:
        checks.plan(db, CHECKS, ground.clock())


def reconcile_due(ground: Ground) -> int:
    """Make each comparison that is due; how many there were."""
    for done in range(len(CHECKS)):
        now = ground.clock()
        with ground.database.begin() as db:
            name = checks.claim(db, now, now + _LEASE)
        if name is None:
            return done
        if name in CHECKS:
            _look(ground, CHECKS[name])
    return len(CHECKS)


def _look(ground: Ground, check: Check) -> None:
    began = time.monotonic()
    try:
        findings = check.look(ground)
    except Exception as error:  # one comparison that cannot be made holds up no other
        log.exception("check.failed", extra={"check": check.name})
        words = f"It could not be compared: {type(error).__name__}."
        with ground.database.begin() as db:
            checks.excuse(db, check.name, words, ground.clock() + min(check.every, _AGAIN))
        return
    now, total = ground.clock(), sum(one.found for one in findings)
    kept = [
        {"workspace_id": one.workspace_id, "found": one.found, "words": one.words[:1000]}
        for one in findings
    ]
    words = " ".join(one.words for one in findings[:3])
    with ground.database.begin() as db:
        checks.keep_findings(db, check.name, kept, now)
        due, seconds = check.next_after(now), time.monotonic() - began
        checks.keep(db, check.name, total, words, seconds, now, due)
    if total:
        log.warning("check.found", extra={"check": check.name, "found": total})

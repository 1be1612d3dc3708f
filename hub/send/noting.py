"""Noting: what a carrier said of a batch is written down before anything else, with what follows:
outcomes to tell, money given back, an SMS beneath an RCS message that cannot be shown."""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from hub import crash
from hub.send import breaker, spending, spool
from hub.send.answers import Answer
from hub.send.beneath import put_beneath
from hub.send.consequences import Consequence, follow
from hub.send.outcomes import outcome_of, said_of
from hub.send.ready import Ready
from hub.store import health, sending
from hub.store.database import Row
from hub.store.ground import Ground
from hub.store.numbers import tokened

log = logging.getLogger(__name__)

MOST_TRIES = 10
Outcomes = list[dict[str, Any]]
_PROVEN_UNSENT = ("scheduled", "held", "failed")


def note_answers(
    ground: Ground, batch: Sequence[Ready], answers: Sequence[Answer], seconds: float = 0.0
) -> None:
    """Write down what the carrier said, and what follows from it, in one transaction.

    The database may be away for a moment just now; these rows are worth waiting for. If it stays
    away, what was accepted is spooled; a message that is not even spooled becomes uncertain, and is
    never sent again blindly.
    """
    results = [_result(ground, r, a) for r, a in zip(batch, answers, strict=True)]
    for pause in (0.1, 0.3, 1.0, 2.0, 4.0, None):
        try:
            return _note(ground, batch, answers, results, seconds)
        except OperationalError:
            if pause is None:
                break
            log.warning("send.answer_waits", extra={"messages": len(results)})
            time.sleep(pause)
        except Exception:  # a mistake of ours must not cost what the carrier said
            log.exception("send.note_failed", extra={"messages": len(results)})
            break
    return spool.rescue(ground, results)


def _note(
    ground: Ground,
    batch: Sequence[Ready],
    answers: Sequence[Answer],
    results: Sequence[Mapping[str, Any]],
    seconds: float,
) -> None:
    now = ground.clock()
    said = zip(batch, answers, results, strict=True)
    told = [outcome for one in said for outcome in _told(*one, now)]
    with ground.database.begin() as db:
        changed = {row["id"]: row for row in sending.finish_sending(db, results, now, told)}
        _follow(db, _refused(batch, answers, changed), now)
        _mark(db, batch, answers, seconds, now)
        _give_back(db, changed, results, now)  # last: what it locks, others wait for
        crash.at("C19")


def _refused(
    batch: Sequence[Ready], answers: Sequence[Answer], changed: Mapping[Any, Row]
) -> list[tuple[Row, Answer]]:
    """The rows that end here, each with what the carrier said of it."""
    failed = [(r.row["id"], a) for r, a in zip(batch, answers, strict=True) if a.state != "sent"]
    return [
        (row, answer)
        for id, answer in failed
        if (row := changed.get(id)) is not None and row["state"] == "failed"
    ]


def _give_back(
    db: Connection,
    changed: Mapping[Any, Row],
    results: Sequence[Mapping[str, Any]],
    now: datetime,
) -> None:
    """Money set aside for what was proven not sent."""
    unsent = [r for r in results if r["id"] in changed and r["state"] in _PROVEN_UNSENT]
    spending.release(db, [(r["id"], r["n"]) for r in unsent], now)


def _follow(db: Connection, refused: Sequence[tuple[Row, Answer]], now: datetime) -> None:
    """What a carrier's refusal says of the number, and the SMS beneath a refused RCS message."""
    follow(
        db,
        [
            Consequence(row, a.blocked, a.dead_number, a.unreachable, "refusal")
            for row, a in refused
        ],
        now,
    )
    put_beneath(db, [row for row, answer in refused if _goes_on(row["channel"], answer)], now)


def _goes_on(channel: str, answer: Answer) -> bool:
    """Whether an SMS follows what was refused."""
    return channel == "rcs" and not (answer.blocked or answer.dead_number)


def _mark(
    db: Connection,
    batch: Sequence[Ready],
    answers: Sequence[Answer],
    seconds: float,
    now: datetime,
) -> None:
    """How the carrier did, and how long it is left alone."""
    if not batch:
        return
    route, channel = batch[0].route, batch[0].channel
    breaker.note(db, route.row, channel, [a.outcome for a in answers], seconds, now)
    trouble = next((a for a in answers if a.pause), None)
    if trouble:
        health.pause(db, route.row["id"], now + timedelta(seconds=trouble.pause))
        if trouble.problem:
            health.needs_attention(db, route.row["id"], trouble.problem)


def _told(ready: Ready, answer: Answer, result: Mapping[str, Any], now: datetime) -> Outcomes:
    """What its record is told, should this be written down."""
    if ready.row["source_id"] is None:
        return []
    message = {**ready.row, "channel": ready.channel}
    if result["state"] == "sent":
        return outcome_of(message, "sent", now, said_of(message, "sent"), ready.body)
    if result["state"] == "failed" and not _goes_on(ready.channel, answer):
        return outcome_of(message, "failed", now, answer.sentence, ready.body)
    return []


def _result(ground: Ground, ready: Ready, answer: Answer) -> dict[str, Any]:
    state, wait, now = answer.state, answer.wait, ground.clock()
    name = tokened(ground.vault, ready.row["workspace_id"], answer.carrier_message_id)
    if state == "scheduled" and answer.counts:
        if ready.n >= MOST_TRIES:
            state = "failed"
        wait = wait or min(2.0**ready.n, 300.0)
    if state == "uncertain":
        settle = ready.route.carrier.settle_delay(ready.route.row["settings"])
        wait = min(5.0, settle.total_seconds())
    return {
        "id": ready.row["id"],
        "fence": ready.fence,
        "n": ready.n,
        "state": state,
        "reason": answer.reason,
        "sentence": answer.sentence,
        "carrier_message_id": name or None,
        "due_at": now + timedelta(seconds=wait) if wait else None,
        "outcome": answer.outcome,
        "price": str(answer.price.amount) if answer.price else None,
        "currency": answer.price.currency if answer.price else None,
    }

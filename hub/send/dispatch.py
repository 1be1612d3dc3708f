"""Send: claim due messages, write their text, call the carrier with many at once, note the
answer. No transaction is open during the call, and the answer is noted before anything else."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from hub.config import LONGEST_CALL
from hub.contract import Outgoing, Phone
from hub.send.answers import Answer, ask
from hub.send.outcomes import outcome_of
from hub.send.pace import turn_of
from hub.send.ready import Judgement, Ready, Stop
from hub.send.routing import Route, choose, routes_of
from hub.send.writing import NotWritten, write
from hub.store import health, sending, templates, workspaces, write_backs
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

LIMIT = 500
MOST_TRIES = 10


class Worker(Protocol):
    """The process that sends, with its proof of life."""

    def prove(self) -> int:
        """The number to claim under, its lock held."""

    def alive(self, owner: int) -> bool:
        """Whether that lock still stands; asked just before a carrier is called."""


Judge = Callable[[Connection, Sequence[Row], datetime], Mapping[UUID, Judgement]]


def send_due(ground: Ground, kind: str, worker: Worker, judge: Judge, limit: int = LIMIT) -> int:
    """Send up to `limit` due messages of a kind; how many were looked at."""
    now, owner = ground.clock(), worker.prove()
    since = time.monotonic()
    with ground.database.begin() as db:
        due = sending.claim(db, kind, now, limit)
        ready = _prepare(ground, db, due, judge, now) if due else []
        until = now + timedelta(seconds=ground.settings.lease)
        sending.start_sending(db, [_started(r) for r in ready], owner, now, until)
    for route, group in _by_route(ready):
        for batch in _batches(group, route.carrier.batch_size):
            _carry(ground, route, batch, partial(_may_call, ground, worker, owner, since))
    return len(due)


def _may_call(ground: Ground, worker: Worker, owner: int, since: float) -> bool:
    """Not when this process was paused so long that another may have taken over, nor without its
    proof of life."""
    left = ground.settings.lease - (time.monotonic() - since)
    return left > LONGEST_CALL * ground.settings.carrier_deadline and worker.alive(owner)


def _batches(group: Sequence[Ready], size: int) -> Iterator[Sequence[Ready]]:
    for start in range(0, len(group), size):
        yield group[start : start + size]


def _prepare(
    ground: Ground, db: Connection, due: Sequence[Row], judge: Judge, now: datetime
) -> list[Ready]:
    verdicts = judge(db, due, now)
    shops = workspaces.by_ids(db, [m["workspace_id"] for m in due])
    routes = routes_of(ground, db, list(shops))
    wanted = templates.pinned(db, [(m["template_id"], m["template_version"]) for m in due])
    ready: list[Ready] = []
    changes: list[dict[str, Any]] = []
    for message in due:
        verdict = verdicts[message["id"]]
        made: Ready | Judgement = verdict
        if verdict.action == "send":
            template = wanted[message["template_id"], message["template_version"]]
            shop = shops[message["workspace_id"]]
            made = _write(message, template, shop, routes.get(shop["id"], []), now)
        if isinstance(made, Ready):
            ready.append(made)
        else:
            changes.append(_change(message, made))
    ready, paced = _in_turn(db, ready, now)
    sending.set_states(db, changes + paced, now)
    return ready


def _in_turn(
    db: Connection, ready: Sequence[Ready], now: datetime
) -> tuple[list[Ready], list[dict[str, Any]]]:
    """Those that may go in this second, and the others with when they may."""
    going: list[Ready] = []
    paced: list[dict[str, Any]] = []
    for route, group in _by_route(ready):
        turn = turn_of(db, route.row, len(group), now)
        going += group[: turn.room]
        words = f"Waiting its turn: this carrier takes {turn.per_second} messages a second."
        for place, late in enumerate(group[turn.room :]):
            stop = Stop("hold", "paced", words, turn.due_at(place))
            paced.append(_change(late.row, stop))
    return going, paced


def _write(
    message: Row, template: Row, shop: Row, routes: Sequence[Route], now: datetime
) -> Ready | Stop:
    route = choose(routes, message["channel"], now)
    if route is None:
        words = "Waiting: no carrier is connected. Connect one, such as smsmode, and it will go."
        return Stop("hold", "no_carrier", words, now + timedelta(minutes=1))
    if route.paused(now):
        words = f"Waiting: {route.row['problem'] or 'the carrier asked us to slow down.'}"
        return Stop("hold", "carrier_paused", words, route.row["paused_until"])
    text = write(message, template, shop["stop_code"], route.carrier.appends_stop)
    if isinstance(text, NotWritten):
        return Stop("skip", text.reason, text.sentence)
    sender = message["sender"] or template["sender"] or shop["sender"]
    return Ready(message, route, text.text, text.encoding, text.parts, sender)


_STATES = {"hold": "held", "skip": "skipped"}


def _change(message: Row, verdict: Judgement) -> dict[str, Any]:
    return {
        "id": message["id"],
        "state": _STATES[verdict.action],
        "reason": verdict.reason,
        "sentence": verdict.sentence,
        "due_at": verdict.due_at,
    }


def _started(ready: Ready) -> dict[str, Any]:
    return {
        "id": ready.row["id"],
        "body": ready.text,
        "encoding": ready.encoding,
        "parts": ready.parts,
        "sender": ready.sender,
        "carrier_id": ready.route.row["id"],
    }


def _by_route(ready: Sequence[Ready]) -> Iterator[tuple[Route, list[Ready]]]:
    groups: dict[UUID, list[Ready]] = {}
    for one in ready:
        groups.setdefault(one.route.row["id"], []).append(one)
    for group in groups.values():
        yield group[0].route, group


def _carry(
    ground: Ground, route: Route, batch: Sequence[Ready], may_call: Callable[[], bool]
) -> None:
    began = ground.clock()
    outgoing = [_outgoing(ready) for ready in batch]
    answers = ask(route.carrier, partial(ground.call, route.row), outgoing, may_call)
    note_answers(ground, batch, answers)
    took = (ground.clock() - began).total_seconds()
    said = dict.fromkeys(sorted({a.outcome for a in answers}), 0)
    for answer in answers:
        said[answer.outcome] += 1
    log.info("send.batch", extra={"carrier": route.row["id"], "seconds": round(took, 3), **said})


def _outgoing(ready: Ready) -> Outgoing:
    return Outgoing(
        reference=str(ready.row["id"]),
        to=Phone.of(ready.row["phone"]),
        text=ready.text,
        encoding=ready.encoding,
        marketing=ready.row["kind"] == "marketing",
        sender=ready.sender,
        channel=ready.row["channel"],
    )


def note_answers(ground: Ground, batch: Sequence[Ready], answers: Sequence[Answer]) -> None:
    """Write down what the carrier said, and what follows from it, in one transaction.

    The database may be away for a moment just now; these rows are worth waiting for. If it stays
    away, the messages become uncertain and are looked up at the carrier, never sent blindly.
    """
    results = [_result(r, a, ground.clock()) for r, a in zip(batch, answers, strict=True)]
    for pause in (0.1, 0.3, 1.0, 2.0, 4.0, None):
        try:
            return _note(ground, batch, answers, results)
        except OperationalError:
            if pause is None:
                raise
            log.warning("send.answer_waits", extra={"messages": len(results)})
            time.sleep(pause)
    return None


def _note(
    ground: Ground,
    batch: Sequence[Ready],
    answers: Sequence[Answer],
    results: Sequence[Mapping[str, Any]],
) -> None:
    now = ground.clock()
    with ground.database.begin() as db:
        changed = sending.finish_sending(db, results, now)
        told = [o for row in changed for o in _told(row, now)]
        write_backs.add_all(db, told)
        trouble = next((a for a in answers if a.pause), None)
        if trouble and batch:
            route = batch[0].route.row["id"]
            health.pause(db, route, now + timedelta(seconds=trouble.pause))
            if trouble.problem:
                health.needs_attention(db, route, trouble.problem)


def _told(row: Row, now: datetime) -> list[dict[str, Any]]:
    if row["state"] == "sent":
        return outcome_of(row, "sent", now, "SMS sent.", row["body"])
    if row["state"] == "failed":
        return outcome_of(row, "failed", now, row["sentence"], row["body"])
    return []


def _result(ready: Ready, answer: Answer, now: datetime) -> dict[str, Any]:
    tries = ready.row["tries"] + 1
    state, wait = answer.state, answer.wait
    if state == "scheduled" and answer.counts:
        if tries >= MOST_TRIES:
            state = "failed"
        wait = wait or min(2.0**tries, 300.0)
    settle = ready.route.row["settings"].get("settle_seconds")
    if state == "uncertain":
        wait = min(5.0, float(settle or 5.0))
    return {
        "id": ready.row["id"],
        "fence": ready.row["fence"] + 1,
        "n": tries,
        "state": state,
        "reason": answer.reason,
        "sentence": answer.sentence,
        "carrier_message_id": answer.carrier_message_id or None,
        "due_at": now + timedelta(seconds=wait) if wait else None,
        "outcome": answer.outcome,
        "price": str(answer.price.amount) if answer.price else None,
        "currency": answer.price.currency if answer.price else None,
    }

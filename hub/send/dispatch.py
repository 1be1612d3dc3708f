"""Send: claim due messages, write their text, call the carrier with many at once, note the
answer. No transaction is open during the call, and the answer is noted before anything else."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

from hub import crash
from hub.config import LONGEST_CALL
from hub.send import pace, spending
from hub.send.answers import ask
from hub.send.noting import note_answers
from hub.send.prepare import Judge, prepare
from hub.send.reachable import ask_reach
from hub.send.ready import Ready
from hub.send.routing import Route
from hub.store import numbers, sending
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

LIMIT = 500
_A_MINUTE = timedelta(minutes=1)
_CROWDED = (
    "Waiting its turn: many messages go to numbers that begin like this one, and the sending rules "
    "allow so many a minute."
)


class Worker(Protocol):
    """The process that sends, with its proof of life."""

    def prove(self) -> int:
        """The number to claim under, its lock held."""

    def alive(self, owner: int) -> bool:
        """Whether that lock still stands; asked just before a carrier is called."""


def send_due(ground: Ground, kind: str, worker: Worker, judge: Judge, limit: int = LIMIT) -> int:
    """Send up to `limit` due messages of a kind; how many were looked at."""
    now, owner = ground.clock(), worker.prove()
    since = time.monotonic()
    with ground.database.begin() as db:
        due = numbers.held(db, ground.vault, sending.claim(db, kind, now, limit))
        made = prepare(ground, db, due, judge, owner, now) if due else None
    if made is None:
        return 0
    may_call = partial(_may_call, ground, worker, owner, since)
    for route, channel, group in _by_route(made.ready):
        shop = made.shops[route.row["workspace_id"]]
        going = _in_turn(ground, route, channel, group, shop)
        for batch in _batches(going, route.carrier.batch_size):
            _carry(ground, route, batch, may_call)
    ask_reach(ground, made.asked)
    return len(due)


def _may_call(ground: Ground, worker: Worker, owner: int, since: float) -> bool:
    """Not when this process was paused so long that another may have taken over, nor without its
    proof of life."""
    if not worker.alive(owner):
        return False
    left = ground.settings.lease - (time.monotonic() - since)  # after the question: that takes time
    return left > LONGEST_CALL * ground.settings.carrier_deadline


def _by_route(ready: Sequence[Ready]) -> Iterator[tuple[Route, str, list[Ready]]]:
    groups: dict[tuple[UUID, str], list[Ready]] = {}
    for one in ready:
        groups.setdefault((one.route.row["id"], one.channel), []).append(one)
    for (_, channel), group in groups.items():
        yield group[0].route, channel, group


def _batches(group: Sequence[Ready], size: int) -> Iterator[Sequence[Ready]]:
    for start in range(0, len(group), size):
        yield group[start : start + size]


def _in_turn(
    ground: Ground, route: Route, channel: str, group: Sequence[Ready], shop: Row
) -> Sequence[Ready]:
    """Those that may go in this second; the others go back to wait for theirs, provably unsent."""
    now = ground.clock()
    room = pace.prefix_room(ground, shop, [one.row["to"].e164 for one in group])
    wide = [one for one, goes in zip(group, room, strict=True) if goes]
    narrow = [one for one, goes in zip(group, room, strict=True) if not goes]
    turn = pace.take(ground, route.row, channel, len(wide), now)
    slow = f"Waiting its turn: this carrier takes {turn.per_second} messages a second."
    back = [
        one.back("paced", slow, turn.due_at(place)) for place, one in enumerate(wide[turn.room :])
    ]
    back += [one.back("prefix_paced", _CROWDED, now + _A_MINUTE) for one in narrow]
    if back:
        with ground.database.begin() as db:
            sending.give_back(db, back, now)
            spending.release(db, [(one["id"], one["n"]) for one in back], now)
    return wide[: turn.room]


def _carry(
    ground: Ground, route: Route, batch: Sequence[Ready], may_call: Callable[[], bool]
) -> None:
    began = time.monotonic()
    outgoing = [ready.outgoing() for ready in batch]
    crash.at("C13")
    answers = ask(route.carrier, partial(ground.call, route.row), outgoing, may_call)
    took = time.monotonic() - began
    crash.at("C18")
    note_answers(ground, batch, answers, took)
    crash.at("C20")
    said = dict.fromkeys(sorted({a.outcome for a in answers}), 0)
    for answer in answers:
        said[answer.outcome] += 1
    log.info("send.batch", extra={"carrier": route.row["id"], "seconds": round(took, 3), **said})

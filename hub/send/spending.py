"""Spending: money is reserved before a message goes, exactly, whoever else is sending; what would
pass a limit waits. Any error here stops the whole claim: limits fail closed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from hub.send.bills import Bill, stop_of, till_of, units
from hub.send.ready import Ready
from hub.send.stops import Stop
from hub.store import automations, costs, spend
from hub.store.database import Row
from hub.store.spend import Line


class Told(NamedTuple):
    """What a carrier says of a message's cost: `micros` of the currency, or else the segments
    billed; None and 0 where it does not say."""

    message_id: UUID
    micros: int | None
    parts: int
    currency: str


def reserve(
    db: Connection, ready: Sequence[Ready], shops: Mapping[UUID, Row], now: datetime
) -> dict[UUID, Stop]:
    """Reserve what these cost, in the transaction that claims them and before `start_sending`;
    those that a limit keeps, with why. First come, first served.

    The lines they add to stay locked until the transaction ends: call it last.
    """
    if not ready:
        return {}
    tills = {id: till_of(shop, now) for id, shop in shops.items()}
    slugs = automations.slugs(db, (made for r in ready if (made := r.row["automation_id"])))
    bills = [
        tills[r.row["workspace_id"]].bill(r, slugs.get(r.row["automation_id"], "")) for r in ready
    ]
    purses = {line: purse for till in tills.values() for line, purse in till.purses.items()}
    if any(purse.limited for purse in purses.values()):  # else nobody asks what stands there
        for line, stood in spend.lock(db, purses).items():
            purses[line].stood = stood
    stops = {bill.ready.row["id"]: stop for bill in bills if (stop := _paid(bill, now))}
    paid = [bill.entry() for bill in bills if bill.ready.row["id"] not in stops]
    grown = {line: (purse.micros, purse.messages) for line, purse in purses.items()}
    costs.reserve(db, paid, grown, now)
    return stops


def _paid(bill: Bill, now: datetime) -> Stop | None:
    """Add it to its purses; or why a limit keeps it."""
    stop = stop_of(bill, now)
    if stop is None:
        for purse in bill.purses:
            purse.micros += bill.cost
            purse.messages += 1
    return stop


def release(db: Connection, attempts: Sequence[tuple[UUID, int]], now: datetime) -> None:
    """These attempts (message, n) are proven not sent: what they had reserved is free again.

    Call it last in its transaction; twice is harmless.
    """
    if attempts:
        _move(db, [(row, -row["micros"], -1) for row in costs.release(db, attempts, now)])


def correct(db: Connection, told: Sequence[Told], now: datetime) -> None:
    """What carriers say these messages cost; the difference goes to the ledger and to what was
    spent, over a limit too.

    Call it last in its transaction; twice is harmless.
    """
    said = {one.message_id: one for one in told if one.micros is not None or one.parts > 0}
    if not said:
        return
    changes, moves = [], []
    for row in costs.latest(db, list(said)):
        micros, parts = _corrected(row, said[row["message_id"]])
        released = row["state"] == "released"  # and sent all the same, as it turns out
        moves.append((row, micros - (0 if released else row["micros"]), int(released)))
        changes.append(
            {"message_id": row["message_id"], "n": row["n"], "micros": micros, "parts": parts}
        )
    costs.correct(db, changes, now)
    _move(db, moves)


def _corrected(row: Row, told: Told) -> tuple[int, int]:
    """(micros, parts) of an attempt; a price in another currency cannot be added to it."""
    parts = told.parts if 0 < told.parts < 1000 else row["parts"]
    if told.micros is not None and told.currency == row["currency"]:
        return told.micros, parts
    unit = row["micros"] // max(units(row["channel"], row["parts"]), 1)
    return unit * units(row["channel"], parts), parts


def _move(db: Connection, moves: Sequence[tuple[Row, int, int]]) -> None:
    changes = _summed(
        (line, micros, messages)
        for row, micros, messages in moves
        if micros or messages
        for line in spend.lines_of(row["workspace_id"], row["keys"], row["day"])
    )
    spend.add(db, changes)


def _summed(changes: Iterable[tuple[Line, int, int]]) -> dict[Line, tuple[int, int]]:
    total: dict[Line, list[int]] = defaultdict(lambda: [0, 0])
    for line, micros, messages in changes:
        total[line][0] += micros
        total[line][1] += messages
    return {line: (micros, messages) for line, (micros, messages) in total.items()}


def spent(db: Connection, workspace_id: UUID, day: date) -> Sequence[Row]:
    """What a workspace has spent on a day and in its month: rows of scope, key, period, since,
    micros and messages."""
    return spend.of_day(db, workspace_id, day)


_BANNERS = {
    "spend_cap": "a spending limit is reached. They go when its day or month is over, or once you "
    "raise it.",
    "no_price": "spending is limited and their price is not known. Enter it, and they go.",
    "message_cap": "the workspace has sent as many as its rules allow. They go when the day or "
    "month is over, or once you raise the limit.",
    "paused": "sending is paused by hand. They go once you resume it.",
    "surge": "an automation sent far more than is usual. Look why; they go tomorrow, or once you "
    "raise «surge_times» in the sending rules.",
    "few_arrive": "few of an automation's messages arrive. Look why; they go tomorrow, or once you "
    "lower «least_arriving» in the sending rules.",
}


_SURGE, _SURGE_FROM = 5, 50  # times the usual number of messages a day to a range, and at least


def banners(db: Connection, workspace_id: UUID | None, day: date) -> list[str]:
    """A sentence for each thing about money that a person should know on this day: messages that
    wait for it, ranges of numbers that suddenly get many; in one workspace or (None) in all."""
    kept = spend.waiting(db, workspace_id)
    said = [f"Messages waiting: {kept[why]}, as {_BANNERS[why]}" for why in sorted(kept)]
    for surge in spend.surges(db, workspace_id, day, _SURGE, _SURGE_FROM):
        usual = f"{surge['usual']:.0f}"
        said.append(
            f"Unusual: {surge['messages']} messages to +{surge['key']}… today, where {usual} a day "
            "are usual. If you did not expect them, set a limit for each range of numbers."
        )
    return said

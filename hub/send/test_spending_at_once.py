"""Eight workers reserve, free and correct at once: never one micro over a limit, and what is
counted is what the ledger says."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest

from hub.contract import Phone
from hub.send.ready import Ready
from hub.send.routing import Route, routes_of
from hub.send.spending import Told, correct, release, reserve
from hub.send.writing import Written
from hub.store import houses, messages, numbers, prices, spend
from hub.store.database import rows
from hub.store.ground import Ground

WORKERS, BATCHES, SIZE = 8, 10, 12
CAPS = {("workspace", ""): 30_000_000, ("country", "FR"): 19_000_003, ("prefix", ""): 1_700_001}
PHONES = [f"+336399800{n:02d}" for n in range(40)] + [f"+4477009{n:05d}" for n in range(0, 999, 7)]


def _route(ground: Ground, db: Any, workspace: UUID) -> Route:
    [route] = routes_of(ground, db, [workspace])[workspace].carriers
    return route


@pytest.fixture
def queue(ground: Ground, workspace: UUID, add_carrier: Any, add_messages: Any):
    """Messages to many ranges, prices that differ, limits of three kinds."""
    carrier, chance = add_carrier(), random.Random(7)
    lines = [
        {"connection_id": str(carrier), "channel": "sms", "country": country, "micros": micros,
         "currency": "EUR"}
        for country, micros in (("FR", 33_337), ("GB", 41_003))
    ]  # fmt: skip
    with ground.database.begin() as db:
        prices.replace(db, workspace, lines)
        caps = [
            {"scope": scope, "key": key, "period": "day", "micros": micros}
            for (scope, key), micros in CAPS.items()
        ]
        spend.replace_caps(db, workspace, caps)
    phones = [chance.choice(PHONES) for _ in range(WORKERS * BATCHES * SIZE)]
    return add_messages(phones)


def _worker(ground: Ground, workspace: UUID, ids: list[UUID], seed: int) -> int:
    """Reserve batch after batch; some are not sent after all, some cost something else."""
    chance, went = random.Random(seed), 0
    for start in range(0, len(ids), SIZE):
        batch = ids[start : start + SIZE]
        with ground.database.begin() as db:
            stored = list(messages.lock(db, batch).values())
            found = {m["id"]: m for m in numbers.beside(db, ground.vault, stored)}
            route = _route(ground, db, workspace)
            parts = {i: chance.randint(1, 4) for i in batch}
            ready = [
                Ready(found[i], route, "sms", Written("x", "GSM7", parts[i]), "") for i in batch
            ]
            shops = houses.by_ids(db, [workspace])
            stops = reserve(db, ready, shops, ground.clock())
        going = [i for i in batch if i not in stops]
        went += len(going)
        with ground.database.begin() as db:
            unsent = [i for i in going if chance.random() < 0.2]
            release(db, [(i, 1) for i in unsent], ground.clock())
        with ground.database.begin() as db:
            sent = [i for i in going if i not in unsent]
            told = [Told(i, None, 1, "") for i in sent if chance.random() < 0.3]
            correct(db, told, ground.clock())
    return went


def test_nothing_is_ever_over_a_limit_and_the_sums_agree(
    ground: Ground, workspace: UUID, queue: Any
):
    ids = queue
    share = len(ids) // WORKERS
    with ThreadPoolExecutor(WORKERS) as crowd:
        running = [
            crowd.submit(_worker, ground, workspace, ids[n * share : (n + 1) * share], n)
            for n in range(WORKERS)
        ]
        went = [one.result() for one in running]
    assert 0 < sum(went) < len(ids)
    with ground.database.begin() as db:
        counted = {
            (r["scope"], r["key"], r["period"]): (r["micros"], r["messages"])
            for r in rows(db, "SELECT * FROM spend")
        }
        ledger = rows(db, "SELECT micros, keys FROM costs WHERE state <> 'released'")
        assert len(rows(db, "SELECT FROM costs")) == sum(went)
    for (scope, key, period), (micros, number) in counted.items():
        mine = [c["micros"] for c in ledger if f"{scope}:{key}" in c["keys"]]
        assert (micros, number) == (sum(mine), len(mine)), (scope, key, period)
        cap = CAPS.get((scope, key), CAPS.get((scope, "")))
        assert period == "month" or cap is None or micros <= cap


def test_eight_who_want_the_last_of_a_limit_share_exactly_it(
    ground: Ground, workspace: UUID, queue: Any
):
    ids = queue
    with ground.database.begin() as db:
        cap = {"scope": "workspace", "key": "", "period": "day", "micros": 41_003 * 8}
        spend.replace_caps(db, workspace, [cap])

    def one(n: int) -> int:
        with ground.database.begin() as db:
            found, route = messages.by_ids(db, [ids[n]]), _route(ground, db, workspace)
            british = dict(found[ids[n]]) | {"to": Phone.of("+447700900123")}
            ready = [Ready(british, route, "sms", Written("x", "GSM7", 1), "")]  # type: ignore[arg-type]
            shops = houses.by_ids(db, [workspace])
            return 1 - len(reserve(db, ready, shops, ground.clock()))

    with ThreadPoolExecutor(WORKERS) as crowd:
        assert sum(crowd.map(one, range(80))) == 8

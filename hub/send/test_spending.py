"""Money is reserved before a message goes, counted where it belongs, freed and corrected."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from hub.send.ready import Ready
from hub.send.routing import routes_of
from hub.send.spending import Told, banners, correct, release, reserve, spent
from hub.send.writing import Written
from hub.store import costs, houses, messages, numbers, prices, spend
from hub.store.database import rows, run
from hub.store.ground import Ground

FRENCH, BRITISH = "+33639980123", "+447700900123"
PRICE = 45_000  # micros a segment


class Till:
    """A workspace with one carrier and a price, and messages put through its till."""

    def __init__(self, ground: Ground, workspace: UUID, carrier: UUID, add_messages: Any) -> None:
        self.ground, self.workspace, self.carrier = ground, workspace, carrier
        self._add = add_messages

    def price(self, *lines: tuple[str, str, int], currency: str = "EUR") -> None:
        made = [
            {"connection_id": str(self.carrier), "channel": channel, "country": country,
             "micros": micros, "currency": currency}
            for channel, country, micros in lines
        ]  # fmt: skip
        with self.ground.database.begin() as db:
            prices.replace(db, self.workspace, made)

    def cap(self, *lines: tuple[str, str, str, int]) -> None:
        names = ("scope", "key", "period", "micros")
        with self.ground.database.begin() as db:
            made = [dict(zip(names, line, strict=True)) for line in lines]
            spend.replace_caps(db, self.workspace, made)

    def empty(self) -> None:
        with self.ground.database.begin() as db:
            run(db, "DELETE FROM spend")
            run(db, "DELETE FROM costs")

    def ready(self, db: Any, ids: list[UUID], parts: int = 1) -> list[Ready]:
        [route] = routes_of(self.ground, db, [self.workspace])[self.workspace].carriers
        stored = messages.by_ids(db, ids).values()
        found = {m["id"]: m for m in numbers.beside(db, self.ground.vault, list(stored))}
        words = Written("x", "GSM7", parts)
        return [Ready(found[i], route, found[i]["channel"], words, "") for i in ids]

    def pay(self, phones: list[str], parts: int = 1, **columns: Any) -> dict[UUID, Any]:
        """Reserve for one new message to each; what it said to each, None for "go"."""
        ids = self._add(phones, **columns)
        with self.ground.database.begin() as db:
            shops = houses.by_ids(db, [self.workspace])
            stops = reserve(db, self.ready(db, ids, parts), shops, self.ground.clock())
        return {i: stops.get(i) for i in ids}

    def spent(self, day: date = date(2026, 6, 10)) -> dict[tuple[str, str, str], tuple[int, int]]:
        with self.ground.database.begin() as db:
            found = spent(db, self.workspace, day)
        return {(r["scope"], r["key"], r["period"]): (r["micros"], r["messages"]) for r in found}

    def ledger(self, message: UUID) -> Any:
        with self.ground.database.begin() as db:
            return costs.of_message(db, message)[-1]

    def told(self, message: UUID, micros: int | None = None, parts: int = 0, in_: str = "EUR"):
        with self.ground.database.begin() as db:
            correct(db, [Told(message, micros, parts, in_)], self.ground.clock())


@pytest.fixture
def till(ground: Ground, workspace: UUID, add_carrier: Any, add_messages: Any) -> Till:
    made = Till(ground, workspace, add_carrier("First"), add_messages)
    made.price(("sms", "", PRICE), ("sms", "GB", 30_000), ("rcs", "", 80_000))
    return made


def test_without_limits_everything_goes_and_is_counted_where_it_belongs(till: Till):
    assert set(till.pay([FRENCH, BRITISH], parts=2).values()) == {None}
    assert till.spent() == {
        ("workspace", "", "day"): (150_000, 2),
        ("workspace", "", "month"): (150_000, 2),
        ("country", "FR", "day"): (90_000, 1),
        ("country", "FR", "month"): (90_000, 1),
        ("country", "GB", "day"): (60_000, 1),
        ("country", "GB", "month"): (60_000, 1),
        ("prefix", "33639980", "day"): (90_000, 1),
        ("prefix", "44770090", "day"): (60_000, 1),
    }


def test_an_automations_messages_count_under_its_name(till: Till, ground: Ground):
    with ground.database.begin() as db:
        [one] = rows(db, "SELECT id FROM automations WHERE slug = 'cart-reminder'")
    till.pay([FRENCH], automation_id=one["id"])
    assert till.spent()["automation", "cart-reminder", "day"] == (PRICE, 1)


def test_an_rcs_message_costs_one_price_however_long(till: Till, ground: Ground, add_messages: Any):
    [id] = add_messages([FRENCH])
    with ground.database.begin() as db:
        run(db, "UPDATE messages SET channel = 'rcs' WHERE id = :id", id=id)
        shops = houses.by_ids(db, [till.workspace])
        assert reserve(db, till.ready(db, [id], parts=3), shops, ground.clock()) == {}
    assert till.ledger(id)["micros"] == 80_000


def test_a_message_without_a_price_is_counted_and_costs_nothing(till: Till):
    till.price()
    [id] = till.pay([FRENCH])
    assert (till.ledger(id)["micros"], till.ledger(id)["state"]) == (0, "reserved")
    assert till.spent()["workspace", "", "day"] == (0, 1)


def test_what_would_pass_a_limit_waits_and_says_why(till: Till, clock: Any):
    till.cap(("workspace", "", "day", 100_000))
    stops = list(till.pay([FRENCH] * 3).values())
    assert stops[:2] == [None, None]
    assert (stops[2].action, stops[2].reason) == ("hold", "spend_cap")
    assert stops[2].sentence == (
        "Waiting: all messages may cost 0.10 EUR today, of which 0.09 is spent, and this one "
        "costs 0.045. It goes when the next day begins, or when the limit is raised."
    )
    assert (stops[2].due_at - clock()).total_seconds() == 600
    assert till.spent()["workspace", "", "day"] == (90_000, 2)


def test_a_cheaper_one_still_fits_beneath_the_limit(till: Till):
    till.cap(("workspace", "", "day", 80_000))
    said = [s is None for s in till.pay([FRENCH, FRENCH, BRITISH]).values()]
    assert said == [True, False, True]


LIMITS = [
    (("country", "FR", "day", 50_000), [True, False, True]),
    (("country", "", "month", 50_000), [True, False, True]),
    (("prefix", "33639980", "day", 50_000), [True, False, True]),
    (("prefix", "", "day", 0), [False, False, False]),
    (("country", "GB", "month", 0), [True, True, False]),
    (("automation", "cart-reminder", "day", 0), [True, True, True]),
]


def test_each_scope_has_its_own_limit(till: Till):
    for cap, goes in LIMITS:
        till.empty()
        till.cap(cap)
        said = till.pay([FRENCH, FRENCH, BRITISH])
        assert [stop is None for stop in said.values()] == goes, cap


def test_a_named_limit_goes_before_the_one_for_each(till: Till):
    till.cap(("country", "", "day", 0), ("country", "FR", "day", 10**9))
    assert [s is None for s in till.pay([FRENCH, BRITISH]).values()] == [True, False]


def test_a_limit_without_a_price_lets_nothing_go(till: Till):
    till.cap(("workspace", "", "month", 10**9))
    till.price(("sms", "GB", 30_000))
    stops = list(till.pay([FRENCH, BRITISH]).values())
    assert stops[0].reason == "no_price"
    assert "no price in EUR is known for SMS to FR through First" in stops[0].sentence
    assert stops[1] is None
    till.price(("sms", "", PRICE), currency="USD")
    assert next(iter(till.pay([FRENCH]).values())).reason == "no_price"


def test_a_day_is_the_workspaces_own(till: Till, clock: Any):
    till.cap(("workspace", "", "day", PRICE))
    clock.now = datetime(2026, 6, 30, 21, 59, tzinfo=UTC)
    assert [s is None for s in till.pay([FRENCH, FRENCH]).values()] == [True, False]
    [stop] = [s for s in till.pay([FRENCH]).values() if s]
    assert stop.due_at == datetime(2026, 6, 30, 22, 0, tzinfo=UTC)
    clock.now = stop.due_at
    assert [s is None for s in till.pay([FRENCH]).values()] == [True]
    assert till.spent(date(2026, 7, 1))["workspace", "", "month"] == (PRICE, 1)
    assert till.spent(date(2026, 6, 30))["workspace", "", "month"] == (PRICE, 1)


def test_the_next_attempt_of_a_message_costs_again(till: Till, ground: Ground):
    [id] = till.pay([FRENCH])
    with ground.database.begin() as db:
        run(db, "UPDATE messages SET tries = 1 WHERE id = :id", id=id)
        shops = houses.by_ids(db, [till.workspace])
        assert reserve(db, till.ready(db, [id]), shops, ground.clock()) == {}
        assert [c["n"] for c in costs.of_message(db, id)] == [1, 2]
    assert till.spent()["workspace", "", "day"] == (2 * PRICE, 2)


def test_what_was_proven_not_sent_is_free_again_once(till: Till, ground: Ground):
    till.cap(("workspace", "", "day", PRICE))
    [id] = till.pay([FRENCH])
    for _ in range(2):
        with ground.database.begin() as db:
            release(db, [(id, 1)], ground.clock())
    assert till.spent() == {}
    assert till.ledger(id)["state"] == "released"
    assert list(till.pay([FRENCH]).values()) == [None]


def test_a_receipts_price_corrects_what_was_spent(till: Till):
    [id] = till.pay([FRENCH])
    for _ in range(2):
        till.told(id, micros=52_000, parts=1)
    assert (till.ledger(id)["micros"], till.ledger(id)["state"]) == (52_000, "corrected")
    assert till.spent()["country", "FR", "day"] == (52_000, 1)
    till.told(id, micros=0)
    assert till.spent()["workspace", "", "month"] == (0, 1)


BILLED = [
    (None, 3, "", 3 * PRICE),
    (10, 3, "USD", 3 * PRICE),
    (None, 0, "", PRICE),
    (10, 0, "USD", PRICE),
    (None, 99_999, "", PRICE),
]


def test_a_receipts_parts_correct_it_where_there_is_no_price_to_use(till: Till):
    for micros, parts, currency, cost in BILLED:
        till.empty()
        [id] = till.pay([FRENCH])
        till.told(id, micros=micros, parts=parts, in_=currency)
        assert till.ledger(id)["micros"] == cost
        assert till.spent()["workspace", "", "day"] == (cost, 1)


def test_a_receipt_for_what_was_thought_unsent_counts_after_all(till: Till, ground: Ground):
    [id] = till.pay([FRENCH])
    with ground.database.begin() as db:
        release(db, [(id, 1)], ground.clock())
    till.told(id, micros=50_000)
    assert till.spent()["workspace", "", "day"] == (50_000, 1)


def test_a_correction_goes_to_the_day_it_was_sent(till: Till, clock: Any):
    [id] = till.pay([FRENCH])
    clock.move(days=2)
    till.told(id, micros=50_000)
    assert till.spent()["workspace", "", "day"] == (50_000, 1)
    assert ("workspace", "", "day") not in till.spent(date(2026, 6, 12))


def test_raising_a_limit_wakes_what_it_kept(till: Till, ground: Ground):
    till.cap(("workspace", "", "day", 0))
    [(id, stop)] = till.pay([FRENCH]).items()
    with ground.database.begin() as db:
        run(
            db,
            "UPDATE messages SET state = 'held', reason = :reason, due_at = :at WHERE id = :id",
            id=id,
            reason=stop.reason,
            at=stop.due_at,
        )
        assert spend.waiting(db, till.workspace) == {"spend_cap": 1}
        [banner] = banners(db, None, ground.clock().date())
        assert banner.startswith("Messages waiting: 1, as a spending limit is reached.")
        assert spend.wake(db, till.workspace, ground.clock()) == 1
        assert messages.by_ids(db, [id])[id]["due_at"] == ground.clock()


def test_a_range_that_suddenly_gets_many_is_told_of(till: Till, ground: Ground, clock: Any):
    def many(number: int) -> list[str]:
        with ground.database.begin() as db:
            day = ground.clock().date()
            lines = spend.lines_of(till.workspace, ["prefix:33639980"], day)
            spend.lock(db, lines)
            spend.add(db, dict.fromkeys(lines, (0, number)))
            return banners(db, till.workspace, day)

    for _ in range(7):
        assert many(20) == []
        clock.move(days=1)
    assert many(99) == []
    [said] = many(2)
    assert said.startswith("Unusual: 101 messages to +33639980… today, where 20 a day are usual.")
    with ground.database.begin() as db:
        assert spend.forget_ranges(db, ground.clock().date()) == 7

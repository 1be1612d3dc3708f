"""The guard: what is paused by hand waits; so does an automation that suddenly sends far more than
usual, or whose messages do not arrive."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.contract import NotAPhone, Phone, Receipt
from hub.send import guard
from hub.send.guard import Pulse
from hub.send.ready import Ready
from hub.send.routing import Route
from hub.send.spending import banners
from hub.send.writing import Written
from hub.store import connections, houses, messages, spend, workspaces
from hub.store.database import rows, run
from hub.store.ground import Ground

TODAY = date(2026, 6, 10)
FRENCH = "+33639980123"


class Post:
    """An automation's messages, put before the guard."""

    def __init__(self, ground: Ground, workspace: UUID, carrier: UUID, add_messages: Any) -> None:
        self.ground, self.workspace, self.carrier = ground, workspace, carrier
        self._add = add_messages
        with ground.database.begin() as db:
            [one] = rows(db, "SELECT id FROM automations WHERE slug = 'cart-reminder'")
        self.automation = one["id"]

    def rules(self, **rules: Any) -> None:
        with self.ground.database.begin() as db:
            workspaces.change(db, self.workspace, rules=rules)

    def sent(self, messages: int, days_ago: int = 0, scope: str = "automation") -> None:
        day = TODAY - timedelta(days_ago)
        line = spend.Line(self.workspace, scope, "cart-reminder", "day", day)
        with self.ground.database.begin() as db:
            spend.lock(db, [line])
            spend.add(db, {line: (0, messages)})

    def kept(self, count: int = 1, kind: str = "transactional") -> list[str]:
        """What it says to each of so many; "" for "go"."""
        ids = self._add([FRENCH] * count, automation_id=self.automation)
        with self.ground.database.begin() as db:
            run(db, "UPDATE messages SET kind = :kind WHERE id = ANY(:ids)", kind=kind, ids=ids)
            row = connections.by_ids(db, [self.carrier])[self.carrier]
            carrier = self.ground.connectors[row["connector"]].carrier
            assert carrier is not None
            found, words = messages.by_ids(db, ids), Written("x", "GSM7", 1)
            ready = [Ready(found[i], Route(row, carrier), "sms", words, "") for i in ids]
            shops = houses.by_ids(db, [self.workspace])
            stops = guard.keep(db, ready, shops, self.ground.clock())
        self.said = [stop.sentence for stop in stops.values()]
        return [stops[i].reason if i in stops else "" for i in ids]

    def ended(self, *states: str, channel: str = "sms", at: str = "sent") -> dict[str, int]:
        """Receipts for one message each; what is counted then."""
        ids = self._add([FRENCH] * len(states), automation_id=self.automation)
        with self.ground.database.begin() as db:
            found = messages.by_ids(db, ids)
            moved = [
                (Receipt(str(i), "", state), {**found[i], "state": at, "channel": channel})
                for i, state in zip(ids, states, strict=True)
            ]
            guard.note(db, moved, self.ground.clock())  # type: ignore[arg-type]
            told = rows(db, "SELECT scope, messages FROM spend")
        return {line["scope"]: line["messages"] for line in told}


@pytest.fixture
def post(ground: Ground, workspace: UUID, add_carrier: Any, add_messages: Any) -> Post:
    return Post(ground, workspace, add_carrier("First"), add_messages)


def test_what_is_paused_by_hand_waits_and_says_so(post: Post):
    assert post.kept() == [""]
    post.rules(paused="marketing")
    assert (post.kept(), post.kept(kind="marketing")) == ([""], ["paused"])
    post.rules(paused="all")
    assert post.kept(2) == ["paused"] * 2
    assert post.said[0] == (
        "Waiting: all sending is paused by hand. It goes once somebody resumes it."
    )


def test_five_times_the_usual_day_and_the_rest_waits(post: Post, ground: Ground, workspace: UUID):
    for days_ago in range(1, 6):
        post.sent(20, days_ago)
    post.sent(98)
    assert post.kept(4) == ["", "", "surge", "surge"]
    assert "has sent 100 messages today, where 20 are usual" in post.said[0]
    post.rules(surge_times=6)
    assert post.kept(4) == [""] * 4
    post.rules(surge_times=0)
    post.sent(5000)
    assert post.kept() == [""]


def test_a_new_automation_has_no_usual_day(post: Post):
    post.sent(20, 1)
    post.sent(5000)
    assert post.kept() == [""]


def test_where_most_do_not_arrive_the_rest_waits(post: Post):
    post.sent(24, scope=spend.ARRIVED)
    post.sent(25, scope=spend.LOST)
    assert post.kept() == [""]
    post.sent(1, scope=spend.LOST)
    assert post.kept() == ["few_arrive"]
    assert "of 50 messages of the automation «cart-reminder» only 24 arrived" in post.said[0]
    post.rules(least_arriving=0)
    assert post.kept() == [""]


def test_each_end_is_counted_once_and_rcs_with_an_sms_beneath_it_is_not_lost(post: Post):
    assert post.ended("delivered", "failed", "expired", "sent") == {"arrived": 1, "lost": 2}
    assert post.ended("read", at="delivered") == {"arrived": 1, "lost": 2}
    assert post.ended("failed", "delivered", channel="rcs") == {"arrived": 2, "lost": 2}


def test_a_person_is_told_what_waits_and_what_to_do(
    post: Post, ground: Ground, workspace: UUID, add_messages: Any
):
    ids = add_messages([FRENCH] * 2)
    with ground.database.begin() as db:
        words = "UPDATE messages SET state = 'held', reason = :reason, due_at = :due WHERE id = :id"
        later = ground.clock() + timedelta(minutes=9)
        for id, reason in zip(ids, ("message_cap", "surge"), strict=True):
            run(db, words, reason=reason, due=later, id=id)
        told = banners(db, workspace, TODAY)
        assert spend.wake(db, workspace, ground.clock()) == 2
    assert [words.partition(", as ")[0] for words in told] == ["Messages waiting: 1"] * 2
    assert "raise the limit" in told[0]
    assert "surge_times" in told[1]


@settings(max_examples=100)
@given(st.lists(st.integers(0, 1000), min_size=7, max_size=7), st.integers(0, 10_000))
def test_below_fifty_or_the_usual_nothing_is_a_surge(week: list[int], today: int):
    pulse = Pulse("x", today, week)
    if pulse.surge(5):
        assert today >= 50
        assert sum(day > 0 for day in week) >= 4
        assert today >= max(5 * min(day for day in week if day), 50)
    assert not pulse.surge(0)


# Premium, shared cost, satellite and world-wide networks, personal numbers, the kinds nobody knows.
@pytest.mark.parametrize(
    "number", ["+33899123456", "+33820123456", "+88164123456", "+8835100123456", "+447012345678",
               "+33811123456", "+9791234567890"],
)  # fmt: skip
def test_numbers_that_turn_messages_into_somebodys_money_are_none(number: str):
    with pytest.raises(NotAPhone):
        Phone.parse(number)

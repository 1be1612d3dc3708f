"""Caps: what counts against a person, when a message leaves, and in which words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from hub.automations.caps import Cap, CapSeen, Sent, count
from hub.automations.checks import decide
from hub.automations.starters import STARTERS
from hub.automations.test_strategies import sendable
from hub.store.database import new_id

CART = STARTERS["cart-reminder"]
ORDER = replace(CART, kind="transactional")
NOON = datetime(2026, 6, 10, 12, 0, tzinfo=UTC)
DAY = Cap(3, 1440)
MONTH = Cap(10, 30 * 1440, "all")


def sent(hours_ago, kind="marketing", one=None):
    return Sent(one or new_id(), kind, NOON - timedelta(hours=hours_ago))


def test_only_the_length_of_time_before_the_message_leaves_counts():
    told = [sent(0), sent(23.9), sent(24), sent(30), sent(-1)]
    assert [seen.recent for seen in count([DAY, MONTH], told, NOON)] == [2, 4]


def test_a_cap_counts_its_own_kind_and_all_counts_every_kind():
    told = [sent(1), sent(2, "transactional"), sent(3, "transactional")]
    of_kinds = [Cap(9, 1440, kind) for kind in ("marketing", "transactional", "all")]
    assert [seen.recent for seen in count(of_kinds, told, NOON)] == [1, 2, 3]


def test_an_rcs_message_and_the_sms_beneath_it_are_one():
    one = new_id()
    [seen] = count([DAY], [sent(2, one=one), sent(1, one=one)], NOON)
    assert seen.recent == 1


def test_the_limit_that_is_reached_is_the_one_that_is_named():
    seen = (CapSeen(3, 1440, "marketing", 1), CapSeen(10, 43200, "all", 10))
    verdict = decide(CART, sendable(caps=seen))
    assert verdict.reason == "cap"
    assert verdict.sentence == (
        "Not sent: messages to this person have reached the limit (10 of 10 in 30 days). "
        "The limit is in the sending rules."
    )


def test_an_order_message_is_stopped_by_limits_on_all_messages_alone():
    full = CapSeen(3, 1440, "marketing", 3)
    assert decide(ORDER, sendable(caps=(full,))).action == "send"
    assert decide(ORDER, sendable(caps=(replace(full, kind="all"),))).reason == "cap"


def test_without_a_limit_nothing_is_counted():
    [check] = [c for c in decide(CART, sendable()).checks if c.data["check"] == "cap"]
    assert check.sentence == "There is no limit on how often a person is written to."


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 40 * 24).map(lambda h: NOON + timedelta(hours=h)), max_size=60),
    st.integers(1, 4),
    st.integers(1, 72).map(lambda hours: hours * 60),
)
def test_whoever_obeys_a_cap_never_gets_more_in_any_such_time(moments, most, minutes):
    cap, went = Cap(most, minutes), []
    for leaves in sorted(moments):
        [seen] = count([cap], went, leaves)
        if not seen.full:
            went.append(Sent(new_id(), "marketing", leaves))
    for last in went:
        since = last.at - timedelta(minutes=minutes)
        assert len([s for s in went if since < s.at <= last.at]) <= most

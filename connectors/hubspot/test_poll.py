import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Throttled

from . import client, poll, write_back
from .cursor import OVERLAP, Cursor, after_page, begun, closed, opened


def start(ctx):
    return poll.pull(ctx, "").cursor


def ids(requests, type_id="0-1"):
    rows = [json.loads(r.body)[0] for r in requests]
    return [str(row["objectId"]) for row in rows if row["objectTypeId"] == type_id]


def test_the_poll_finds_what_the_webhooks_told_under_the_same_keys(
    installed, account, ear, whole, drain, clock
):
    cursor = start(installed)
    clock.on(seconds=1)
    who = account.create_contact()
    account.move_deal(account.create_deal(who), "closedwon")
    account.abandon_cart(account.create_cart(who))
    account.create_order(who)
    assert account.flush()
    told = {e.key for e in whole(installed, ear[0].told())}
    assert {e.key for e in whole(installed, drain(installed, cursor)[0])} == told
    assert len(told) == 5


def test_a_lost_delivery_is_found(installed, account, ear, drain, clock):
    cursor = start(installed)
    clock.on(seconds=1)
    account.lose_next(2)
    number = account.create_contact()
    assert account.flush()
    assert ear[0].told() == []
    assert ids(drain(installed, cursor)[0]) == [number]


def test_seven_hundred_contacts_of_one_moment_are_all_found(installed, account, drain, clock):
    cursor = start(installed)
    clock.on(seconds=1)
    made = [account.create_contact() for _ in range(700)]
    clock.on(seconds=1)
    made.append(account.create_contact())
    assert set(ids(drain(installed, cursor)[0])) == set(made)


def test_a_record_edited_between_two_pages_pushes_no_other_out_of_sight(
    installed, account, drain, clock
):
    cursor, made = start(installed), []
    for _ in range(450):
        clock.on(seconds=1)
        made.append(account.create_contact())
    page = poll.pull(installed, cursor)
    clock.on(seconds=1)
    for number in made[:150]:
        account.edit_contact(number, city="Paris")
    rest, _ = drain(installed, page.cursor)
    assert set(ids([*page.requests, *rest])) == set(made)


def test_what_the_search_index_learns_late_is_found(installed, account, drain, clock):
    cursor = start(installed)
    account.index_lag(120_000)
    clock.on(seconds=1)
    late = account.create_contact()
    found, cursor = drain(installed, cursor)
    assert ids(found) == []
    clock.on(minutes=1)
    soon = account.create_contact()
    clock.on(minutes=3)
    found, _ = drain(installed, cursor)
    assert set(ids(found)) == {late, soon}


def test_an_order_of_last_year_that_changes_is_not_a_new_one(installed, account, drain, clock):
    old = account.create_order()
    clock.on(days=365)
    cursor = start(installed)
    clock.on(seconds=1)
    account.set_order_status(old, "completed")
    new = account.create_order()
    rows = [json.loads(r.body)[0] for r in drain(installed, cursor)[0]]
    assert {str(r["objectId"]): r["created"] for r in rows} == {old: False, new: True}


def test_a_kind_chosen_later_begins_then(installed, account, drain, clock):
    few = replace(installed, settings={**installed.settings, "objects": "contacts"})
    cursor = start(few)
    clock.on(seconds=1)
    account.create_deal()
    _, cursor = drain(few, cursor)
    found, cursor = drain(installed, cursor)
    assert found == []
    clock.on(seconds=1)
    deal = account.create_deal()
    assert ids(drain(installed, cursor)[0], "0-3") == [deal]


def test_a_right_that_lacks_for_deals_holds_up_no_contact(installed, account, drain, clock):
    account.forbid("crm.objects.deals.read")
    cursor = start(installed)
    clock.on(seconds=1)
    number = account.create_contact()
    assert ids(drain(installed, cursor)[0]) == [number]


def test_the_poll_waits_while_the_days_calls_run_out(installed, account, outcome):
    number, cursor = account.create_contact(), start(installed)
    account.doors.limits.daily = 1_000
    account.doors.limits.used = 960
    client.account(installed)
    with pytest.raises(Throttled) as error:
        poll.pull(installed, cursor)
    assert error.value.retry_after == 600
    (written,) = write_back.write(installed, [outcome(number)])
    assert written.reference


@pytest.mark.parametrize("kept", ["x", "[]", "{}", '{"floors": 1}', "null"])
def test_a_cursor_that_is_not_ours_is_refused_in_words(installed, kept):
    with pytest.raises(ValueError, match=r"\.$"):
        poll.pull(installed, kept)


@given(st.lists(st.integers(0, 6), max_size=60), st.integers(1, 5))
def test_whatever_the_dates_every_record_is_read_once_or_more(times, size):
    """A model of the search: pages of `size`, one sort only."""
    rows = [(time, number) for number, time in enumerate(times, 1)]
    at, seen = opened(begun(Cursor({}, {}), "contacts", 0), "contacts"), set()
    for _ in range(1_000):
        if at.after:
            fits = sorted((n, t) for t, n in rows if t == at.at and n > int(at.after))
            page = [(t, n) for n, t in fits][:size]
        else:
            page = sorted(row for row in rows if row[0] >= at.at)[:size]
        seen |= set(page)
        onward = after_page(Cursor.load(at.dump()), page, len(page) >= size)
        if onward is None:
            break
        assert onward != at
        at = onward
    assert seen == set(rows)


def test_the_next_reading_steps_back_but_never_behind_the_install():
    at = opened(begun(Cursor({}, {}), "contacts", 1_000_000), "contacts")
    assert closed(replace(at, newest=1_000_500)).since == {"contacts": 1_000_000}
    later = 1_000_000 + OVERLAP * 3
    assert closed(replace(at, newest=later)).since == {"contacts": later - OVERLAP}

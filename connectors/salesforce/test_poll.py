from dataclasses import replace
from datetime import timedelta

import pytest

from hub.contract import AuthLost, Event, Throttled

from . import account, poll, write_back
from .conftest import keys
from .cursor import Cursor, Place


def test_push_and_poll_give_the_same_keys(org, ctx, ear, read, drain):
    start = poll.pull(ctx, "").cursor
    org.add_outbound_message(ear[1])
    contact = org.create_contact()
    org.move_opportunity(org.create_opportunity(contact), "Closed Won")
    org.people.place_order(contact)
    org.people.book_event(contact)
    org.people.add_record(contact)
    org.people.create_lead()
    assert org.flush()
    assert set(keys(read(ear[0].heard))) == set(keys(drain(start)[0]))
    assert len(set(keys(drain(start)[0]))) == 7


def test_a_round_over_five_objects_costs_one_call_and_one_for_the_sixth(org, ctx):
    cursor = poll.pull(ctx, "").cursor
    before = org.api_calls
    page = poll.pull(ctx, cursor)
    assert (page.more, org.api_calls - before) == (True, 1)
    assert not poll.pull(ctx, page.cursor).more
    assert org.api_calls - before == 2


def test_what_commits_late_is_found_by_stepping_back(org, ctx, clock, drain):
    cursor = poll.pull(ctx, "").cursor
    clock.on(minutes=10)
    saved_at = clock()
    clock.on(minutes=1)
    org.create_contact()
    _, cursor = drain(cursor)
    late = org.create_contact()
    org.memory.rows["Contact"][late]["SystemModstamp"] = saved_at.strftime(
        "%Y-%m-%dT%H:%M:%S.000+0000"
    )
    again, _ = drain(cursor)
    assert f"contact:{late}" in {event.subject for event in again}


def test_what_has_settled_is_not_read_again(org, ctx, clock, drain):
    cursor = poll.pull(ctx, "").cursor
    org.create_contact()
    _, cursor = drain(cursor)
    clock.on(minutes=10)
    _, cursor = drain(cursor)
    assert poll.pull(ctx, cursor).requests == ()


def test_a_second_change_within_the_same_second_is_read_too(org, ctx, drain):
    cursor = poll.pull(ctx, "").cursor
    contact = org.create_contact()
    first, cursor = drain(cursor)
    org.people.edit(contact, MobilePhone="+33 6 39 98 04 56")
    second, _ = drain(cursor)
    assert {e.person.phone for e in second} == {"+33 6 39 98 04 56"}
    assert not set(keys(first)) & set(keys(second))


def test_read_within_its_own_second_a_change_is_named_by_the_reading(org, ctx, clock):
    cursor = poll.pull(ctx, "").cursor
    org.create_contact()
    early = poll.pull(ctx, cursor).requests
    clock.on(minutes=1)
    late = poll.pull(ctx, cursor).requests
    assert early != late
    clock.on(minutes=1)
    assert poll.pull(ctx, cursor).requests == late


def test_there_and_back_is_told_both_times(org, ctx, clock, drain):
    cursor = poll.pull(ctx, "").cursor
    deal = org.create_opportunity()
    seen: set[str] = set()
    for stage in ("Proposal", "Prospecting", "Proposal"):
        clock.on(minutes=1)
        org.move_opportunity(deal, stage)
        found, cursor = drain(cursor)
        new = set(keys(found)) - seen
        assert len(new) == 1
        seen |= new


def test_an_edit_that_means_nothing_to_a_deal_tells_nothing(org, ctx, clock, drain):
    cursor = poll.pull(ctx, "").cursor
    deal = org.create_opportunity()
    first, cursor = drain(cursor)
    clock.on(minutes=1)
    org.people.edit(deal, Description="Called again.")
    assert keys(drain(cursor)[0]) == keys(first)


def test_a_person_editing_just_before_we_write_is_not_lost(org, ctx, clock, drain, outcome):
    cursor = poll.pull(ctx, "").cursor
    contact = org.create_contact()
    first, cursor = drain(cursor)
    clock.on(minutes=1)
    org.people.edit(contact, MailingCity="Paris")
    clock.on(seconds=5)
    write_back.write(ctx, [outcome(f"contact:{contact}")])
    new = set(keys(drain(cursor)[0])) - set(keys(first))
    assert len(new) == 1
    clock.on(minutes=5)
    write_back.write(ctx, [outcome(f"contact:{contact}", "read")])
    assert set(keys(drain(cursor)[0])) == new


def test_an_admin_who_signed_relais_in_is_still_heard(org, ctx, clock, drain, outcome):
    cursor = poll.pull(ctx, "").cursor
    contact = org.create_contact()
    write_back.write(ctx, [outcome(f"contact:{contact}")])
    first, cursor = drain(cursor)
    clock.on(minutes=30)
    org.memory.change("Contact", contact, {"MailingCity": "Nice"}, by=ctx.secrets["id"][-18:])
    assert set(keys(drain(cursor)[0])) - set(keys(first))


def test_a_deleted_event_is_a_cancelled_booking(org, ctx, clock, drain):
    cursor = poll.pull(ctx, "").cursor
    booking = org.people.book_event(org.create_contact())
    _, cursor = drain(cursor)
    clock.on(minutes=1)
    org.people.delete(booking)
    told = [e for e in drain(cursor)[0] if e.subject == f"booking:{booking}"]
    assert [e.type for e in told] == ["booking.cancelled"]


def test_a_moved_event_is_changed_and_was_created_once(org, ctx, clock, drain):
    cursor = poll.pull(ctx, "").cursor
    booking = org.people.book_event(org.create_contact())
    clock.on(minutes=1)
    org.people.move_event(booking, clock() + timedelta(days=3))
    told = [e for e in drain(cursor)[0] if e.subject == f"booking:{booking}"]
    assert [e.type for e in told] == ["booking.created", "booking.changed"]
    assert told[1].data["starts_at"] == "2026-06-15T09:01:00+00:00"


def test_a_record_of_last_year_that_is_edited_was_not_made_now(org, ctx, clock, drain):
    contact = org.create_contact()
    order = org.people.place_order(contact)
    clock.on(days=300)
    cursor = poll.pull(ctx, "").cursor
    org.people.edit(order, Status="Activated")
    assert [e.type for e in drain(cursor)[0]] == ["order.status_changed"]


def test_with_the_days_calls_nearly_used_reading_leaves_the_rest_to_writing(org, ctx):
    cursor = poll.pull(ctx, "").cursor
    org.rest.most = (org.api_calls + 1) * 100 // 96
    with pytest.raises(Throttled) as raised:
        poll.pull(ctx, cursor)
    assert raised.value.retry_after == 900.0


def test_an_expired_token_asks_for_another(org, ctx):
    org.sign_in.expire()
    with pytest.raises(AuthLost):
        poll.pull(ctx, "")
    fresh = replace(ctx, secrets={**ctx.secrets, **org.sign_in.issue()})
    assert poll.pull(fresh, "").cursor


def test_a_query_cut_short_by_salesforce_is_read_to_its_end(org, ctx, drain):
    cursor = poll.pull(ctx, "").cursor
    org.rest.batch = 30
    org.change(100)
    found, _ = drain(cursor)
    assert len({e.subject for e in found}) == 100


def test_fields_that_an_org_lacks_do_not_stop_the_reading(org, ctx, drain):
    cursor = poll.pull(ctx, "").cursor
    for table in ("Contact", "Lead"):
        org.drop_field(table, "Relais_SMS_Origin__c")
        org.drop_field(table, "Relais_SMS_Opt_Out__c")
    deal = org.create_opportunity(org.create_contact())
    subjects = {e.subject for e in drain(cursor)[0] if isinstance(e, Event)}
    assert f"deal:{deal}" in subjects


def test_a_cursor_survives_its_text(clock):
    at = Cursor(clock(), {"Lead": Place(clock(), "00Q8d0000000001AAA")}, clock(), ("Lead",))
    assert Cursor.load(at.dump()) == at
    with pytest.raises(ValueError, match="cursor"):
        Cursor.load("{}")


@pytest.mark.parametrize("shared", ["1", ""])
def test_an_object_that_an_org_lacks_does_not_stop_the_others(org, ctx, shared):
    apart = replace(ctx, settings={**ctx.settings, "share_calls": shared})
    cursor = poll.pull(apart, "").cursor
    org.memory.things.pop("Order")
    org.create_contact()
    assert len(poll.pull(apart, cursor).requests) == 1
    assert "Order is not there" in account.check(apart).lacks[0]

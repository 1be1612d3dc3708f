from dataclasses import replace
from datetime import timedelta

import pytest

from hub.contract import AuthLost, Refused, Throttled

from . import cursor, events, poll
from .conftest import NOW, Reader

LATER = NOW + timedelta(days=3)


def test_what_stood_before_the_connection_is_never_told(calendar, ctx, clock):
    calendar.book("Old", phone="06 39 98 01 23")
    clock.on(hours=1)
    reader = Reader(ctx, calendar)
    assert reader.poll() == []
    assert reader.poll() == []
    calendar.book("New")
    assert reader.kinds() == ["created"]


def test_a_booking_made_between_connecting_and_the_first_listing_is_told(calendar, ctx, clock):
    calendar.book("Old")
    reader = Reader(ctx, calendar)
    reader.page()
    calendar.book("New")
    assert [e.data["title"] for e in reader.poll()] == ["New"]


def test_an_old_event_that_moves_is_a_change_and_not_a_new_booking(calendar, ctx, clock):
    event = calendar.book("Old")
    clock.on(days=1)
    reader = Reader(ctx, calendar)
    reader.poll()
    reader.poll()
    calendar.move(event, LATER + timedelta(days=1))
    assert reader.kinds() == ["changed"]


def test_a_guest_s_answer_and_a_colour_change_nothing(calendar, reader, clock):
    event = calendar.book(guest="zoe@example.com", phone="06 39 98 01 23")
    assert reader.kinds() == ["created"]
    clock.on(hours=2)
    calendar.answer_invitation(event)
    calendar.change_event(event, colorId="3")
    calendar.change_event(event, extendedProperties={"private": {"theirs": "1"}})
    assert reader.kinds() == []


def test_an_old_event_s_guest_may_answer_without_a_word(calendar, ctx, clock):
    event = calendar.book(guest="zoe@example.com")
    clock.on(days=1)
    reader = Reader(ctx, calendar)
    reader.poll()
    reader.poll()
    calendar.answer_invitation(event)
    assert reader.kinds() == []


def test_there_and_back_again_are_two_changes(calendar, reader, clock):
    event = calendar.book("Haircut", LATER)
    reader.poll()
    for title in ("Colour", "Haircut", "Colour", "Haircut"):
        calendar.rename(event, title)
        assert reader.kinds() == ["changed"]
    for days in (1, 0, 1):
        calendar.move(event, LATER + timedelta(days=days))
        assert reader.kinds() == ["changed"]


def test_a_booking_moved_before_it_is_first_seen_is_one_new_booking(calendar, reader):
    event = calendar.book("Haircut", LATER)
    calendar.move(event, LATER + timedelta(days=1))
    (told,) = reader.poll()
    assert told.type == "booking.created"
    assert told.data["starts_at"] == "2026-06-16T11:00:00+02:00"


def test_a_booking_deleted_and_restored_is_told_each_time(calendar, reader):
    event = calendar.book("Haircut", LATER)
    reader.poll()
    for act, kind in ((calendar.cancel, "cancelled"), (calendar.restore, "changed")) * 2:
        act(event)
        assert reader.kinds() == [kind]


def test_an_event_that_stops_being_a_booking_is_a_cancelled_booking(calendar, reader):
    event = calendar.book("Haircut", LATER)
    reader.poll()
    calendar.change_event(event, transparency="transparent")
    assert reader.kinds() == ["cancelled"]
    calendar.change_event(event, transparency="opaque")
    assert reader.kinds() == ["changed"]
    assert calendar.subject_of(event) in reader.latest


def test_deleting_what_was_no_booking_cancels_none(calendar, reader):
    event = calendar.book("Focus", LATER, eventType="focusTime")
    assert reader.poll() == []
    assert reader.ignored == ["Focus time is no booking."]
    calendar.cancel(event)
    assert reader.kinds() == []


def test_a_lost_token_brings_no_storm_and_loses_nothing(calendar, reader, clock):
    for number in range(30):
        calendar.book(f"B{number}", LATER)
    kept = calendar.book("Kept", LATER)
    reader.poll()
    clock.on(days=2)
    calendar.move(kept, LATER + timedelta(days=9))
    gone = reader.told[f"{calendar.subject_of(kept)}:created"]
    calendar.book("New", LATER)
    calendar.forget_tokens()
    told = reader.poll()
    assert sorted(e.type for e in told) == ["booking.changed", "booking.created"]
    assert reader.latest[gone.subject].type == "booking.changed"


def test_an_occurrence_deleted_while_the_token_was_lost_is_told(calendar, reader, clock):
    series = calendar.book_series("Physio", LATER)
    assert len(reader.poll()) == 4
    clock.on(hours=3)
    calendar.cancel(calendar.occurrences(series)[1])
    calendar.forget_tokens()
    assert reader.kinds() == ["cancelled"]


def test_a_whole_series_deleted_cancels_each_occurrence(calendar, reader):
    series = calendar.book_series("Physio", LATER)
    moved = calendar.occurrences(series)[2]
    reader.poll()
    calendar.move(moved, LATER + timedelta(days=40))
    reader.poll()
    calendar.cancel(series)
    assert reader.kinds() == ["cancelled"] * 4


def test_a_moved_occurrence_keeps_its_name(calendar, reader):
    series = calendar.book_series("Physio", LATER)
    first = {e.subject for e in reader.poll()}
    calendar.move(calendar.occurrences(series)[1], LATER + timedelta(days=30))
    (told,) = reader.poll()
    assert told.type == "booking.changed"
    assert told.subject in first


def test_a_new_series_is_told_from_its_first_occurrence_on(calendar, reader):
    calendar.book("Before", LATER)
    series = calendar.book_series("Physio", LATER)
    calendar.move(calendar.occurrences(series)[3], LATER - timedelta(days=1))
    calendar.book("After", LATER)
    told = reader.poll()
    days = [e.data["starts_at"][:10] for e in told if e.data["title"] == "Physio"]
    assert days == ["2026-06-14", "2026-06-15", "2026-06-22", "2026-06-29"]
    assert [e.data["title"] for e in told if e.data["title"] != "Physio"] == ["Before", "After"]


def test_the_occurrences_of_a_series_name_it_and_a_single_booking_names_none(calendar, reader):
    series = calendar.book_series("Physio", LATER)
    calendar.book("Haircut", LATER)
    named = {(e.data["title"], e.data["series"]) for e in reader.poll()}
    name = calendar.subject_of(series).removeprefix("booking:")
    assert named == {("Physio", name), ("Haircut", "")}
    calendar.cancel(calendar.occurrences(series)[0])
    (told,) = reader.poll()
    assert (told.type, told.data["series"]) == ("booking.cancelled", name)


def test_deleted_events_told_by_their_id_alone_are_cancelled(calendar, reader):
    calendar.listings.thin = True
    event = calendar.book("Haircut", LATER)
    reader.poll()
    calendar.cancel(event)
    (told,) = reader.poll()
    assert (told.type, told.subject) == ("booking.cancelled", calendar.subject_of(event))


def test_many_pages_are_read_through_crashes(calendar, reader):
    names = {calendar.book(f"B{n}", LATER) for n in range(520)}
    more = True
    while more:
        reader.page(keep=False)
        _, more = reader.page()
    assert {e.subject for e in reader.told.values()} == set(map(calendar.subject_of, names))


def test_a_thousand_bookings_at_once_are_each_told_once(calendar, reader, clock):
    for number in range(cursor.MOST + 500):
        calendar.book(f"B{number}", LATER)
    assert set(reader.kinds()) == {"created"}
    clock.on(hours=1)
    first = next(iter(calendar.memory.calendar("primary").events))
    calendar.move(
        first, LATER + timedelta(days=1)
    )  # it has been forgotten, and is told all the same
    assert reader.kinds() == ["changed"]
    assert len(reader.cursor) < 150_000


def test_each_calendar_is_read_and_named_apart(calendar, ctx, clock):
    room = "room-2@group.calendar.example.com"
    ctx = replace(ctx, settings=dict(ctx.settings) | {"other_calendars": room})
    reader = Reader(ctx, calendar)
    reader.poll()
    calendar.book("Here", LATER, id="same0001")
    calendar.book("There", LATER, id="same0001", calendar=room)
    told = reader.poll()
    assert {e.data["title"] for e in told} == {"Here", "There"}
    assert len({e.subject for e in told}) == 2


def test_a_calendar_chosen_later_begins_then(calendar, ctx, reader, clock):
    room = "room-2@group.calendar.example.com"
    calendar.book("Before", LATER, calendar=room)
    clock.on(hours=1)
    reader.ctx = replace(ctx, settings=dict(ctx.settings) | {"other_calendars": room})
    assert reader.poll() == []
    calendar.book("After", LATER, calendar=room)
    assert [e.data["title"] for e in reader.poll()] == ["After"]


def test_times_without_a_zone_take_the_calendar_s(calendar, reader):
    calendar.book(
        start={"dateTime": "2026-07-01T08:00:00Z"}, end={"dateTime": "2026-07-01T09:00:00Z"}
    )
    (told,) = reader.poll()
    assert told.data["starts_at"] == "2026-07-01T10:00:00+02:00"
    assert told.data["zone"] == "Europe/Paris"


def test_an_all_day_event_begins_at_nine_where_it_is_a_booking(calendar, ctx):
    reader = Reader(replace(ctx, settings=dict(ctx.settings) | {"all_day": "on"}), calendar)
    reader.poll()
    calendar.book(start={"date": "2026-10-25"}, end={"date": "2026-10-26"})
    (told,) = reader.poll()
    assert told.data["starts_at"] == "2026-10-25T09:00:00+01:00"


def test_a_series_at_ten_stays_at_ten_when_the_clocks_change(calendar, reader):
    calendar.book_series("Physio", NOW.replace(month=10, day=19, hour=8))
    told = reader.poll()
    assert [e.data["starts_at"][11:] for e in told] == ["10:00:00+02:00"] + ["10:00:00+01:00"] * 3


def test_a_token_that_ran_out_is_a_lost_sign_in_and_a_fresh_one_goes_on(calendar, reader):
    event = calendar.book("Haircut", LATER)
    before = reader.here()
    calendar.sign_in.expire()
    with pytest.raises(AuthLost):
        poll.pull(before, reader.cursor)
    assert [e.subject for e in reader.poll()] == [calendar.subject_of(event)]


def test_the_vendor_s_own_quota_is_a_wait_and_not_a_refusal(calendar, reader):
    calendar.rest.per_minute = 1
    reader.poll()
    with pytest.raises(Throttled) as told:
        reader.poll()
    assert told.value.retry_after > 0


def test_a_right_that_lacks_is_named_and_is_no_lost_sign_in(calendar, reader):
    calendar.grant("https://www.googleapis.com/auth/calendar.settings.readonly")
    with pytest.raises(Refused, match="tick every right"):
        reader.poll()


@pytest.mark.parametrize("spoilt", ["{}", "x", "[]", "[" * 10_000])
def test_a_cursor_of_nobody_s_is_refused_in_words(ctx, spoilt):
    with pytest.raises(ValueError, match=r"\.$"):
        poll.pull(ctx, spoilt)


def test_reading_costs_one_call_where_nothing_changed(calendar, reader):
    before = calendar.api_calls
    reader.poll()
    assert calendar.api_calls - before == 1


def test_every_request_keeps_the_api_s_own_description(calendar, reader):
    calendar.book()
    reader.poll()
    assert set(calendar.rest.asked) == {"calendar.events.list"}


def test_the_same_record_has_the_same_name_whenever_it_is_read(calendar, reader, clock):
    calendar.book()
    first = poll.pull(reader.ctx, reader.cursor).requests[0]
    clock.on(minutes=3)
    again = poll.pull(reader.ctx, reader.cursor).requests[0]
    assert events.dedupe(first) == events.dedupe(again)

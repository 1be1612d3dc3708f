from dataclasses import replace
from datetime import timedelta

import pytest

from hub.contract import Throttled

from . import client, write_back
from .conftest import NOW, outcome

LATER = NOW + timedelta(days=3)


def test_yes_marks_the_title_and_colours_the_event(calendar, reader):
    event = calendar.book("Haircut", LATER)
    reader.tell(calendar.subject_of(event), "confirmed")
    row = calendar.event(event)
    assert (row["summary"], row["colorId"]) == ("✓ Haircut", "10")
    assert calendar.notes(calendar.subject_of(event))["relaisAnswer"] == "confirmed"


def test_a_later_answer_takes_the_place_of_the_first(calendar, reader, clock):
    event = calendar.book("Haircut", LATER)
    subject = calendar.subject_of(event)
    for kind, title in (("confirmed", "✓"), ("postponed", "↻"), ("declined", "✗")):
        clock.on(minutes=5)
        reader.tell(subject, kind)
        assert calendar.event(event)["summary"] == f"{title} Haircut"
    reader.tell(subject, "confirmed", at=NOW)
    assert calendar.event(event)["summary"] == "✗ Haircut"


def test_within_one_second_an_order_outranks_the_click_and_a_stop_the_order(calendar, reader):
    subject = calendar.subject_of(calendar.book("Haircut", LATER))
    for kind, stands in (
        ("bought", "bought"),
        ("clicked", "bought"),
        ("read", "bought"),
        ("opted_out", "opted_out"),
        ("bought", "opted_out"),
    ):
        reader.tell(subject, kind)
        assert calendar.notes(subject)["relaisStatus"] == stands


def test_our_own_writing_is_no_change(calendar, reader, clock):
    event = calendar.book("Haircut", LATER, phone="06 39 98 01 23")
    reader.poll()
    for kind in ("sent", "delivered", "confirmed", "declined", "postponed", "replied"):
        clock.on(hours=1)
        reader.tell(calendar.subject_of(event), kind, text="YES")
        assert reader.kinds() == []


@pytest.mark.parametrize("forget", ["cursor", "token"])
def test_our_own_writing_is_no_change_even_where_the_event_is_forgotten(
    calendar, reader, clock, forget
):
    event = calendar.book("Haircut", LATER)
    reader.poll()
    clock.on(days=1)
    reader.tell(calendar.subject_of(event), "confirmed")
    if forget == "cursor":
        reader.cursor = reader.cursor.replace('"known":{', '"known":{"gone":"x.0.0"},"was":{')
    else:
        calendar.forget_tokens()
    assert reader.kinds() == []


def test_an_event_freed_by_a_no_is_not_told_as_cancelled_by_the_shop(calendar, reader, clock):
    reader.ctx = replace(reader.ctx, settings=dict(reader.ctx.settings) | {"on_no": "cancel"})
    event = calendar.book("Haircut", LATER)
    reader.poll()
    first = outcome(calendar.subject_of(event), "declined", clock())
    for _ in range(2):
        (written,) = write_back.write(reader.here(), [first])
        assert written.reference
    assert calendar.event(event)["status"] == "cancelled"
    assert reader.kinds() == []
    calendar.restore(event)
    assert reader.kinds() == ["changed"]
    clock.on(hours=1)
    calendar.cancel(event)
    assert reader.kinds() == ["cancelled"]


def test_a_move_made_while_we_write_is_kept(calendar, reader, monkeypatch):
    event = calendar.book("Haircut", LATER)
    genuine, moved = client.patch, []

    def late(*asked):
        if not moved:
            moved.append(1)
            calendar.move(event, LATER + timedelta(days=1))
            calendar.rename(event, "Colour")
        genuine(*asked)

    monkeypatch.setattr(client, "patch", late)
    reader.tell(calendar.subject_of(event), "confirmed")
    row = calendar.event(event)
    assert row["summary"] == "✓ Colour"
    assert row["start"]["dateTime"].startswith("2026-06-16")


def test_an_event_that_never_stands_still_is_tried_again_later(calendar, reader, monkeypatch):
    event, genuine = calendar.book("Haircut", LATER), client.patch

    def late(*asked):
        calendar.change_event(event, description="again")
        genuine(*asked)

    monkeypatch.setattr(client, "patch", late)
    with pytest.raises(Throttled):
        reader.tell(calendar.subject_of(event), "confirmed")


def test_guests_and_other_people_s_properties_stay_as_they_are(calendar, reader):
    properties = {"private": {"theirs": " 1 "}, "shared": {"also": "2"}}
    event = calendar.book("Haircut", LATER, guest="zoe@example.com", extendedProperties=properties)
    before = calendar.event(event)["attendees"]
    for kind in ("sent", "delivered", "confirmed"):
        reader.tell(calendar.subject_of(event), kind)
    row = calendar.event(event)
    assert row["attendees"] == before
    assert row["extendedProperties"]["private"]["theirs"] == " 1 "
    assert row["extendedProperties"]["shared"] == {"also": "2"}
    assert calendar.invitations == 0


def test_all_outcomes_of_one_event_share_one_patch(calendar, reader):
    subject = calendar.subject_of(calendar.book("Haircut", LATER))
    told = [outcome(subject, kind, NOW) for kind in ("sent", "delivered", "read", "confirmed")]
    before = calendar.api_calls
    written = write_back.write(reader.here(), told)
    assert calendar.api_calls - before == 2
    assert all(one.reference for one in written)
    assert calendar.notes(subject)["relaisStatus"] == "read"


def test_twenty_events_cost_two_calls_each(calendar, reader):
    subjects = [calendar.subject_of(calendar.book("Haircut", LATER)) for _ in range(20)]
    before = calendar.api_calls
    write_back.write(reader.here(), [outcome(s, "delivered", NOW) for s in subjects])
    assert calendar.api_calls - before == 40


def test_a_sent_told_late_does_not_hide_a_delivered(calendar, reader):
    subject = calendar.subject_of(calendar.book("Haircut", LATER))
    reader.tell(subject, "delivered", at=NOW)
    reader.tell(subject, "sent", at=NOW)
    assert calendar.notes(subject)["relaisStatus"] == "delivered"


def test_properties_stay_within_the_vendor_s_size(calendar, reader):
    subject = calendar.subject_of(calendar.book("Haircut", LATER))
    told = [outcome(subject, "replied", NOW, text="x" * 3000) for _ in range(60)]
    for at in range(0, 60, 20):
        write_back.write(reader.here(), told[at : at + 20])
    assert all(len(value) <= 1024 for value in calendar.notes(subject).values())


def test_one_occurrence_is_written_on_and_not_the_series(calendar, reader):
    series = calendar.book_series("Physio", LATER)
    told = reader.poll()
    reader.tell(told[1].subject, "confirmed")
    titles = [calendar.event(o)["summary"] for o in calendar.occurrences(series)]
    assert titles == ["Physio", "✓ Physio", "Physio", "Physio"]
    assert reader.kinds() == []


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda c, e: c.cancel(e), "deleted from the calendar"),
        (lambda c, e: c.memory.calendar("primary").events.pop(e), "not in the calendar"),
        (lambda c, e: c.share_read_only(), "Share it with the right to make changes"),
    ],
)
def test_an_event_that_cannot_be_written_on_is_refused_alone_in_words(
    calendar, reader, prepare, words
):
    event = calendar.book("Haircut", LATER)
    prepare(calendar, event)
    assert words in reader.tell(calendar.subject_of(event), "delivered")


def test_a_calendar_no_longer_chosen_is_refused(calendar, reader):
    assert reader.tell("booking:0000000000/abc", "delivered").startswith("refused")


def test_a_title_without_marks_stays_as_it_is(calendar, reader):
    none = {"title_mark": "", "confirmed_colour": ""}
    reader.ctx = replace(reader.ctx, settings=dict(reader.ctx.settings) | none)
    event = calendar.book("Haircut", LATER)
    reader.tell(calendar.subject_of(event), "confirmed")
    assert calendar.event(event)["summary"] == "Haircut"
    assert "colorId" not in calendar.event(event)

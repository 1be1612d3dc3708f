from dataclasses import replace
from datetime import timedelta

import pytest

from hub.contract import Refused, Throttled, Unavailable

from .book.keys import SCOPE
from .conftest import outcome
from .opt_outs import TITLE


@pytest.fixture
def subject(hub, sheet):
    return f"row:{sheet.ids()[1]}"


def test_a_result_stands_on_its_row_in_words(hub, sheet, subject):
    assert hub.tell(outcome(subject))[0].reference == subject
    row = sheet.row(subject)
    assert row["Relais status"] == "delivered"
    assert row["Relais at"] == "2026-06-12 11:00:00+02:00"
    assert row["Relais note"] == "SMS delivered."
    assert row["Product"] == "Shirt 2"


def test_a_result_never_comes_back_as_a_change(hub, sheet, subject):
    hub.tell(*(outcome(subject, kind) for kind in ("sent", "replied", "opted_out", "opted_in")))
    assert hub.poll() == []


def test_an_older_result_is_noted_and_does_not_hide_the_newer(hub, sheet, subject):
    late = outcome(subject, "delivered")
    early = replace(outcome(subject, "sent"), at=late.at - timedelta(minutes=2))
    hub.tell(late)
    hub.tell(early)
    assert sheet.row(subject)["Relais status"] == "delivered"
    assert sheet.written(early.marker) == 1


def test_within_one_second_an_order_outranks_the_click_and_a_stop_the_order(hub, sheet, subject):
    for kind, stands in (
        ("bought", "bought"),
        ("clicked", "bought"),
        ("read", "bought"),
        ("opted_out", "opted_out"),
        ("bought", "opted_out"),
    ):
        hub.tell(outcome(subject, kind))
        assert sheet.row(subject)["Relais status"] == stands


def test_what_a_person_texts_stays_text(hub, sheet, subject):
    hub.tell(outcome(subject, "replied", text='=IMPORTXML("https://example.com")'))
    hub.tell(outcome(subject, "replied", text="+33 6 39 98 01 23"))
    assert sheet.row(subject)["Relais reply"] == "+33 6 39 98 01 23"
    assert sheet.formulas_run == 0


def test_a_sort_in_the_moment_of_writing_gives_each_result_to_its_own_row(hub, sheet):
    first, second, third = (f"row:{i}" for i in sheet.ids())
    hub.tell(outcome(third, "sent"))
    told = {first: outcome(first, "failed"), second: outcome(second, "delivered")}
    sheet.on_next_write(lambda: sheet.sort_by(down=True))
    hub.tell(*told.values())
    standing = [sheet.row(one)["Relais status"] for one in (first, second, third)]
    assert standing == ["failed", "delivered", "sent"]
    assert all(sheet.written(one.marker) == 1 for one in told.values())


def test_a_row_deleted_in_the_moment_of_writing_leaves_the_others_as_they_were(hub, sheet):
    first, second, third = (f"row:{i}" for i in sheet.ids())
    hub.tell(outcome(third, "sent"))
    sheet.on_next_write(lambda: sheet.people.delete_row(2))
    hub.tell(outcome(second, "delivered"))
    assert sheet.row(second)["Relais status"] == "delivered"
    assert sheet.row(third)["Relais status"] == "sent"
    assert first[4:] not in sheet.ids()


def test_a_column_inserted_in_the_moment_of_writing_loses_nothing(hub, sheet, subject):
    hub.tell(outcome(subject, "sent"))
    place = sheet.leads.column("Relais status")
    sheet.leads.put(0, 20, "Remarks")
    sheet.on_next_write(lambda: sheet.people.insert_column(place + 1, "Colour"))
    hub.tell(outcome(subject, "delivered"))
    row = sheet.row(subject)
    assert (row["Relais status"], row["Colour"], row["Remarks"]) == ("delivered", "", "")


def test_a_sheet_that_never_stands_still_is_tried_later_and_then_right(hub, sheet):
    subject, other = (f"row:{sheet.ids()[n]}" for n in (0, 2))
    hub.tell(outcome(other, "sent"))
    for turn in range(20):
        sheet.on_next_write(lambda turn=turn: sheet.sort_by(down=turn % 2 == 0))
    told = outcome(subject)
    with pytest.raises(Unavailable, match="again and again"):
        hub.tell(told)
    sheet.doors.before_write.clear()
    hub.tell(told)
    assert sheet.written(told.marker) % 100 == 1


def test_a_copied_row_does_not_keep_the_results_of_its_original(hub, sheet, subject):
    hub.tell(outcome(subject, "sent"))
    sheet.edit_row(sheet.people.duplicate_row(3), product="Copy")
    [copy] = hub.poll()
    told = outcome(subject, "delivered")
    hub.tell(told)
    assert sheet.row(copy.subject)["Relais status"] == ""
    assert sheet.written(told.marker) == 1


def test_a_row_that_is_gone_is_refused_alone(hub, sheet, subject):
    sheet.people.delete_row(3)
    other = f"row:{sheet.ids()[0]}"
    gone, kept = hub.tell(outcome(subject), outcome(other))
    assert gone.refused == "The row is no longer in the sheet."
    assert kept.reference == other


def test_two_hundred_results_cost_five_calls(hub, sheet):
    for _ in range(197):
        sheet.add_row()
    hub.poll()
    hub.tell(outcome(f"row:{sheet.ids()[0]}"))
    before = sheet.api_calls
    hub.tell(*(replace(outcome(f"row:{i}"), again=False) for i in sheet.ids()))
    assert sheet.api_calls - before == 4
    assert {row["Relais status"] for row in sheet.rows()} == {"delivered"}


def test_columns_are_added_where_the_worksheet_has_no_room(hub, sheet, subject):
    sheet.leads.columns = sheet.leads.column("Relais ID") + 1
    assert hub.tell(outcome(subject))[0].reference
    assert sheet.leads.columns == 16


def test_an_opt_out_is_written_in_the_sheet_s_own_words(hub, sheet, subject):
    hub.tell(outcome(subject, "opted_out"))
    row = sheet.row(subject)
    assert (row["SMS consent"], row["Relais consent"]) == ("non", "non #1 (oui)")
    sheet.edit_row(3, product="Scarf")
    [event] = hub.poll()
    assert event.person.consent is None


def test_a_person_who_agrees_again_in_the_sheet_is_heard_each_time(hub, sheet, subject):
    for _ in range(3):
        hub.tell(outcome(subject, "opted_out"))
        sheet.edit_row(3, sms_consent="oui")
        [event] = hub.poll()
        assert event.person.consent is not None
        assert event.person.consent.granted


def test_a_person_who_changes_their_mind_back_to_our_word_is_heard(hub, sheet, subject):
    hub.tell(outcome(subject, "opted_out"))
    said = []
    for word in ("oui", "non", "oui"):
        sheet.edit_row(3, sms_consent=word)
        said += [event.person.consent.granted for event in hub.poll()]
    assert said == [True, False, True]
    assert hub.poll() == []


def test_a_note_struck_out_on_the_wrong_row_is_put_back(hub, sheet):
    first, third = (f"row:{sheet.ids()[n]}" for n in (0, 2))
    hub.tell(outcome(first, "opted_out"), outcome(third, "opted_out"))
    sheet.edit_row(2, sms_consent="oui")
    sheet.on_next_write(lambda: sheet.sort_by(down=True))
    assert [event.subject for event in hub.poll()] == [first]
    assert sheet.row(third)["Relais consent"] == "non #1 (oui)"


def test_a_tick_box_stays_a_tick_box(hub, sheet, subject):
    sheet.edit_row(3, sms_consent=True)
    hub.poll()
    hub.tell(outcome(subject, "opted_out"))
    assert sheet.row(subject)["SMS consent"] is False
    assert hub.poll() == []


def test_the_consent_column_is_left_alone_where_that_is_wished(hub, sheet, subject):
    hub.map(write_consent="no")
    hub.tell(outcome(subject, "opted_out"))
    assert sheet.row(subject)["SMS consent"] == "oui"


def test_a_consent_told_elsewhere_of_somebody_without_a_row_is_listed_once(hub, sheet):
    told = outcome("", "opted_out", message_id="", origin="another")
    sheet.faults.plan("500_after", on=":append")
    with pytest.raises(Unavailable):
        hub.tell(told)
    for _ in range(2):
        assert hub.tell(told)[0].reference == f"sheet:{TITLE}"
    assert sheet.written(told.marker) == 1
    assert [one.title for one in sheet.book.sheets] == ["Leads", TITLE]


def test_the_quota_of_a_minute_is_told_as_throttled(hub, sheet, subject, clock):
    clock.on(minutes=2)
    sheet.limit(3)
    hub.tell(outcome(subject))
    with pytest.raises(Throttled) as caught:
        hub.tell(outcome(subject))
    assert caught.value.retry_after == 60
    clock.on(minutes=2)
    assert hub.tell(outcome(subject))[0].reference


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda s: s.share("reader"), "as an editor"),
        (lambda s: s.share(""), "as an editor"),
        (lambda s: s.forbid(SCOPE), "«spreadsheets»"),
        (lambda s: s.people.protect(1, 30), "protected"),
        (lambda s: setattr(s.book, "id", "another"), "no spreadsheet"),
    ],
)
def test_what_the_vendor_refuses_is_said_in_words(hub, sheet, subject, spoil, words):
    spoil(sheet)
    with pytest.raises(Refused, match=words):
        hub.tell(outcome(subject))

from dataclasses import replace
from datetime import timedelta

import pytest

from hub.contract import Refused, Throttled

from . import write_back


def test_one_message_is_one_completed_task_with_a_line_per_outcome(org, ctx, outcome):
    contact = org.create_contact()
    first = outcome(f"contact:{contact}", text="Thank you.")
    later = outcome(
        f"contact:{contact}", "clicked", message_id=first.message_id, sentence="Link opened."
    )
    written = [*write_back.write(ctx, [first]), *write_back.write(ctx, [later])]
    (task,) = org.tasks(contact)
    assert {one.reference for one in written} == {f"task:{task['Id']}"}
    assert (task["Status"], task["WhoId"], task["ActivityDate"]) == (
        "Completed",
        contact,
        "2026-06-12",
    )
    assert task["Description"].splitlines() == [
        "«Thank you.»",
        f"SMS delivered at 11:00 (order confirmation). [relais {first.marker}]",
        f"Link opened. [relais {later.marker}]",
    ]


def test_a_click_and_the_order_it_brought_are_told_on_the_contact(org, ctx, outcome):
    contact = org.create_contact()
    came = "Ordered after this message: 1001, 54.00 EUR; its code was used."
    first = outcome(f"contact:{contact}")
    same = {"message_id": first.message_id}
    bought = outcome(f"contact:{contact}", "bought", sentence=came, **same)
    for one in (first, bought, outcome(f"contact:{contact}", "clicked", **same)):
        write_back.write(ctx, [one])
    (task,) = org.tasks(contact)
    assert came in task["Description"]
    assert org.record(contact)["Relais_SMS_Status__c"] == "bought"
    write_back.write(ctx, [outcome(f"contact:{contact}", "opted_out")])
    assert org.record(contact)["Relais_SMS_Status__c"] == "opted_out"


def test_an_order_that_a_message_brought_has_a_task_of_its_own(org, ctx, outcome):
    """Else it would take the place of the deal that the message's Task is about."""
    contact = org.create_contact()
    deal, order = org.create_opportunity(contact), org.people.place_order(contact)
    who = f"contact:{contact}"
    first = outcome(f"deal:{deal}", person_record=who)
    came = "This order came from an RCS message: its code was used."
    told = outcome(f"order:{order}", "bought", sentence=came, message_id=first.message_id)
    for _ in range(2):
        write_back.write(ctx, [first])
        write_back.write(ctx, [told])
    assert [task["WhatId"] for task in org.tasks(contact)] == [deal]
    (task,) = org.tasks(order)
    assert (task["Subject"], org.written(told.marker)) == (came, 1)


def test_two_hundred_outcomes_cost_two_calls(org, ctx, outcome):
    told = [outcome(f"contact:{org.create_contact()}", again=False) for _ in range(200)]
    before = org.api_calls
    written = write_back.write(ctx, told)
    assert all(one.reference for one in written)
    assert org.api_calls - before == 2
    assert all(org.written(one.marker) == 1 for one in told)


def test_without_shared_calls_the_same_is_written(org, ctx, outcome):
    contact = org.create_contact()
    apart = replace(ctx, settings={**ctx.settings, "share_calls": ""})
    told = outcome(f"contact:{contact}")
    before = org.api_calls
    write_back.write(apart, [told])
    assert org.api_calls - before == 4
    assert org.written(told.marker) == 1
    assert org.record(contact)["Relais_SMS_Status__c"] == "delivered"


def test_written_again_changes_nothing(org, ctx, outcome, clock):
    contact = org.create_contact()
    told = [outcome(f"contact:{contact}"), outcome(f"contact:{contact}", "replied", text="Yes")]
    first = write_back.write(ctx, told)
    before = (org.record(contact), org.tasks())
    clock.on(minutes=1)
    assert write_back.write(ctx, told) == first
    assert (org.record(contact), org.tasks()) == before


def test_a_refused_record_is_refused_alone(org, ctx, outcome):
    known, gone = org.create_contact(), org.create_contact()
    org.people.delete(gone)
    told = [
        outcome(f"contact:{known}"),
        outcome(f"contact:{gone}"),
        outcome("contact:0038d0000000999AAA"),
        outcome("contact:12"),
        outcome(f"contact:{known}"),
    ]
    written = write_back.write(ctx, told)
    assert [bool(one.reference) for one in written] == [True, False, False, False, True]
    assert written[1].refused == "The record was deleted in Salesforce."
    assert written[2].refused == "The record no longer exists in Salesforce."


def test_a_locked_record_is_tried_again_in_the_same_cycle(org, ctx, outcome):
    contact = org.create_contact()
    org.lock(contact, 1)
    (written,) = write_back.write(ctx, [outcome(f"contact:{contact}")])
    assert written.reference


def test_a_record_that_stays_locked_is_told_again_later_and_the_others_stand(org, ctx, outcome):
    free, held = org.create_contact(), org.create_contact()
    org.lock(held, 9)
    told = [outcome(f"contact:{free}"), outcome(f"contact:{held}")]
    with pytest.raises(Throttled) as raised:
        write_back.write(ctx, told)
    assert raised.value.retry_after == 5.0
    assert [org.written(one.marker) for one in told] == [1, 0]
    org.lock(held, 0)
    assert all(one.reference for one in write_back.write(ctx, told))
    assert [org.written(one.marker) for one in told] == [1, 1]


def test_an_opt_out_ticks_the_box_and_notes_that_it_was_us(org, ctx, outcome):
    contact = org.create_contact()
    write_back.write(ctx, [outcome(f"contact:{contact}", "opted_out")])
    row = org.record(contact)
    assert row["Relais_SMS_Opt_Out__c"] is True
    assert "said=out" in row["Relais_SMS_Origin__c"]


def test_an_opt_out_that_a_person_ticked_before_stays_that_persons_word(org, ctx, outcome):
    contact = org.create_contact(Relais_SMS_Opt_Out__c=True)
    write_back.write(ctx, [outcome(f"contact:{contact}", "opted_out")])
    assert "said=out" not in org.record(contact)["Relais_SMS_Origin__c"]


def test_a_consent_told_by_another_system_is_written_without_a_message(org, ctx, outcome):
    contact = org.create_contact()
    told = outcome(f"contact:{contact}", "opted_out", message_id="", origin="another", marker="m-1")
    (written,) = write_back.write(ctx, [told])
    assert written.reference
    assert org.written("m-1") == 1
    assert org.record(contact)["Relais_SMS_Opt_Out__c"] is True


@pytest.mark.parametrize("after", [timedelta(0), timedelta(minutes=1)])
def test_an_older_outcome_told_late_does_not_hide_a_newer_one(org, ctx, outcome, clock, after):
    contact = org.create_contact()
    failed = outcome(f"contact:{contact}", "skipped")
    write_back.write(ctx, [outcome(f"contact:{contact}", at=clock() + after)])
    write_back.write(ctx, [failed])
    assert org.record(contact)["Relais_SMS_Status__c"] == "delivered"


def test_a_deals_message_hangs_on_the_deal_and_its_contact(org, ctx, outcome):
    contact = org.create_contact()
    deal = org.create_opportunity(contact)
    write_back.write(ctx, [outcome(f"deal:{deal}", person_record=f"contact:{contact}")])
    (task,) = org.tasks(deal)
    assert (task["WhoId"], task["WhatId"]) == (contact, deal)


def test_a_task_about_a_lead_is_about_nothing_else(org, ctx, outcome):
    lead, record = org.people.create_lead(), org.people.add_record()
    told = outcome(f"record:{record}", person_record=f"contact:{lead}")
    (written,) = write_back.write(ctx, [told])
    assert written.reference
    assert [task["WhatId"] for task in org.tasks(lead)] == [None]


def test_a_bookings_message_hangs_on_its_contact(org, ctx, outcome):
    contact = org.create_contact()
    booking, nobody = org.people.book_event(contact), org.people.book_event()
    told = [outcome(f"booking:{booking}"), outcome(f"booking:{nobody}")]
    written = write_back.write(ctx, told)
    assert [bool(one.reference) for one in written] == [True, False]
    assert len(org.tasks(contact)) == 1


def test_sent_is_told_only_where_it_was_chosen(org, ctx, outcome):
    contact = org.create_contact()
    before = org.api_calls
    write_back.write(ctx, [outcome(f"contact:{contact}", "sent")])
    assert org.api_calls == before
    choosy = replace(ctx, settings={**ctx.settings, "note_outcomes": "sent"})
    write_back.write(choosy, [outcome(f"contact:{contact}", "sent")])
    assert len(org.tasks(contact)) == 1


def test_without_the_tasks_field_the_next_step_is_told(org, ctx, outcome):
    org.drop_field("Task", "Relais_Marker__c")
    (written,) = write_back.write(ctx, [outcome(f"contact:{org.create_contact()}")])
    assert written.refused == (
        "Salesforce's Task has no field Relais_Marker__c. Add it as the install page says."
    )


def test_without_the_notes_field_the_task_is_written_and_the_record_left_alone(org, ctx, outcome):
    org.drop_field("Contact", "Relais_SMS_Origin__c")
    contact = org.create_contact()
    (written,) = write_back.write(ctx, [outcome(f"contact:{contact}")])
    assert written.reference
    assert org.record(contact)["Relais_SMS_Status__c"] is None


def test_the_days_limit_makes_it_wait(org, ctx, outcome):
    org.use_up()
    with pytest.raises(Throttled) as raised:
        write_back.write(ctx, [outcome(f"contact:{org.create_contact()}")])
    assert raised.value.retry_after == 900.0


def test_a_right_that_lacks_is_refused_in_words(org, ctx, outcome):
    org.forbid("api")
    with pytest.raises(Refused, match="API Enabled") as raised:
        write_back.write(ctx, [outcome(f"contact:{org.create_contact()}")])
    assert raised.value.code == "403"


def test_a_long_conversation_keeps_its_newest_lines(org, ctx, outcome):
    contact = org.create_contact()
    first = outcome(f"contact:{contact}", sentence="x" * 31_900)
    last = outcome(f"contact:{contact}", "clicked", message_id=first.message_id)
    write_back.write(ctx, [first])
    write_back.write(ctx, [last])
    assert len(org.notes(contact)[0]) <= 32_000
    assert org.written(last.marker) == 1


def test_the_tasks_date_is_the_merchants_day(org, ctx, outcome, clock):
    clock.on(hours=14)
    contact = org.create_contact()
    there = replace(ctx, settings={**ctx.settings, "zone": "Europe/Paris"})
    write_back.write(there, [outcome(f"contact:{contact}")])
    assert org.tasks(contact)[0]["ActivityDate"] == "2026-06-13"


def test_an_opt_out_that_finds_no_field_is_told_and_the_task_stands(org, ctx, outcome):
    org.drop_field("Contact", "Relais_SMS_Opt_Out__c")
    told = outcome(f"contact:{org.create_contact()}", "opted_out")
    (written,) = write_back.write(ctx, [told])
    assert "Contact lacks Relais_SMS_Opt_Out__c" in written.refused
    assert org.written(told.marker) == 1


def test_without_the_status_field_an_opt_out_still_travels(org, ctx, outcome):
    org.drop_field("Contact", "Relais_SMS_Status__c")
    contact = org.create_contact()
    (written,) = write_back.write(ctx, [outcome(f"contact:{contact}", "opted_out")])
    assert written.reference
    assert org.record(contact)["Relais_SMS_Opt_Out__c"] is True


def test_an_opt_out_told_again_does_not_undo_what_a_person_did_since(org, ctx, outcome, clock):
    contact = org.create_contact()
    told = outcome(f"contact:{contact}", "opted_out")
    write_back.write(ctx, [told])
    clock.on(minutes=5)
    org.opt_out(contact, ticked=False)
    write_back.write(ctx, [told])
    assert org.record(contact)["Relais_SMS_Opt_Out__c"] is False

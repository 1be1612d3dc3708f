from dataclasses import replace
from datetime import timedelta

import pytest

from hub.contract import AuthLost, Refused

from . import batches, write_back


def test_an_outcome_becomes_a_message_on_the_timeline_and_properties(
    installed, account, outcome, clock
):
    number = account.create_contact()
    told = outcome(number, text="Thank you for your order.")
    (written,) = write_back.write(installed, [told])
    assert written.reference.startswith("communication:")
    (note,) = account.notes(f"contact:{number}")
    assert "SMS delivered at 11:00" in note
    assert "«Thank you for your order.»" in note
    assert f"[relais {told.marker}]" in note
    record = account.record(f"contact:{number}")
    assert record["relais_last_status"] == "delivered"
    assert record["relais_last_message"] == "Thank you for your order."
    assert record["relais_last_at"] == "2026-06-12T09:00:00.000Z"


def test_only_the_chosen_outcomes_are_logged_but_all_are_properties(installed, account, outcome):
    number = account.create_contact()
    (written,) = write_back.write(installed, [outcome(number, "sent")])
    assert written.reference == f"contact:{number}"
    assert account.notes(f"contact:{number}") == []
    assert account.record(f"contact:{number}")["relais_last_status"] == "sent"
    silent = replace(installed, settings={**installed.settings, "log_on_timeline": "false"})
    write_back.write(silent, [outcome(number)])
    assert account.notes(f"contact:{number}") == []


def test_an_older_outcome_told_late_hides_nothing_newer(installed, account, outcome, clock):
    number = account.create_contact()
    sent = outcome(number, "sent", again=True)
    clock.on(minutes=1)
    write_back.write(installed, [outcome(number, "replied", text="OK")])
    write_back.write(installed, [sent])
    assert account.record(f"contact:{number}")["relais_last_status"] == "replied"


def test_within_one_batch_the_newest_outcome_wins(installed, account, outcome, clock):
    number = account.create_contact()
    late = outcome(number, "delivered", at=clock() + timedelta(seconds=5))
    write_back.write(installed, [late, outcome(number, "sent")])
    assert account.record(f"contact:{number}")["relais_last_status"] == "delivered"


def test_a_click_and_the_order_it_brought_are_told_on_the_contact(installed, account, outcome):
    number = account.create_contact()
    came = "Ordered after this message: 1001, 54.00 EUR; its code was used."
    told = [outcome(number, "bought", sentence=came), outcome(number, "clicked")]
    assert all(one.reference for one in write_back.write(installed, told))
    assert account.record(f"contact:{number}")["relais_last_status"] == "bought"
    notes = account.notes(f"contact:{number}")
    assert [came in note for note in notes] == [True, False]
    write_back.write(installed, [outcome(number, "opted_out", again=True)])
    assert account.record(f"contact:{number}")["relais_last_status"] == "opted_out"


def test_an_order_is_put_down_late_and_hides_nothing_newer(installed, account, outcome, clock):
    number = account.create_contact()
    bought = outcome(number, "bought")
    clock.on(minutes=1)
    write_back.write(installed, [outcome(number, "replied", text="Thanks")])
    write_back.write(installed, [bought])
    assert account.record(f"contact:{number}")["relais_last_status"] == "replied"
    assert account.written(bought.marker) == 1


def test_a_stop_told_late_is_still_written(installed, account, outcome, clock):
    number = account.create_contact()
    stop = outcome(number, "opted_out", again=True, origin="salesforce")
    clock.on(minutes=1)
    write_back.write(installed, [outcome(number, "delivered")])
    write_back.write(installed, [stop])
    record = account.record(f"contact:{number}")
    assert record["relais_sms_opt_in"] == "false"
    assert record["relais_consent_origin"].startswith("false salesforce 2026-06-12T09:00:00")
    assert record["relais_opt_out_at"] == "2026-06-12T09:00:00.000Z"
    assert record["relais_last_status"] == "delivered"


def test_writing_again_touches_nothing(installed, account, outcome, clock):
    number = account.create_contact()
    told = [outcome(number, k, again=True, text="x") for k in ("delivered", "opted_out")]
    first = write_back.write(installed, told)
    standing = account.memory.get("contacts", number).modified
    clock.on(minutes=1)
    assert write_back.write(installed, told) == first
    assert account.memory.get("contacts", number).modified == standing


def test_a_deal_is_told_of_through_its_contact(installed, account, outcome):
    who = account.create_contact()
    deal = account.create_deal(who)
    told = [
        outcome(f"deal:{deal}", person_record=f"contact:{who}"),
        outcome(f"deal:{deal}"),
        outcome("order:9"),
        outcome("nothing:1"),
    ]
    written = write_back.write(installed, told)
    assert [bool(w.reference) for w in written] == [True, False, False, False]
    assert "The deal has no contact" in written[1].refused
    assert account.notes(f"deal:{deal}") == account.notes(f"contact:{who}") != []


@pytest.mark.parametrize("again", [True, False])
def test_a_contact_that_is_gone_is_refused_alone(installed, account, outcome, again):
    good = [account.create_contact() for _ in range(3)]
    told = [outcome(n, again=again) for n in (good[0], "999999", good[1], good[2])]
    written = write_back.write(installed, told)
    assert [bool(w.reference) for w in written] == [True, False, True, True]
    assert written[1].refused == "The contact no longer exists at HubSpot."
    assert all(account.written(o.marker) == (o is not told[1]) for o in told)


def test_a_batch_refused_for_one_of_its_inputs_is_split(installed):
    seen = []

    def write(ctx, kind, inputs):
        seen.append(len(inputs))
        if any(one["id"] == "7" for one in inputs):
            raise Refused("HubSpot answered 400: no.", code="400")
        return {}

    inputs = [{"id": str(n), "properties": {}} for n in range(10)]
    assert batches.send(installed, write, "contacts", inputs) == {"7": "HubSpot answered 400: no."}
    assert sum(size == 1 for size in seen) <= 4


def test_a_property_somebody_deleted_is_made_again(installed, account, outcome):
    del account.memory.properties["relais_last_status"]
    number = account.create_contact()
    (written,) = write_back.write(installed, [outcome(number)])
    assert written.reference
    assert account.record(f"contact:{number}")["relais_last_status"] == "delivered"


def test_what_a_person_texted_stays_text(installed, account, outcome):
    number = account.create_contact()
    write_back.write(installed, [outcome(number, "replied", text="<b>1 & 2</b>")])
    assert "«&lt;b&gt;1 &amp; 2&lt;/b&gt;»" in account.notes(f"contact:{number}")[0]


def test_two_hundred_new_outcomes_cost_three_calls(installed, account, outcome):
    numbers = [account.create_contact() for _ in range(100)]
    before = account.api_calls
    write_back.write(installed, [outcome(n, "sent") for n in numbers])
    assert account.api_calls - before == 1
    write_back.write(installed, [outcome(n, "delivered") for n in numbers])
    assert account.api_calls - before == 3


@pytest.mark.parametrize("fault", ["500_after", "lost_after", "garbage"])
@pytest.mark.parametrize("at", range(2))
def test_an_answer_lost_in_the_middle_repeats_no_message(installed, account, outcome, fault, at):
    told = [outcome(account.create_contact()) for _ in range(4)]
    account.faults.plan(fault, after=at)
    with pytest.raises(Exception, match="HubSpot"):
        write_back.write(installed, told)
    written = write_back.write(installed, [replace(o, again=True) for o in told])
    assert all(w.reference for w in written)
    assert [account.written(o.marker) for o in told] == [1, 1, 1, 1]


def test_lost_credentials_stop_the_batch(installed, account, outcome):
    account.sign_in.expire()
    with pytest.raises(AuthLost, match="expired"):
        write_back.write(installed, [outcome(account.create_contact())])

from dataclasses import replace

import pytest

from hub.contract import Event, Ignored, Person
from hub.contract.events import Callback

from . import connector, enrich


def one(ctx, clock, name, subject):
    (answer,) = enrich.enrich(ctx, [Event(name, "thin", subject, clock())])
    return answer


def contact(ctx, clock, number):
    return one(ctx, clock, "contact.changed", f"contact:{number}")


def test_a_contact_is_read_whole(installed, account, clock):
    event = contact(installed, clock, account.create_contact())
    person = event.person
    assert (person.phone, person.country) == ("+33 6 39 98 01 23", "FR")
    assert (person.language, person.zone, person.consent) == ("fr", "Europe/Paris", None)
    assert event.data == {"email": "zoe@example.com", "city": "Lyon"}
    assert event.occurred_at == clock()


def test_there_and_back_again_is_three_facts(installed, account, clock):
    number, keys = account.create_contact(city="Lyon"), []
    for city in ("Paris", "Lyon", "Paris"):
        clock.on(seconds=1)
        account.edit_contact(number, city=city)
        keys.append(contact(installed, clock, number).key)
    assert len(set(keys)) == 3


def test_our_own_writing_changes_no_key(installed, account, clock, outcome):
    number = account.create_contact()
    account.set_consent(number, wanted=True)
    key = contact(installed, clock, number).key
    for kind in ("sent", "delivered", "replied", "opted_out", "opted_in"):
        clock.on(minutes=5)
        connector.target.write(installed, [outcome(number, kind, text="x")])
        assert contact(installed, clock, number).key == key


def test_a_persons_consent_is_read_with_its_date_and_ours_is_not(
    installed, account, clock, outcome
):
    number = account.create_contact()
    account.set_consent(number, wanted=True)
    said = contact(installed, clock, number).person.consent
    assert (said.granted, said.at) == (True, clock())
    clock.on(minutes=5)
    connector.target.write(installed, [outcome(number, "opted_out")])
    assert account.record(f"contact:{number}")["relais_sms_opt_in"] == "false"
    assert contact(installed, clock, number).person.consent is None
    clock.on(minutes=5)
    account.set_consent(number, wanted=True)
    assert contact(installed, clock, number).person.consent.granted is True
    clock.on(minutes=5)
    account.set_consent(number, wanted=False)  # the same value that we had written once
    said = contact(installed, clock, number).person.consent
    assert (said.granted, said.at) == (False, clock())


def test_in_a_property_of_the_merchants_own_every_word_is_a_persons(installed, account, clock):
    own = replace(installed, settings={**installed.settings, "consent_property": "city"})
    number = account.create_contact(city="no")
    account.memory.change("contacts", number, {"relais_consent_origin": "false relais"})
    said = contact(own, clock, number).person.consent
    assert (said.granted, said.source) == (False, "hubspot property city")


def test_an_emptied_consent_is_silence(installed, account, clock):
    number = account.create_contact()
    account.set_consent(number, wanted=True)
    account.set_consent(number, wanted=None)
    assert contact(installed, clock, number).person.consent is None


def test_a_deal_is_told_once_for_each_time_it_reaches_a_stage(installed, account, clock):
    number, keys = account.create_deal(account.create_contact()), []
    for stage in ("closedwon", "contractsent", "closedwon"):
        clock.on(seconds=1)
        account.move_deal(number, stage)
        event = one(installed, clock, "deal.changed", f"deal:{number}")
        keys.append(event.key)
    account.memory.change("deals", number, {"amount": "1.00"})
    keys.append(one(installed, clock, "deal.changed", f"deal:{number}").key)
    assert len(set(keys)) == 3
    assert event.person.phone == "+33 6 39 98 01 23"
    assert event.data["amount"] == {"amount": "6400.00", "currency": "EUR"}


def test_a_deal_of_nobody_has_no_person(installed, account, clock):
    event = one(installed, clock, "deal.changed", f"deal:{account.create_deal()}")
    assert event.person == Person()


def test_only_a_cart_left_behind_is_one(installed, account, clock):
    number = account.create_cart(account.create_contact())
    pending = one(installed, clock, "cart.abandoned", f"cart:{number}")
    assert isinstance(pending, Ignored)
    account.abandon_cart(number)
    event = one(installed, clock, "cart.abandoned", f"cart:{number}")
    assert (
        event.cart
        == event.data["cart_id"]
        == account.record(f"cart:{number}")["hs_external_cart_id"]
    )
    assert event.data["cart_total"] == {"amount": "64.90", "currency": "EUR"}


def test_an_order_keeps_the_name_of_its_cart(installed, account, clock):
    number = account.create_order(account.create_contact(), hs_external_cart_id="c-9")
    made = one(installed, clock, "order.created", f"order:{number}")
    told = one(installed, clock, "order.status_changed", f"order:{number}")
    assert (made.cart, made.key) == ("c-9", f"order:{number}:created")
    assert told.data["status"] == "processing"


def test_a_merged_contact_is_read_under_its_new_name(installed, account, clock):
    kept, gone = account.create_contact(), account.create_contact(email="luc@example.com")
    account.merge_contacts(kept, gone)
    assert contact(installed, clock, gone).subject == f"contact:{kept}"
    assert contact(installed, clock, gone).key == contact(installed, clock, kept).key


def test_a_hundred_events_of_all_kinds_cost_a_dozen_calls(installed, account, clock):
    events = []
    for _ in range(25):
        who = account.create_contact()
        for name, noun, number in (
            ("contact.changed", "contact", who),
            ("deal.changed", "deal", account.create_deal(who)),
            ("cart.abandoned", "cart", account.create_cart(who)),
            ("order.created", "order", account.create_order(who)),
        ):
            events.append(Event(name, "thin", f"{noun}:{number}", clock()))
    before = account.api_calls
    assert len(enrich.enrich(installed, events)) == 100
    assert account.api_calls - before == 7


def test_a_right_that_lacks_for_one_kind_holds_up_no_other(installed, account, clock):
    who = account.create_contact()
    account.forbid("crm.objects.deals.read")
    thin = [
        Event("deal.changed", "a", f"deal:{account.create_deal(who)}", clock()),
        Event("contact.changed", "b", f"contact:{who}", clock()),
    ]
    refused, whole = enrich.enrich(installed, thin)
    assert "crm.objects.deals.read" in refused.reason
    assert whole.person.record == f"contact:{who}"


@pytest.mark.parametrize("phone", ["+33639980123", ""])
def test_a_workflows_request_is_read_only_where_it_has_no_phone(installed, account, clock, phone):
    who = account.create_contact()
    waiting = Event(
        "workflow.requested",
        "workflow:c",
        f"contact:{who}",
        clock(),
        Person(phone=phone),
        callback=Callback("c"),
    )
    before = account.api_calls
    (event,) = enrich.enrich(installed, [waiting])
    assert account.api_calls - before == (0 if phone else 1)
    assert event.person.phone
    assert event.callback == waiting.callback


def test_a_workflows_request_is_never_ignored(installed, clock):
    waiting = Event("workflow.requested", "workflow:c", "contact:999", clock())
    assert enrich.enrich(installed, [waiting]) == [waiting]

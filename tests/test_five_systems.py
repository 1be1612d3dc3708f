"""Each system's whole road, on real engines and sockets, through the vendor's own package:
installed, an event in, a message out, its receipt, the reply, the record, removed again."""

from datetime import timedelta

import pytest

from hub.connections import install
from hub.connections.health import health_of, look_after
from hub.local.cast import CAST
from hub.local.consenting import agree
from hub.store import connections
from hub.store.database import row, rows

ZOE = "+33639980123"


@pytest.fixture
def system(installed, carrier, road, ground):
    """`system(part, way)`: installed as a merchant would, polled once so that «from now» is now."""

    def connect(part, way=""):
        made = installed(CAST[part], way)
        road.walk()
        assert state_of(ground, made) == "healthy"
        return made

    return connect


def state_of(ground, made):
    return health_of(connection(ground, made), ground.clock()).state


def connection(ground, made):
    with ground.database.begin() as db:
        return connections.by_ids(db, [made.connection_id])[made.connection_id]


def settle(road, clock, times=3):
    """Walk, let results gather, walk again, until all is told."""
    for _ in range(times):
        road.walk()
        clock.move(seconds=15)
    road.walk()


def remove(ground, workspace, made):
    words = install.remove(ground, workspace, made.connection_id)
    made.simulator.flush()
    assert made.simulator.leftovers() == []
    return words


@pytest.mark.parametrize("way", ["oauth", "token"])
def test_a_deal_won_in_the_crm_is_texted_and_its_contacts_timeline_says_how_it_went(
    system, automate, carrier, road, ground, clock, workspace, way
):
    crm = system("crm", way)
    won = [{"field": "stage", "is": "is", "value": "closedwon"}]
    automate("deal.changed", "Bravo {{ first_name }}", won)
    zoe = crm.simulator.create_contact(firstname="Zoé", mobilephone="06 39 98 01 23")
    deal = crm.simulator.create_deal(zoe)
    clock.move(minutes=6)
    settle(road, clock)
    crm.simulator.move_deal(deal, "closedwon")
    clock.move(minutes=6)
    settle(road, clock)
    assert carrier.simulator.inbox(ZOE) == ["Bravo Zoé"]
    carrier.simulator.answer(ZOE, "Merci à vous")
    settle(road, clock)
    told = crm.simulator.notes(f"contact:{zoe}")
    assert any("delivered" in note for note in told)
    assert sum("Merci à vous" in note for note in told) == 1
    assert crm.simulator.record(f"contact:{zoe}")["relais_last_status"] == "replied"
    assert "stay" in remove(ground, workspace, crm)


def test_a_workflow_of_a_hundred_contacts_costs_the_crm_at_most_six_calls(
    system, automate, carrier, road, clock
):
    crm = system("crm")
    automate("workflow.requested")
    numbers = [
        crm.simulator.create_contact(firstname=f"Zoé {n}", mobilephone=f"063998{n + 1000}")
        for n in range(100)
    ]
    clock.move(minutes=6)
    settle(road, clock)
    before = crm.simulator.api_calls
    callbacks = crm.simulator.run_workflow(numbers, "workflow-requested")
    crm.simulator.flush()
    settle(road, clock)
    told = [crm.simulator.completed(callback)["relais_result"] for callback in callbacks]
    assert told == ["delivered"] * 100
    assert all(len(crm.simulator.notes(f"contact:{n}")) == 1 for n in numbers)
    polls = polled_calls(crm, road, clock)
    spent = crm.simulator.api_calls - before - polls
    assert spent <= 6, spent


def polled_calls(made, road, clock):
    """What the polls and checks of the same span cost by themselves."""
    before = made.simulator.api_calls
    settle(road, clock)
    return 2 * (made.simulator.api_calls - before)


@pytest.mark.parametrize("way", ["oauth", "client_credentials", "jwt"])
def test_a_contact_changed_in_the_sales_org_is_texted_and_gets_a_task(
    system, automate, carrier, road, ground, clock, workspace, way
):
    sales = system("sales", way)
    automate("contact.changed")
    zoe = sales.simulator.create_contact(FirstName="Zoé", MobilePhone="+33 6 39 98 01 23")
    clock.move(minutes=6)
    settle(road, clock)
    assert carrier.simulator.inbox(ZOE) == ["Bonjour Zoé"]
    carrier.simulator.answer(ZOE, "Merci")
    settle(road, clock)
    [task] = sales.simulator.tasks(zoe)
    assert task["Status"] == "Completed"
    assert "delivered" in task["Description"]
    assert task["Description"].count("Merci") == 1
    remove(ground, workspace, sales)


def test_outbound_messages_reach_the_hub_and_are_acknowledged_once(
    system, automate, carrier, road, ground, clock
):
    sales = system("sales")
    automate("contact.changed")
    made = connection(ground, sales)
    secret = ground.credentials(made)["webhook_secret"]
    sales.simulator.add_outbound_message(f"{ground.hook_url(made)}?key={secret}")
    sales.simulator.deliver_twice()
    sales.simulator.create_contact(FirstName="Zoé", MobilePhone="+33 6 39 98 01 23")
    sales.simulator.flush()
    settle(road, clock)
    clock.move(minutes=6)
    settle(road, clock)
    assert carrier.simulator.inbox(ZOE) == ["Bonjour Zoé"]
    assert all(sent.status == 200 for sent in sales.simulator.deliveries_log)


def test_a_flow_of_two_hundred_records_costs_the_sales_org_at_most_four_calls(
    system, automate, carrier, road, ground, clock
):
    sales = system("sales")
    automate("workflow.requested")
    made = connection(ground, sales)
    sales.simulator.webhook_secret = ground.credentials(made)["webhook_secret"]
    numbers = [
        sales.simulator.create_contact(FirstName=f"Zoé {n}", MobilePhone=f"+3363998{n + 1000}")
        for n in range(200)
    ]
    clock.move(minutes=6)
    settle(road, clock)
    sales.simulator.register_flow(f"{ground.hook_url(made)}/openapi.json")
    before = sales.simulator.api_calls
    results = sales.simulator.run_flow(numbers, "workflow-requested")
    assert {r["state"] for r in results} == {"accepted"}
    settle(road, clock)
    told = sales.simulator.flow_results([r["reference"] for r in results])
    assert {r["state"] for r in told} == {"delivered"}
    assert all(len(sales.simulator.tasks(n)) == 1 for n in numbers)
    spent = sales.simulator.api_calls - before - polled_calls(sales, road, clock)
    assert spent <= 4, spent


@pytest.mark.parametrize("way", ["oauth", "service_account"])
def test_a_booking_is_confirmed_reminded_answered_and_marked_in_the_calendar(
    system, carrier, road, ground, clock, workspace, way
):
    calendar = system("calendar", way)
    starts = clock() + timedelta(days=2)
    event = calendar.simulator.book("Coupe", starts, phone="06 39 98 01 23", name="Zoé")
    settle(road, clock)
    assert len(carrier.simulator.inbox(ZOE)) == 1
    clock.move(days=1)
    settle(road, clock)
    assert len(carrier.simulator.inbox(ZOE)) == 2
    carrier.simulator.answer(ZOE, "OUI")
    settle(road, clock)
    assert calendar.simulator.event(event)["summary"] == "✓ Coupe"
    assert calendar.simulator.invitations == 0
    with ground.database.begin() as db:
        assert row(db, "SELECT answer FROM bookings")["answer"] == "confirmed"
    clock.move(minutes=10)
    settle(road, clock)
    assert len(carrier.simulator.inbox(ZOE)) == 2  # the mark itself is no news
    remove(ground, workspace, calendar)


def test_a_booking_that_moves_takes_its_reminders_along_and_a_cancelled_one_has_none(
    system, carrier, road, ground, clock
):
    calendar = system("calendar")
    starts = clock() + timedelta(days=3)
    event = calendar.simulator.book("Coupe", starts, phone="06 39 98 01 23")
    settle(road, clock)
    first = planned(ground)
    calendar.simulator.move(event, starts + timedelta(days=2))
    settle(road, clock)
    assert {due + timedelta(days=2) for due in first} == set(planned(ground))
    calendar.simulator.cancel(event)
    settle(road, clock)
    assert planned(ground) == []


def test_a_series_of_bookings_is_confirmed_and_cancelled_with_one_text_each(
    system, carrier, road, clock
):
    calendar = system("calendar")
    starts = clock() + timedelta(days=10)
    series = calendar.simulator.book_series("Yoga", starts, phone="06 39 98 01 23")
    settle(road, clock)
    assert len(carrier.simulator.inbox(ZOE)) == 1
    calendar.simulator.cancel(series)
    settle(road, clock)
    assert len(carrier.simulator.inbox(ZOE)) == 2


def planned(ground):
    with ground.database.begin() as db:
        found = rows(
            db,
            """SELECT due_at FROM messages WHERE state IN ('scheduled', 'held') ORDER BY due_at""",
        )
    return [m["due_at"] for m in found]


@pytest.mark.parametrize("way", ["service_account", "oauth"])
def test_a_row_added_to_the_sheet_is_texted_and_its_status_stands_on_it_after_a_sort(
    system, automate, carrier, road, ground, clock, workspace, way
):
    sheet = system("sheet", way)
    automate("row.added")
    sheet.simulator.add_row(first_name="Zoé", mobile="+33639980123")
    sheet.simulator.add_row(first_name="Anna", mobile="+33639980124")
    clock.move(minutes=2)
    settle(road, clock)
    assert carrier.simulator.inbox(ZOE) == ["Bonjour Zoé"]
    sheet.simulator.sort_by("First name")
    carrier.simulator.answer(ZOE, "=1+1")
    settle(road, clock)
    zoe = next(r for r in sheet.simulator.rows() if "Zoé" in str(r.values()))
    assert zoe["Relais status"] == "replied"
    assert "=1+1" in str(zoe["Relais reply"])
    assert sheet.simulator.formulas_run == 0
    clock.move(minutes=5)
    settle(road, clock)
    assert len(carrier.simulator.inbox(ZOE)) == 1
    remove(ground, workspace, sheet)


def test_stop_reaches_every_system_that_knows_the_number_and_does_not_come_back(
    system, automate, carrier, road, ground, clock
):
    crm, sales = system("crm"), system("sales")
    automate("contact.changed")
    zoe = crm.simulator.create_contact(firstname="Zoé", mobilephone="06 39 98 01 23")
    other = sales.simulator.create_contact(FirstName="Zoé", MobilePhone="+33 6 39 98 01 23")
    clock.move(minutes=6)
    settle(road, clock)
    carrier.simulator.answer(ZOE, "STOP")
    settle(road, clock)
    assert crm.simulator.record(f"contact:{zoe}")["relais_sms_opt_in"] == "false"
    assert sales.simulator.record(other)["Relais_SMS_Opt_Out__c"] is True
    for _ in range(3):
        clock.move(minutes=6)
        settle(road, clock)
    with ground.database.begin() as db:
        said = [c["verdict"] for c in rows(db, "SELECT verdict FROM consents")]
    assert said == ["stopped"]


def test_an_opt_out_ticked_in_one_system_reaches_the_other_once(
    system, automate, carrier, road, ground, clock
):
    crm, sales = system("crm"), system("sales")
    automate("contact.changed")
    zoe = crm.simulator.create_contact(firstname="Zoé", mobilephone="06 39 98 01 23")
    other = sales.simulator.create_contact(FirstName="Zoé", MobilePhone="+33 6 39 98 01 23")
    clock.move(minutes=6)
    settle(road, clock)
    sales.simulator.opt_out(other)
    for _ in range(4):
        clock.move(minutes=6)
        settle(road, clock)
    assert crm.simulator.record(f"contact:{zoe}")["relais_sms_opt_in"] == "false"
    with ground.database.begin() as db:
        said = rows(db, "SELECT verdict, source, said_at FROM consents")
        told = rows(db, "SELECT * FROM write_backs WHERE message_id IS NULL")
    assert [c["verdict"] for c in said] == ["withdrawn"], said
    assert len(told) == 1


@pytest.mark.parametrize("part", ["crm", "sales", "calendar", "sheet"])
def test_a_sign_in_that_was_taken_back_is_said_and_healed_by_signing_in_again(
    system, road, ground, clock, part
):
    made = system(part, "oauth")
    made.simulator.sign_in.revoke()
    assert look_after(ground, connection(ground, made))
    assert state_of(ground, made) == "sign_in"
    agree(install.sign_in_again(ground, connection(ground, made), {}).consent_url)
    road.walk()
    assert state_of(ground, made) == "healthy"


@pytest.mark.parametrize("part", ["crm", "sales", "calendar", "sheet"])
def test_tokens_that_run_out_for_a_week_are_nobodys_business(system, road, ground, clock, part):
    made = system(part, "oauth")
    for _ in range(7):
        clock.move(days=1)
        road.walk()
        assert state_of(ground, made) == "healthy"

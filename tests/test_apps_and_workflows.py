"""One address for all accounts of an app, thin deliveries, workflows that are always answered."""

import requests

from hub.store import templates
from hub.store.database import row as one
from hub.store.database import rows

PHONE = "+336399802{:02}"


def contacts(toy, count, account="acc-1"):
    toy.vendor.contacts |= {
        str(n): {"phone": f"+336399801{n:02}", "name": f"Zoé {n}"} for n in range(count)
    }
    return [(account, str(n), 1) for n in range(count)]


def events_of(ground, connection_id):
    with ground.database.begin() as db:
        return rows(
            db,
            "SELECT * FROM events WHERE connection_id = :id ORDER BY subject",
            id=connection_id,
        )


def intakes_of(ground):
    with ground.database.begin() as db:
        return rows(db, "SELECT * FROM intakes ORDER BY id")


def ask(toy, row, *callbacks, **more):
    """The vendor's workflow asks for a message to a person for each callback."""
    with toy.ground.database.begin() as db:
        if templates.get(db, toy.workspace, "hello") is None:
            words = {"en": "Hello {{ first_name }}", "fr": "Bonjour {{ first_name }}"}
            kept = {"kind": "transactional", "title": "Hello", "texts": words, "defaults": {}}
            templates.save(db, toy.workspace, "hello", **kept)
    wanted = [
        {"callback": c, "contact": str(n), "phone": PHONE.format(n), "template": "hello", **more}
        for n, c in enumerate(callbacks)
    ]
    return toy.ask(row, {"requests": wanted})


def test_a_delivery_for_two_accounts_reaches_both_merchants_and_each_reads_its_own(
    toy, other_workspace, road
):
    mine = toy.connect()
    toy.vendor.account = "acc-2"
    theirs = toy.connect(other_workspace)
    contacts(toy, 3)
    with toy.ground.database.begin() as db:
        app = one(db, "SELECT * FROM apps WHERE id = :id", id=mine["app_id"])
    assert app["workspace_id"] == mine["workspace_id"]
    delivery = toy.vendor.delivery(("acc-1", "0", 1), ("acc-2", "1", 1), ("acc-9", "2", 1))
    assert toy.post(mine, delivery).status_code == 200
    road.walk()
    assert [e["subject"] for e in events_of(toy.ground, mine["id"])] == ["contact:0"]
    assert events_of(toy.ground, theirs["id"]) == []  # another app, another address
    assert toy.post(theirs, delivery).status_code == 200
    road.walk()
    assert [e["subject"] for e in events_of(toy.ground, theirs["id"])] == ["contact:1"]


def test_a_delivery_for_accounts_nobody_knows_is_answered_and_not_kept(toy):
    row = toy.connect()
    assert toy.post(row, toy.vendor.delivery(("acc-9", "0", 1))).status_code == 200
    assert intakes_of(toy.ground) == []


def test_a_delivery_signed_by_another_app_is_refused(toy):
    row = toy.connect()
    delivery = toy.vendor.delivery(("acc-1", "0", 1), secret="another-app")
    assert toy.post(row, delivery).status_code == 401


def test_thin_events_of_many_deliveries_are_fetched_in_one_call(toy, road):
    row = toy.connect()
    for triple in contacts(toy, 30):
        toy.post(row, toy.vendor.delivery(triple))
    toy.vendor.reads = 0
    road.walk()
    found = events_of(toy.ground, row["id"])
    assert len(found) == 30
    assert all(e["phone"] for e in found)
    assert toy.vendor.reads == 1


def test_a_record_that_is_gone_is_ignored_and_the_others_stand(toy, road):
    row = toy.connect()
    toy.post(row, toy.vendor.delivery(("acc-1", "77", 1)))
    toy.post(row, toy.vendor.delivery(*contacts(toy, 1)))
    road.walk()
    assert [e["subject"] for e in events_of(toy.ground, row["id"])] == ["contact:0"]
    assert [i["reason"] for i in intakes_of(toy.ground)] == ["It is gone.", ""]


def test_thin_events_wait_as_long_as_the_vendor_asks_and_are_not_lost(toy, road, clock):
    row = toy.connect()
    toy.post(row, toy.vendor.delivery(*contacts(toy, 2)))
    toy.vendor.faults.plan("429", on="/contacts", seconds=40)
    road.walk()
    assert events_of(toy.ground, row["id"]) == []
    clock.move(seconds=41)
    road.walk()
    assert len(events_of(toy.ground, row["id"])) == 2


def test_thin_events_survive_a_lost_sign_in_for_days(toy, road, clock):
    row = toy.connect()
    toy.vendor.sign_in.revoke()
    toy.post(row, toy.vendor.delivery(*contacts(toy, 2)))
    for _ in range(12):
        road.walk()
        clock.move(hours=4)
    assert [i["state"] for i in intakes_of(toy.ground)] == ["new"]


def test_a_workflow_is_blocked_at_once_and_told_when_its_message_is_delivered(toy, carrier, road):
    row = toy.connect()
    assert ask(toy, row, "cb-1").json() == {"state": "BLOCK"}
    road.walk()
    [[reference, state, *_]] = toy.vendor.completed
    assert (reference, state) == ("cb-1", "delivered")
    road.walk()
    assert len(toy.vendor.completed) == 1


def test_a_workflow_asked_for_twice_sends_once_and_is_completed_once(toy, carrier, road):
    row = toy.connect()
    for _ in range(3):
        ask(toy, row, "cb-1")
    road.walk()
    assert len(toy.vendor.completed) == 1
    assert len(carrier.simulator.inbox("+33639980200")) == 1


def test_a_hundred_steps_are_completed_in_few_calls(toy, carrier, road):
    row = toy.connect()
    for n in range(60):
        ask(toy, row, *(f"cb-{n}",))
    asked = toy.vendor.faults.asked
    road.walk()
    assert len(toy.vendor.completed) == 60
    assert toy.vendor.faults.asked - asked <= 6


def test_a_step_whose_message_may_not_go_is_told_so_with_the_reason(toy, carrier, road):
    row = toy.connect()
    ask(toy, row, "cb-1", phone="+33 1 99 00 12 34")
    ask(toy, row, "cb-2", template="no-such-template")
    road.walk()
    told = {reference: (state, reason) for reference, state, reason, _ in toy.vendor.completed}
    assert told["cb-1"] == ("skipped", "landline")
    assert told["cb-2"] == ("skipped", "no_template")


def test_a_step_that_waits_for_a_reply_is_told_the_reply(toy, carrier, road, clock):
    row = toy.connect()
    ask(toy, row, "cb-1", wait_for="replied")
    road.walk()
    assert toy.vendor.completed == []
    clock.move(minutes=5)
    carrier.simulator.answer("+33639980200", "Great, thanks")
    road.walk()
    assert toy.vendor.completed == [["cb-1", "replied", "", "Great, thanks"]]


def test_a_step_is_never_left_hanging(toy, carrier, road, clock):
    row = toy.connect()
    ask(toy, row, "cb-1", wait_for="replied")
    road.walk()
    clock.move(hours=24, minutes=1)
    road.walk()
    assert toy.vendor.completed == [["cb-1", "delivered", "no_reply", ""]]


def test_a_step_whose_message_nobody_can_carry_is_told_so_in_time(toy, road, clock):
    row = toy.connect()
    ask(toy, row, "cb-1", hours=2)
    road.walk()
    assert toy.vendor.completed == []
    clock.move(hours=2)
    road.walk()
    [[_, state, reason, _]] = toy.vendor.completed
    assert (state, reason) == ("expired", "scheduled")


def test_a_completion_that_failed_is_tried_again(toy, carrier, road, clock):
    row = toy.connect()
    toy.vendor.faults.plan("500", on="/complete")
    ask(toy, row, "cb-1")
    road.walk()
    clock.move(minutes=1)
    road.walk()
    assert [c[0] for c in toy.vendor.completed] == ["cb-1"]


def test_who_designs_a_workflow_sees_the_templates_and_a_workflow_can_ask_how_it_went(
    toy, carrier, road
):
    row = toy.connect()
    ask(toy, row, "cb-1")
    road.walk()
    told = toy.ask(row, {}, "templates", "?ask=cb-1,cb-9").json()
    assert [t[0] for t in told["templates"] if t[0] == "hello"] == ["hello"]
    assert told["progress"] == ["delivered", "unknown"]


def test_a_question_that_is_not_signed_is_refused(toy):
    row = toy.connect()
    address = f"{toy.ground.hook_url(row)}/templates"
    assert requests.post(address, data=b'{"account":"acc-1"}', timeout=10).status_code == 401
    assert requests.get(f"{toy.ground.hook_url(row)}/nothing", timeout=10).status_code == 404

"""The whole road, on real engines and real sockets: what the shop says, what the phone shows,
what the order's notes say in the end. The simulators' own counts are the oracle."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from hub.store.database import row, rows

ZOE = "+33639980123"


def place(shop, **more):
    given = {"first_name": "Zoé", "phone": "06 39 98 01 23", "country": "FR", "consent": True}
    return shop.simulator.place_order(**{**given, **more})


def abandon(shop, cart_id="c-1", **more):
    given = {"first_name": "Zoé", "phone": "06 39 98 01 23", "country": "FR", "consent": True}
    return shop.simulator.abandon_cart(cart_id=cart_id, **{**given, **more})


def notes(shop, order_id):
    return Counter(note.split(" [relais")[0] for note in shop.simulator.notes(order_id))


def message(ground, kind=""):
    with ground.database.begin() as db:
        return row(
            db,
            "SELECT * FROM messages WHERE :kind IN ('', kind) ORDER BY id DESC LIMIT 1",
            kind=kind,
        )


def decisions(ground):
    with ground.database.begin() as db:
        return [
            (d["action"], d["reason"])
            for d in rows(db, "SELECT action, reason FROM decisions ORDER BY id")
        ]


@pytest.fixture
def town(shop, carrier, road):
    road.walk()
    return shop, carrier, road


def test_an_order_is_confirmed_once_and_each_outcome_is_noted_once(town):
    shop, carrier, road = town
    order = place(shop)
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 1
    assert set(notes(shop, order).values()) == {1}
    assert notes(shop, order)["SMS sent."] == 1
    assert notes(shop, order)["SMS delivered."] == 1
    assert shop.simulator.meta(order)["_relais_status"] == "delivered"


def test_deliveries_doubled_and_shuffled_confirm_once(town):
    shop, carrier, road = town
    shop.simulator.deliver_twice()
    shop.simulator.shuffle()
    orders = [place(shop) for _ in range(5)]
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 5
    assert all(max(notes(shop, order).values()) == 1 for order in orders)


def test_an_order_whose_delivery_was_lost_is_found_by_the_poll(town, clock):
    shop, carrier, road = town
    shop.simulator.lose_next(10)
    place(shop)
    road.walk()
    assert carrier.simulator.inbox(ZOE) == []
    clock.move(minutes=3)
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 1


def test_a_partial_refund_sends_the_refund_and_no_second_status(town):
    shop, carrier, road = town
    order = place(shop)
    shop.simulator.complete(order)
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 2
    shop.simulator.refund(order, "5.00")
    road.walk()
    texts = carrier.simulator.inbox(ZOE)
    assert len(texts) == 3
    assert "5,00" in texts[-1]


def test_our_own_notes_and_meta_do_not_come_back_as_news(town, ground):
    shop, _, road = town
    place(shop)
    road.walk()
    with ground.database.begin() as db:
        before = row(db, "SELECT count(*) AS n FROM messages")["n"]
        told_before = row(db, "SELECT count(*) AS n FROM intakes WHERE reason LIKE 'Nothing new%'")[
            "n"
        ]
    assert before == 1
    assert told_before >= 1


def test_a_cart_is_reminded_after_45_minutes_and_not_a_second_before(town, clock):
    shop, carrier, road = town
    abandon(shop)
    road.walk()
    clock.move(minutes=44, seconds=59)
    road.walk()
    assert carrier.simulator.inbox(ZOE) == []
    clock.move(seconds=2)
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 1


def test_an_order_of_the_same_person_cancels_the_reminder(town, clock, ground):
    shop, carrier, road = town
    abandon(shop)
    road.walk()
    clock.move(minutes=10)
    place(shop)
    road.walk()
    clock.move(hours=2)
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 1
    with ground.database.begin() as db:
        cart = row(db, "SELECT * FROM messages WHERE kind = 'marketing'")
    assert cart["state"] == "cancelled"
    assert "order" in cart["sentence"]


def test_a_cart_changed_again_is_reminded_once_for_its_last_change(town, clock, ground):
    shop, carrier, road = town
    abandon(shop)
    road.walk()
    clock.move(minutes=30)
    abandon(shop)
    road.walk()
    clock.move(minutes=20)
    road.walk()
    assert carrier.simulator.inbox(ZOE) == []
    clock.move(minutes=26)
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 1


def test_a_new_cart_of_the_same_person_is_reminded_again(town, clock):
    shop, carrier, road = town
    for cart in ("c-1", "c-2"):
        abandon(shop, cart)
        road.walk()
        clock.move(minutes=50)
        road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 2


def test_a_checkout_left_open_is_found_by_the_poll_as_a_cart(town, clock):
    shop, carrier, road = town
    shop.simulator.open_checkout(
        first_name="Zoé", phone="06 39 98 01 23", country="FR", consent=True
    )
    road.walk()
    for _ in range(12):
        clock.move(minutes=5)
        road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 1


@pytest.mark.parametrize("consent", [None, False])
def test_without_consent_a_cart_is_skipped_and_says_why(town, ground, consent):
    shop, carrier, road = town
    abandon(shop, consent=consent)
    road.walk()
    assert carrier.simulator.inbox(ZOE) == []
    assert decisions(ground)[0][1] in ("no_consent", "consent_withdrawn")


def test_an_order_without_a_phone_is_skipped_and_says_why(town, ground):
    shop, _, road = town
    place(shop, phone="")
    place(shop, phone="01 40 00 00 00")
    road.walk()
    assert ("skip", "no_phone") in decisions(ground)
    assert ("skip", "landline") in decisions(ground)


def test_stop_suppresses_cancels_is_confirmed_once_and_is_told(town, clock, ground):
    shop, carrier, road = town
    order = place(shop)
    road.walk()
    clock.move(minutes=1)
    abandon(shop, "c-9")
    road.walk()
    carrier.simulator.answer(ZOE, "Stop !")
    carrier.simulator.answer(ZOE, "STOP")
    road.walk()
    texts = carrier.simulator.inbox(ZOE)
    assert len(texts) == 2
    clock.move(hours=1)
    abandon(shop, "c-10")
    road.walk()
    clock.move(hours=1)
    road.walk()
    assert carrier.simulator.inbox(ZOE) == texts
    assert ("skip", "stopped") in decisions(ground)
    assert shop.simulator.meta(order)["_relais_opted_out"] == "yes"
    with ground.database.begin() as db:
        cart = row(db, "SELECT * FROM messages WHERE kind = 'marketing'")
    assert (cart["state"], cart["reason"]) == ("cancelled", "stopped")


def test_a_later_yes_on_an_order_does_not_undo_a_stop_but_start_does(town, clock, ground):
    shop, carrier, road = town
    place(shop)
    road.walk()
    carrier.simulator.answer(ZOE, "STOP")
    road.walk()
    clock.move(days=1)
    place(shop, consent=True)
    abandon(shop, "c-2")
    road.walk()
    clock.move(hours=1)
    road.walk()
    assert ("skip", "stopped") in decisions(ground)
    carrier.simulator.answer(ZOE, "START")
    road.walk()
    clock.move(hours=1)
    abandon(shop, "c-3")
    road.walk()
    assert decisions(ground)[-1] == ("send", "")


def test_marketing_waits_for_sending_hours_and_orders_do_not(shop, carrier, road, clock, ground):
    with ground.database.begin() as db:
        rows(db, """UPDATE workspaces SET sending_window = '{"preset": "FR"}' RETURNING id""")
    road.walk()
    clock.now = datetime(2026, 7, 13, 19, 30, tzinfo=UTC)  # 21:30 in Paris, the eve of a holiday
    place(shop, phone="06 39 98 01 24")
    abandon(shop)
    road.walk()
    clock.move(hours=1)
    road.walk()
    assert len(carrier.simulator.inbox("+33639980124")) == 1
    assert carrier.simulator.inbox(ZOE) == []
    held = message(ground, "marketing")
    assert held["state"] == "held"
    assert held["due_at"] == datetime(2026, 7, 15, 6, 0, tzinfo=UTC)
    clock.now = held["due_at"] - timedelta(seconds=1)
    road.walk()
    assert carrier.simulator.inbox(ZOE) == []
    clock.move(seconds=1)
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 1


def test_an_answer_lost_after_acceptance_is_found_and_never_sent_twice(town, clock, ground):
    shop, carrier, road = town
    carrier.simulator.receipts = "never"
    carrier.simulator.faults.plan("lost_after", on="/messages")
    order = place(shop)
    road.walk()
    assert message(ground)["state"] in ("uncertain", "sent")
    clock.move(seconds=10)
    road.walk()
    assert message(ground)["state"] == "delivered"
    assert len(carrier.simulator.inbox(ZOE)) == 1
    assert notes(shop, order) == {"SMS sent.": 1, "SMS delivered.": 1}


def test_a_send_that_never_arrived_goes_again_only_when_proven_unsent(town, clock, ground):
    shop, carrier, road = town
    carrier.simulator.faults.plan("lost", on="/messages")
    place(shop)
    road.walk()
    assert message(ground)["state"] == "uncertain"
    clock.move(minutes=5)
    road.walk()
    assert message(ground)["state"] == "uncertain"
    clock.move(minutes=6)
    road.walk()
    assert message(ground)["state"] == "uncertain"
    clock.move(minutes=2)
    road.walk()
    assert message(ground)["state"] == "delivered"
    assert len(carrier.simulator.inbox(ZOE)) == 1


def test_marketing_in_doubt_is_never_sent_again(town, clock, ground):
    shop, carrier, road = town
    abandon(shop)
    road.walk()
    carrier.simulator.faults.plan("lost", on="/messages")
    clock.move(minutes=46)
    for _ in range(30):
        road.walk()
        clock.move(minutes=5)
    assert message(ground)["state"] == "uncertain"
    assert carrier.simulator.inbox(ZOE) == []


@pytest.mark.parametrize("fault", ["500_after", "garbage"])
def test_a_carrier_that_errs_after_accepting_delivers_once(town, clock, fault, ground):
    shop, carrier, road = town
    carrier.simulator.faults.plan(fault, on="/messages")
    place(shop)
    road.walk()
    clock.move(minutes=15)
    road.walk()
    clock.move(minutes=15)
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 1
    assert message(ground)["state"] == "delivered"


def test_a_throttled_carrier_is_left_alone_as_long_as_it_asks(town, clock, ground):
    shop, carrier, road = town
    carrier.simulator.faults.plan("429", on="/messages", seconds=30)
    place(shop)
    road.walk()
    assert message(ground)["state"] in ("scheduled", "held")
    clock.move(seconds=29)
    place(shop, phone="06 39 98 01 24")
    road.walk()
    assert carrier.simulator.inbox("+33639980124") == []
    clock.move(seconds=2)
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 1
    assert len(carrier.simulator.inbox("+33639980124")) == 1


def test_lost_credentials_call_a_person_and_lose_no_message(town, clock, ground):
    shop, carrier, road = town
    carrier.simulator.faults.plan("401", on="/messages")
    place(shop)
    road.walk()
    with ground.database.begin() as db:
        account = row(db, "SELECT * FROM connections WHERE connector = 'smsmode'")
    assert account["state"] == "attention"
    assert "econnect" in account["problem"]
    clock.move(minutes=20)
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 1


def test_a_carrier_that_cannot_be_reached_is_tried_again(town, clock, ground):
    shop, carrier, road = town
    with ground.database.begin() as db:
        rows(
            db,
            """UPDATE connections SET settings = settings || '{"base_url": "http://127.0.0.1:9"}'
               WHERE connector = 'smsmode' RETURNING id""",
        )
    place(shop)
    road.walk()
    assert message(ground)["state"] in ("scheduled", "held")
    with ground.database.begin() as db:
        rows(
            db,
            """UPDATE connections SET settings = settings || jsonb_build_object('base_url',
               CAST(:url AS text)) WHERE connector = 'smsmode' RETURNING id""",
            url=carrier.url,
        )
    clock.move(minutes=1)
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 1


@pytest.mark.parametrize("way", ["twice", "shuffled"])
def test_receipts_doubled_or_out_of_order_never_move_a_state_back(town, way, ground):
    shop, carrier, road = town
    carrier.simulator.receipts = way
    order = place(shop)
    road.walk()
    assert message(ground)["state"] == "delivered"
    assert notes(shop, order)["SMS delivered."] == 1


def test_a_receipt_heard_on_a_clock_that_is_behind_is_not_told_before_sent(town, clock, ground):
    shop, carrier, road = town
    carrier.simulator.receipts = "late"
    old = place(shop)
    road.walk()
    clock.move(minutes=1)
    new = place(shop)
    road.walk()
    clock.move(seconds=-1)  # a worker read its clock, then waited for the sender's transaction
    heard = clock()
    carrier.simulator.release()
    road.walk()
    clock.move(seconds=1)
    road.walk()
    with ground.database.begin() as db:
        outcomes = [told["outcome"] for told in rows(db, "SELECT outcome FROM write_backs")]
    at = {(o["subject"], o["kind"]): datetime.fromisoformat(o["at"]) for o in outcomes}
    assert at[f"order:{new}", "delivered"] == at[f"order:{new}", "sent"] > heard
    assert at[f"order:{old}", "delivered"] == heard  # its neighbour in the batch has its own time
    assert shop.simulator.meta(new)["_relais_status"] == "delivered"


def test_an_account_without_credit_says_so_and_the_order_shows_it(town, ground):
    shop, carrier, road = town
    carrier.simulator.no_credit()
    order = place(shop)
    road.walk()
    assert message(ground)["state"] == "failed"
    assert any("credit" in note for note in notes(shop, order))
    with ground.database.begin() as db:
        account = row(db, "SELECT * FROM connections WHERE connector = 'smsmode'")
    assert "credit" in account["problem"]


def test_a_number_blocked_at_the_carrier_is_an_opt_out_here_too(town, ground, clock):
    shop, carrier, road = town
    carrier.simulator.behave(ZOE, "UNDELIVERABLE", detail="BLACKLISTED")
    place(shop)
    road.walk()
    clock.move(minutes=1)
    abandon(shop)
    road.walk()
    assert ("skip", "stopped") in decisions(ground)


def test_a_number_that_fails_three_times_for_good_is_left_alone(town, ground, clock):
    shop, carrier, road = town
    carrier.simulator.behave(ZOE, "UNDELIVERABLE", detail="INVALID_PHONE_NUMBER")
    for _ in range(4):
        place(shop)
        road.walk()
        clock.move(minutes=1)
    assert ("skip", "dead_number") in decisions(ground)


def test_a_name_the_database_would_refuse_holds_up_nobody(town, ground):
    shop, carrier, road = town
    place(shop, first_name="Zo\x00é \ud800")
    place(shop, phone="06 39 98 01 24")
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 1
    assert len(carrier.simulator.inbox("+33639980124")) == 1


def test_a_text_with_a_hole_is_not_sent_and_says_which(town, ground):
    shop, carrier, road = town
    with ground.database.begin() as db:
        rows(
            db,
            """UPDATE template_versions SET texts = '{"fr": "Bonjour {{ refund_reason }}"}'
               FROM templates t WHERE t.id = template_id AND t.slug = 'order-confirmed'
               RETURNING t.id""",
        )
    place(shop)
    road.walk()
    assert carrier.simulator.inbox(ZOE) == []
    held = message(ground)
    assert (held["state"], held["reason"]) == ("skipped", "no_text")
    assert "refund_reason" in held["sentence"]


def test_a_burst_is_confirmed_completely_and_once(town):
    shop, carrier, road = town
    phones = [f"06 39 98 {n // 100:02d} {n % 100:02d}" for n in range(120)]
    for phone in phones:
        place(shop, phone=phone)
    road.walk()
    assert sorted(carrier.simulator.all_carried().values()) == [1] * 120


def test_a_disabled_webhook_is_switched_on_again_and_the_merchant_told(town, clock, ground):
    shop, _, road = town
    hook = next(iter(shop.simulator.webhooks.rows.values()))
    hook["status"] = "disabled"
    clock.move(minutes=20)
    road.walk()
    assert hook["status"] == "active"
    with ground.database.begin() as db:
        diary = [n["words"] for n in rows(db, "SELECT words FROM connection_notes")]
    assert any("order." in words or "ebhook" in words for words in diary)


def test_a_carrier_is_given_no_more_a_second_than_its_setting_allows(town, clock, ground):
    shop, carrier, road = town
    with ground.database.begin() as db:
        rows(
            db,
            """UPDATE connections SET settings = settings || '{"per_second": "10"}'
               WHERE connector = 'smsmode' RETURNING id""",
        )
    for n in range(25):
        place(shop, phone=f"06 39 98 02 {n:02d}")
    for reached in (10, 20, 25):
        road.walk()
        assert len(carrier.simulator.all_carried()) == reached
        clock.move(seconds=1)


def test_answers_kept_for_two_days_are_then_forgotten(ground, workspace, clock):
    from hub.store import keys
    from hub.work.clock import tidy

    with ground.database.begin() as db:
        keys.begin_answer(db, workspace, "k-1", b"print")
        rows(db, "UPDATE idempotency SET created_at = :now RETURNING key", now=clock())
    clock.move(hours=47)
    assert tidy(ground) == 0
    clock.move(hours=2)
    assert tidy(ground) == 1


def test_an_automation_this_hub_cannot_read_holds_up_no_other(town, ground):
    shop, carrier, road = town
    with ground.database.begin() as db:
        rows(
            db,
            """UPDATE automation_versions SET document = '{"from": "the future"}'
               FROM automations a WHERE a.id = automation_id AND a.slug = 'cart-reminder'
               RETURNING a.id""",
        )
    place(shop)
    road.walk()
    assert len(carrier.simulator.inbox(ZOE)) == 1


def test_a_zone_that_is_none_holds_up_nobody_elses_message(town, clock, ground):
    shop, carrier, road = town
    abandon(shop)
    road.walk()
    with ground.database.begin() as db:
        rows(db, "UPDATE messages SET zone = 'Moon/Base', language = '??' RETURNING id")
    clock.move(minutes=46)
    abandon(shop, "c-2", phone="06 39 98 01 24")
    road.walk()
    clock.move(minutes=46)
    road.walk()
    assert len(carrier.simulator.inbox("+33639980124")) == 1
    assert message(ground)["state"] == "delivered"

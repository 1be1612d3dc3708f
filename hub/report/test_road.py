"""The road in words, over the real database: what a merchant reads at every end it can have."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from hub.report.road import NAMES, ids_like, road_of, roads_of
from hub.report.road_words import Times, masked_in
from hub.store.database import new_id, row, rows
from hub.store.ground import Ground
from hub.store.numbers import shown

NUMBER = "+33639980123"


@pytest.fixture
def ask(ground: Ground, clock: Any):
    """Reads the only road of the newest row of a table."""

    def read(table: str, **where: str) -> Any:
        with ground.database.begin() as db:
            found = road_of(db, _newest(db, table, **where), now=clock())
            return found and found.shown(partial(shown, db, ground.vault))

    return read


def _newest(db: Connection, table: str, **where: str) -> UUID:
    clause = " AND ".join(f"{name} = :{name}" for name in where) or "true"
    sql = f"SELECT id FROM {table} WHERE {clause} ORDER BY id DESC LIMIT 1"  # noqa: S608
    found = row(db, sql, **where)
    assert found
    return found["id"]


def _order(shop: Any, **more: Any) -> int:
    return shop.simulator.place_order(
        first_name="Zoë", phone="06 39 98 01 23", country="FR", **more
    )


def _sentences(road: Any) -> dict[str, str]:
    return {station.name: station.sentence for station in road.stations}


def _states(road: Any) -> dict[str, str]:
    return {station.name: station.state for station in road.stations}


def test_a_delivered_order_message_is_told_station_by_station(
    shop: Any, carrier: Any, road: Any, ask: Any
):
    order = _order(shop)
    road.walk()
    said = _sentences(found := ask("messages"))
    host = shop.url.removeprefix("http://")
    after = ("instead", "clicked", "replied", "bought")
    assert list(said) == [name for name in NAMES if name not in after]
    assert set(_states(found).values()) == {"done"}
    assert said["arrived"] == f"Arrived from «{host}» ({shop.slug}) at 12:00:00, signed."
    assert said["understood"] == f"Understood as «An order was placed»: order {order}, 64.90 €."
    assert said["decided"].endswith("checks, all yes.")
    assert said["written"].startswith(
        "Written from template «order-confirmed» (version 1) in French: 1 part, GSM-7, "
    )
    assert said["sent"] == "Sent through smsmode; accepted in 0 ms."
    assert said["delivered"] == "Delivered at 12:00:00."
    assert said["told"].startswith(f"Told «{host}» ({shop.slug}): «SMS delivered.» (note:")


def test_every_check_of_a_decision_is_a_detail(shop: Any, carrier: Any, road, ask):
    _order(shop)
    road.walk()
    decided = next(s for s in ask("messages").stations if s.name == "decided")
    assert ("Is the automation switched on?", "It is switched on.") in decided.details


def test_a_reply_is_on_the_road_and_no_whole_phone_is_anywhere(
    shop: Any, carrier: Any, road: Any, ask: Any
):
    _order(shop)
    road.walk()
    carrier.simulator.answer(NUMBER, "STOP")
    road.walk()
    found = ask("messages", kind="transactional", subject="order:12")
    assert _sentences(found)["replied"] == "They replied at 12:00:00: «STOP»."
    assert found.person == "+33*******23"
    assert NUMBER not in str(found.as_json())


def test_a_decision_not_to_send_stops_there_with_its_reason(shop, carrier, road, ask):
    _order(shop)
    road.walk()
    found = ask("decisions", action="skip")
    assert _states(found) == {"arrived": "done", "understood": "done", "decided": "stopped"}
    assert "not to send: " in _sentences(found)["decided"]
    assert found.state == "skipped"


def test_an_event_has_a_road_for_each_automation(shop, carrier, road, ground, clock):
    _order(shop)
    road.walk()
    with ground.database.begin() as db:
        created = _newest(db, "events", type="order.created")
        intake = _newest(db, "intakes", state="opened", road="events")
        assert len(roads_of(db, created, now=clock())) == 1
        ways = roads_of(db, intake, now=clock())
    assert {way.state for way in ways} == {"delivered", "skipped", "ignored"}


def test_a_message_without_a_carrier_waits_and_says_what_to_do(shop, road, ask):
    _order(shop)
    road.walk()
    found = ask("messages")
    assert _states(found)["sent"] == "waiting"
    assert "Connect one" in _sentences(found)["sent"]
    assert found.actions == (("connect", "Connect a carrier, such as smsmode."),)


def test_an_uncertain_message_says_that_it_may_have_gone(shop, carrier, road, ask):
    carrier.simulator.faults.plan("lost_after", on="messages")
    carrier.simulator.receipts = "never"
    _order(shop)
    road.walk()
    found = ask("messages")
    assert found.state == "uncertain"
    assert _states(found)["sent"] == "waiting"
    assert "may have reached the phone" in _sentences(found)["sent"]
    assert "It asks next at 12:00:05." in _sentences(found)["sent"]


def test_a_number_that_is_none_fails_with_the_carriers_words(shop, carrier, road, ask):
    carrier.simulator.behave(NUMBER, "UNDELIVERABLE", "INVALID_PHONE_NUMBER")
    _order(shop)
    road.walk()
    found = ask("messages")
    assert _states(found)["sent"] == "done"
    assert _states(found)["delivered"] == "stopped"
    assert "Check the number" in _sentences(found)["delivered"]


def test_a_refused_send_stops_at_the_carrier(shop, carrier, road, ask, ground):
    _order(shop)
    road.walk()
    with ground.database.begin() as db:
        rows(
            db,
            """INSERT INTO messages (id, workspace_id, template_id, template_version, kind, phone,
                   language, zone, variables, state, reason, sentence, due_at, created_at,
                   changed_at)
               SELECT :id, workspace_id, template_id, 1, kind, phone, language, zone, variables,
                   'failed', 'refused', 'Not sent: the carrier refuses this sender.', due_at,
                   created_at, changed_at FROM messages RETURNING id""",
            id=new_id(),
        )
    found = ask("messages")
    assert _states(found) == {
        "arrived": "done",
        "decided": "done",
        "written": "ahead",
        "sent": "stopped",
    }
    assert "refuses this sender" in _sentences(found)["sent"]


def test_a_cancelled_reminder_ends_with_why(shop, carrier, road, ask):
    cart = shop.simulator.abandon_cart(phone="06 39 98 01 23", country="FR")
    road.walk()
    assert ask("messages").state == "scheduled"
    assert "It is due at 12:45:00" in _sentences(ask("messages"))["sent"]
    _order(shop, cart_id=cart)
    road.walk()
    found = ask("messages", kind="marketing")
    assert found.state == "cancelled"
    assert "no longer needed" in _sentences(found)["sent"]
    assert "delivered" not in _states(found)


def test_a_shop_that_cannot_be_told_is_waited_for(shop, carrier, road, ask):
    shop.simulator.faults.plan("500", on="notes", times=50)
    _order(shop)
    road.walk()
    found = ask("messages")
    assert (_states(found)["delivered"], _states(found)["told"]) == ("done", "waiting")
    assert "Next try at" in _sentences(found)["told"]


def test_a_message_whose_automation_was_paused_says_so(shop, carrier, road, ask, clock, ground):
    shop.simulator.abandon_cart(phone="06 39 98 01 23", country="FR")
    road.walk()
    with ground.database.begin() as db:
        rows(db, "UPDATE automations SET state = 'paused' RETURNING id")
    clock.move(minutes=46)
    road.walk()
    found = ask("messages")
    assert (found.state, _states(found)["sent"]) == ("skipped", "stopped")
    assert _sentences(found)["sent"].startswith("Looked at again before sending. Not sent")


def test_an_intake_that_says_nothing_new_tells_so(shop, carrier, road, ask):
    _order(shop)
    road.walk()
    found = ask("intakes", state="ignored")
    assert _states(found) == {"arrived": "done", "understood": "stopped"}
    assert found.actions[0][0] == "replay"


def test_a_receipts_intake_leads_to_its_message(shop, carrier, road, ask):
    _order(shop)
    road.walk()
    assert ask("intakes", road="carrier").id == ask("messages").id


def test_another_workspaces_road_is_not_found(shop, carrier, road, ground, other_workspace):
    _order(shop)
    road.walk()
    with ground.database.begin() as db:
        for table in ("messages", "decisions", "events", "intakes"):
            assert road_of(db, _newest(db, table), other_workspace) is None


def test_a_prefix_finds_ids_and_too_short_a_one_none(shop, carrier, road, ground):
    _order(shop)
    road.walk()
    with ground.database.begin() as db:
        message = _newest(db, "messages")
        assert [r["id"] for r in ids_like(db, str(message)[:33])] == [message]
        assert ids_like(db, str(message)[:7]) == []
        assert ids_like(db, "no-such-id") == []


def test_another_day_is_named(clock: Any):
    yesterday = clock() - timedelta(days=1)
    assert Times("Europe/Paris", clock()).at(yesterday) == "on 9 June 2026 at 12:00:00"
    assert Times("No/Where", clock()).at(clock()) == "at 10:00:00"


def test_phones_in_any_text_are_masked():
    assert masked_in(f"call {NUMBER} now") == "call +33*******23 now"

"""Which message brought an order: by code, by click, by cart, in this order, and never twice."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.report.attribution import _amount, attribute_due
from hub.store import clicks, connections, coupons, events, links, messages, templates
from hub.store.database import new_id, rows, run

MINE, THEIRS = "+33639980001", "+33639980002"


@pytest.fixture
def desk(ground, workspace, clock, cast):
    return Desk(ground, workspace, clock, cast["shop"])


class Desk:
    """Plants what went before an order, and reads what the order was put down to."""

    def __init__(self, ground, workspace, clock, slug):
        self.ground, self.workspace, self.clock = ground, workspace, clock
        self.source = self.connection(slug)
        with ground.database.begin() as db:
            self.template = templates.get(db, workspace, "cart-reminder")

    def connection(self, slug):
        """A connection of that connector which nobody calls."""
        with self.ground.database.begin() as db:
            return connections.add(
                db, self.ground.vault, workspace_id=self.workspace, connector=slug, settings={},
                secrets={},
            )  # fmt: skip

    def message(self, state="delivered", phone=MINE, **more):
        now = self.clock()
        one = {
            "id": new_id(), "workspace_id": self.workspace, "template_id": self.template["id"],
            "template_version": self.template["version"], "kind": "marketing", "channel": "sms",
            "phone": phone, "language": "fr", "zone": "Europe/Paris", "variables": {},
            "state": state, "reason": "", "sentence": "", "due_at": now, "cart": "",
            "sender": "", "source_id": self.source, "subject": "cart:c-1", "record": "",
            "created_at": now, "changed_at": now, **more,
        }  # fmt: skip
        with self.ground.database.begin() as db:
            messages.add_all(db, [one])
            run(db, "UPDATE messages SET sent_at = :now WHERE id = :id", now=now, id=one["id"])
        return one["id"]

    def click(self, message, who="person", kind="link"):
        token, now = links.new_token(), self.clock()
        with self.ground.database.begin() as db:
            links.add_all(db, [{
                "token_hash": links.digest(token).hex(), "label": "", "kind": kind,
                "workspace_id": self.workspace, "message_id": message, "utm": {}, "preview": {},
                "target": "https://shop.example.com", "language": "fr",
                "expires_at": now + timedelta(days=30), "created_at": now,
            }])  # fmt: skip
        clicks.take(self.ground.database, links.digest(token), now, who=who, why="", button=False)

    def code(self, code, message=None, days=7):
        now = self.clock()
        with self.ground.database.begin() as db:
            coupons.add_all(db, [{
                "id": new_id(), "workspace_id": self.workspace, "connection_id": self.source,
                "message_id": message, "template_id": self.template["id"], "code": code,
                "terms": {}, "expires_at": now + timedelta(days=days), "due_at": now,
            }])  # fmt: skip

    def shares(self, code):
        """The template's texts name this code from now on."""
        with self.ground.database.begin() as db:
            run(
                db,
                """UPDATE template_versions
                   SET coupon = jsonb_build_object('shared', CAST(:code AS text))
                   WHERE template_id = :id""",
                code=code,
                id=self.template["id"],
            )

    def order(self, number=12, type_="order.created", phone=MINE, codes=(), cart="", **more):
        now, intake = self.clock(), new_id()
        data = {
            "order_id": str(number), "order_number": f"10{number}",
            "order_total": {"amount": "51.92", "currency": "EUR"},
            "codes": [{"code": code} for code in codes],
        }  # fmt: skip
        one = {
            "id": new_id(), "workspace_id": self.workspace, "connection_id": self.source,
            "intake_id": intake, "type": type_, "key": f"order:{number}:{type_}",
            "subject": f"order:{number}", "cart": cart or f"order:{number}", "occurred_at": now,
            "received_at": now, "data": data, "person": {}, "phone": phone, **more,
        }  # fmt: skip
        with self.ground.database.begin() as db:
            run(
                db,
                """INSERT INTO intakes (id, workspace_id, connection_id, road, source, dedupe_key,
                       sealed, received_at, state)
                   VALUES (:id, :workspace, :source, 'events', 'webhook', :key, '', :now,
                       'opened')""",
                id=intake, workspace=self.workspace, source=self.source, key=intake.bytes, now=now,
            )  # fmt: skip
            events.add_all(db, [one])
            events.decided(db, [one["id"]])
        return one["id"]

    def brought(self):
        """(message, how) by order."""
        attribute_due(self.ground)
        with self.ground.database.begin() as db:
            found = rows(db, "SELECT * FROM conversions")
        return {r["subject"]: (r["message_id"], r["how"]) for r in found}

    def told(self):
        with self.ground.database.begin() as db:
            return rows(db, "SELECT connection_id, outcome FROM write_backs ORDER BY id")


def test_a_code_beats_a_click_and_a_click_beats_a_cart(desk):
    with_code, with_click = desk.message(), desk.message()
    about_cart = desk.message(cart="cart:c-1")
    desk.code("LUNE-7KQ2MX", with_code)
    desk.click(with_click)
    desk.order(1, codes=["lune-7kq2mx"], cart="cart:c-1")
    desk.order(2, cart="cart:c-1")
    desk.order(3, cart="cart:c-1", phone=THEIRS)
    assert desk.brought() == {
        "order:1": (with_code, "code"),
        "order:2": (with_click, "click"),
        "order:3": (about_cart, "cart"),
    }


def test_a_code_counts_for_its_own_message_whoever_uses_it(desk, other_workspace):
    passed_on, rcs, foreign = desk.message(), desk.message("expired", channel="rcs"), desk.message()
    sms = desk.message()
    desk.code("FOREIGN", foreign)
    with desk.ground.database.begin() as db:
        run(db, "UPDATE messages SET stands_in_for = :rcs WHERE id = :sms", rcs=rcs, sms=sms)
        run(db, "UPDATE coupons SET workspace_id = :id", id=other_workspace)
    desk.code("LUNE-7KQ2MX", passed_on)
    desk.code("LUNE-RCSRCS", rcs)
    desk.order(1, phone=THEIRS, codes=["OTHER", "Lune-7KQ2mx"])
    desk.order(2, codes=["LUNE-RCSRCS"])
    desk.order(3, codes=["FOREIGN"])
    assert desk.brought() == {"order:1": (passed_on, "code"), "order:2": (sms, "code")}


def test_a_shared_code_counts_for_the_last_message_that_named_it_to_this_phone(desk, clock):
    desk.shares("GTP20")
    desk.code("GTP20", days=3)
    desk.message()
    clock.move(days=1)
    last = desk.message()
    desk.message("failed")
    clock.move(days=1)
    desk.order(1, codes=["gtp20"])
    desk.order(2, codes=["GTP20"], phone=THEIRS)
    clock.move(minutes=2)
    desk.message()
    clock.move(days=1)
    desk.order(3, codes=["GTP20"])
    assert desk.brought() == {"order:1": (last, "code")}


def test_the_last_click_of_a_person_within_seven_days_before_the_order_counts(desk, clock):
    first, _, shown = desk.message(), desk.message(), desk.message(phone=THEIRS)
    desk.click(shown, who="robot")
    desk.click(shown, kind="support")
    clock.move(hours=1)
    desk.click(first)
    clock.move(days=7)
    desk.order(1)
    desk.order(2, phone=THEIRS)
    clock.move(minutes=1)
    desk.order(3)
    clock.move(minutes=2)
    desk.click(first)
    assert desk.brought() == {"order:1": (first, "click")}


def test_an_order_is_not_put_down_to_a_message_about_itself(desk, clock):
    placed = desk.order()
    confirmed = desk.message(event_id=placed, subject="order:12", cart="order:12")
    clock.move(minutes=5)
    desk.click(confirmed)
    clock.move(days=2)
    desk.order(type_="order.paid")
    assert desk.brought() == {}
    desk.order(13)
    assert desk.brought() == {"order:13": (confirmed, "click")}


def test_only_a_cart_s_message_that_went_within_seven_days_brought_the_order(desk, clock):
    states = ("scheduled", "cancelled", "skipped", "failed", "uncertain", "sent", "read")
    for state in states:
        desk.message(state, cart=f"cart:{state}")
    clock.move(days=7)
    for number, state in enumerate(states):
        desk.order(number, cart=f"cart:{state}")
    clock.move(minutes=1)
    desk.order(99, cart="cart:read")
    assert set(desk.brought()) == {"order:5", "order:6"}


def test_an_order_counts_once_and_is_told_once(desk):
    message = desk.message()
    desk.click(message)
    desk.order()
    desk.order(type_="order.paid")
    assert desk.brought() == {"order:12": (message, "click")}
    desk.order(type_="order.paid", key="again")
    desk.brought()
    (told,) = desk.told()
    assert told["outcome"]["kind"] == "bought"
    assert told["outcome"]["subject"] == "order:12"
    assert told["outcome"]["sentence"] == (
        "This order came from an SMS message: its link was opened before."
    )
    with desk.ground.database.begin() as db:
        (kept,) = rows(db, "SELECT * FROM conversions")
    assert (kept["amount"], kept["currency"]) == (Decimal("51.92"), "EUR")


def test_another_system_s_record_is_told_too(desk, cast):
    crm = desk.connection(cast["crm"])
    message = desk.message(source_id=crm, subject="contact:7", record="contact:7")
    desk.click(message)
    desk.order()
    desk.brought()
    told = {w["connection_id"]: w["outcome"] for w in desk.told()}
    assert told[desk.source]["subject"] == "order:12"
    assert told[crm]["subject"] == told[crm]["record"] == "contact:7"
    assert told[crm]["sentence"] == (
        "Ordered after this message: 1012, 51.92 EUR; its link was opened before."
    )


def test_what_was_looked_at_is_not_looked_at_again(desk, ground):
    for number in (1, 2):
        desk.order(number, codes=["LUNE-7KQ2MX"])
    assert attribute_due(ground, limit=1) == 1
    assert attribute_due(ground) == 1
    assert attribute_due(ground) == 0


def test_what_no_message_can_have_brought_is_not_looked_at_at_all(desk, ground):
    desk.click(desk.message(cart="cart:c-1"))
    desk.order(1, phone=THEIRS)
    desk.order(2, connection_id=None)
    desk.order(3, type_="order.refunded", cart="cart:c-1")
    desk.clock.move(days=8)
    desk.order(4)
    assert attribute_due(ground) == 0
    desk.order(5, phone=THEIRS, cart="cart:c-1")
    assert attribute_due(ground) == 1


def test_a_cart_s_message_brings_an_order_with_its_code_and_the_shop_is_told(
    shop, carrier, road, clock, ground, desk
):
    cart = shop.simulator.abandon_cart(phone="06 39 98 01 23", country="FR")
    road.walk()
    clock.move(hours=2)
    road.walk()
    with ground.database.begin() as db:
        (sent,) = rows(db, "SELECT id, state FROM messages WHERE cart = :cart", cart=f"cart:{cart}")
    assert sent["state"] == "delivered"
    shop.simulator.memory.add_coupon({"code": "LUNE-7KQ2MX", "amount": "5"})
    desk.code("LUNE-7KQ2MX", sent["id"])
    order = shop.simulator.place_order(
        phone="06 39 98 01 23", country="FR", cart_id=cart, codes=["LUNE-7KQ2MX"]
    )
    road.walk()
    assert desk.brought() == {f"order:{order}": (sent["id"], "code")}
    road.walk()
    notes = [note for note in shop.simulator.notes(order) if "its code was used" in note]
    assert len(notes) == 1
    assert "_relais_bought_at" in shop.simulator.meta(order)


@given(st.none() | st.text(max_size=8) | st.floats() | st.integers() | st.booleans())
def test_only_a_finite_amount_is_kept(written):
    kept = _amount(written)
    assert kept is None or Decimal(kept).is_finite()

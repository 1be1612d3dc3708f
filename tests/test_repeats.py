"""The same words about the same thing do not reach a person twice in a short while."""

from hub.store import workspaces
from hub.store.database import rows

ZOE = "+33639980123"
WORDS = "Merci, nous avons bien tout recu."


def told(ground):
    with ground.database.begin() as db:
        return [
            (m["state"], m["reason"])
            for m in rows(
                db,
                """SELECT m.state, m.reason FROM messages m JOIN templates t
                   ON t.id = m.template_id WHERE t.slug IN ('order-created', 'order-paid')
                   ORDER BY m.id""",
            )
        ]


def order(shop, road):
    shop.simulator.place_order(first_name="Zoé", phone="06 39 98 01 23", country="FR")
    road.walk()


def test_two_automations_that_say_the_same_of_one_order_are_heard_once(
    shop, carrier, road, ground, automate
):
    road.walk()
    automate("order.created", WORDS)
    automate("order.paid", WORDS)
    order(shop, road)
    assert carrier.simulator.inbox(ZOE).count(WORDS) == 1
    assert sorted(told(ground)) == [("delivered", ""), ("skipped", "repeat")]


def test_the_next_order_is_a_new_matter(shop, carrier, road, ground, automate):
    road.walk()
    automate("order.created", WORDS)
    order(shop, road)
    order(shop, road)
    assert carrier.simulator.inbox(ZOE).count(WORDS) == 2


def test_a_test_number_may_hear_the_same_as_often_as_the_merchant_likes(
    shop, carrier, road, ground, workspace, automate, token_of
):
    road.walk()
    with ground.database.begin() as db:
        workspaces.change(db, workspace, testers=[token_of(ZOE)])
    automate("order.created", WORDS)
    automate("order.paid", WORDS)
    order(shop, road)
    assert carrier.simulator.inbox(ZOE).count(WORDS) == 2

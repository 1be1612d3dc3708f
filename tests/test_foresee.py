"""What is foreseen is what would have happened: the real road is walked with the old and with the
new automation, in two workspaces, and the difference is the one that was told beforehand."""

import random
from collections import Counter
from datetime import timedelta

import orjson
import pytest

from hub.automations.foreseeing.foresee import foresee_automation, foresee_template
from hub.automations.foreseeing.foreseen import Limits, needs_tick
from hub.connections import install
from hub.contract.kit.simulator import serve
from hub.local.testing import typed_in
from hub.store import automations, consent, intakes, prices, templates
from hub.store.database import new_id, row, rows, run

CART, BOOKING = "cart-reminder", "booking-reminder"
PHONES = [f"+336399803{n:02}" for n in range(8)]
COUNTED = ("messages", "decisions", "events", "intakes", "costs", "attempts", "links", "postbacks",
           "drafts", "people", "numbers", "consents", "audit")  # fmt: skip


@pytest.fixture
def connected(ground, found, cast, clock, road):
    """`connected(workspace_id)`: the carrier of a workspace, for SMS alone."""
    served = []

    def one(workspace_id):
        made = type(found.simulator(cast["phones"]))(clock=clock)
        served.append(serve(made))
        road.simulators.append(made)
        form = {**made.settings(served[-1].url), "agent": ""}
        typed = {**typed_in(made, ground.connectors[cast["phones"]], ""), "rcs_key": ""}
        install.start(ground, workspace_id, cast["phones"], form, typed)

    yield one
    for each in served:
        each.stop()


@pytest.fixture
def tell(ground):
    """`tell(workspaces, type, key, …)`: an event, as the hub's own API takes it in."""

    def one(shops, kind, key, phone, *, data=None, cart="", subject="", granted=True):
        now = ground.clock()
        said = {"granted": granted, "source": "checkout", "at": now.isoformat()}
        body = {
            "type": kind, "key": key, "subject": subject or key, "cart": cart, "data": data or {},
            "occurred_at": now.isoformat(),
            "person": {"phone": phone, "country": "FR", "first_name": "Zoé", "consent": said},
        }  # fmt: skip
        raws = [
            intakes.Raw(shop, None, "events", "api", f"{kind}:{key}", "POST",
                        {"content-type": "application/json"}, {}, orjson.dumps(body), now)
            for shop in shops
        ]  # fmt: skip
        with ground.database.cursor() as cursor:
            intakes.keep(cursor, ground.vault, raws)

    return one


def cart(number, total):
    return {
        "cart_id": number,
        "cart_total": {"amount": f"{total}.00", "currency": "EUR"},
        "cart_url": f"https://shop.example.com/cart/{number}",
        "items": [], "item_count": 1, "first_item": "Linen shirt",
    }  # fmt: skip


def document_of(ground, workspace, slug=CART):
    with ground.database.begin() as db:
        return dict(automations.get(db, workspace, slug)["document"])


def write(ground, workspace, document, slug=CART):
    with ground.database.begin() as db:
        automations.save(db, workspace, slug, document, "live", ground.clock())


def sent(ground, workspace, slug=CART):
    """What really left or waits to, per person, and why the rest did not."""
    with ground.database.begin() as db:
        found = rows(
            db,
            """SELECT coalesce(n.phone, m.phone) AS phone, m.state, m.reason FROM messages m
               JOIN automations a ON a.id = m.automation_id
               LEFT JOIN numbers n ON n.phone = m.phone AND n.workspace_id = m.workspace_id
               WHERE m.workspace_id = :id AND a.slug = :slug""",
            id=workspace,
            slug=slug,
        )
    going = ("scheduled", "held", "sending", "uncertain", "sent", "delivered", "read")
    return Counter(r["phone"] for r in found if r["state"] in going)


def wander(ground, road, clock, tell, shops, seed, steps=16):
    """Some days of a shop: carts left again and again, orders, STOPs."""
    dice = random.Random(seed)
    for step in range(steps):
        pass_time(
            ground, road, clock, timedelta(minutes=dice.choice((7, 31, 50, 400, 900)), seconds=7)
        )
        phone, number = dice.choice(PHONES), f"c-{dice.randrange(10)}"
        what = dice.random()
        if what < 0.75:
            tell(
                shops,
                "cart.abandoned",
                f"k-{step}",
                phone,
                cart=number,
                subject=f"cart:{number}",
                data=cart(number, dice.choice((10, 30, 60, 90))),
                granted=dice.random() < 0.9,
            )
        elif what < 0.97:
            tell(
                shops,
                "order.created",
                f"o-{step}",
                phone,
                cart=number,
                subject=f"order:{step}",
                data={"order_id": str(step), "order_number": str(step)},
            )
        else:
            stop(ground, shops, phone)
        road.walk()
    pass_time(ground, road, clock, timedelta(hours=3))


def pass_time(ground, road, clock, span):
    """Forward by a while, with a halt whenever a message is due: none leaves late."""
    until = clock() + span
    while True:
        with ground.database.begin() as db:
            due = row(db, "SELECT min(due_at) AS at FROM messages WHERE state IN "
                          "('scheduled', 'held') AND due_at > :now", now=clock())["at"]  # fmt: skip
        clock.now = min(due or until, until)
        road.walk()
        if clock() == until:
            return


def stop(ground, shops, phone):
    with ground.database.begin() as db:
        for shop in shops:
            line = {"id": new_id(), "workspace_id": shop, "phone": ground.vault.token(shop, phone),
                    "verdict": "stopped", "source": "reply", "connection_id": None,
                    "said_at": ground.clock(), "wording": ""}  # fmt: skip
            consent.add_all(db, [line])


def settle(ground, road, clock, tell, shops, seed, steps=10):
    """Some days of a practice: appointments made, moved, cancelled, moved back."""
    dice = random.Random(seed)
    for step in range(steps):
        pass_time(
            ground, road, clock, timedelta(minutes=dice.choice((3, 45, 600, 1500)), seconds=7)
        )
        number = dice.randrange(5)
        what = dice.choice(("created", "changed", "changed", "cancelled"))
        starts = (clock() + timedelta(hours=dice.choice((2, 20, 30, 60)))).isoformat()
        tell(shops, f"booking.{what}", f"b-{step}", PHONES[number], subject=f"booking:{number}",
             data={"booking_id": str(number), "title": "Haircut", "starts_at": starts,
                   "zone": "Europe/Paris"})  # fmt: skip
        road.walk()
    pass_time(ground, road, clock, timedelta(hours=3))


CHANGES = {
    "a condition": {"conditions": [{"field": "cart_total", "is": "at_least", "value": 50}]},
    "longer to wait, once a person": {"delay": {"minutes": 600}, "once_per": "person"},
    "no more endings": {"cancel_on": [], "restart": False, "once_per": "event"},
    "other reminders": {"delay": {"before": "starts_at", "steps": [
        {"minutes": 90}, {"days": 1, "at": "18:00"}, {"minutes": 2880}]}},
}  # fmt: skip


@pytest.mark.parametrize(("seed", "change"), list(enumerate(CHANGES)))
def test_what_is_foreseen_is_what_happens(
    ground, workspace, other_workspace, road, clock, connected, tell, seed, change
):
    shops, slug = (workspace, other_workspace), BOOKING if seed == 3 else CART
    for shop in shops:
        connected(shop)
    old = document_of(ground, workspace, slug)
    new = {**old, **CHANGES[change]}
    write(ground, other_workspace, new, slug)
    days = settle if slug == BOOKING else wander
    days(ground, road, clock, tell, shops, seed)
    before, after = (sum(sent(ground, shop, slug).values()) for shop in shops)
    foreseen = foresee_automation(ground, workspace, slug, new, now=clock(), days=30)
    assert foreseen.whole
    assert (foreseen.before.sends, foreseen.after.sends) == (before, after)
    assert foreseen.more - foreseen.fewer == after - before
    assert foreseen.changes
    assert foresee_automation(ground, workspace, slug, old, now=clock(), days=30).nothing


def few(ground, workspace, clock, tell, road, totals=(10, 30, 60, 90)):
    for n, total in enumerate(totals):
        tell([workspace], "cart.abandoned", f"k-{n}", PHONES[n], cart=f"c-{n}",
             subject=f"cart:{n}", data=cart(f"c-{n}", total))  # fmt: skip
        clock.move(minutes=60)
        road.walk()


def test_nothing_is_written_and_nobody_is_called(ground, workspace, clock, tell, road):
    few(ground, workspace, clock, tell, road)
    asked = {**document_of(ground, workspace), **CHANGES["a condition"]}

    def stands():
        with ground.database.begin() as db:
            return [row(db, f"SELECT count(*) AS n, max(xmin::text::bigint) AS last FROM {t}")  # noqa: S608
                    for t in COUNTED]  # fmt: skip

    before = stands()
    foreseen = foresee_automation(ground, workspace, CART, asked, now=clock())
    assert (foreseen.read, foreseen.fewer, foreseen.more) == (4, 2, 0)
    assert stands() == before


def test_examples_say_who_what_and_why(ground, workspace, clock, tell, road, token_of):
    with ground.database.begin() as db:
        key = templates.get(db, workspace, CART)["id"]
        run(db, "UPDATE template_versions SET rich = '{}' WHERE template_id = :id", id=key)
    few(ground, workspace, clock, tell, road)
    asked = {**document_of(ground, workspace), **CHANGES["a condition"]}
    foreseen = foresee_automation(ground, workspace, CART, asked, now=clock())
    one = foreseen.examples["fewer"][0]
    assert (one.phone, one.after) == (token_of(PHONES[0]), None)
    assert "Maison Lune" in one.before.text
    assert one.before.parts >= 1
    assert "cart_total is at least 50" in one.why
    assert foreseen.reasons == (("conditions", 0, 2),)
    assert foreseen.before.unpriced == 4


def test_a_longer_text_costs_what_its_parts_cost(ground, workspace, clock, tell, road, connected):
    connected(workspace)
    with ground.database.begin() as db:
        [carrier] = rows(db, "SELECT id FROM connections WHERE workspace_id = :w", w=workspace)
        prices.replace(
            db,
            workspace,
            [
                {
                    "connection_id": carrier["id"],
                    "channel": "sms",
                    "country": "FR",
                    "micros": 45_000,
                    "currency": "EUR",
                }
            ],
        )
        known = dict(templates.get(db, workspace, CART))
        words = {n: known[n] for n in ("kind", "title", *templates.USUAL)} | {"rich": {}}
        templates.save(db, workspace, CART, texts={"fr": "{{ brand }} : {{ cart_url|short }}"},
                       **words)  # fmt: skip
    few(ground, workspace, clock, tell, road)
    new = {**words, "texts": {"fr": "{{ brand }} : {{ cart_url|short }} " + "mot " * 50}}
    foreseen = foresee_template(ground, workspace, CART, new, now=clock())
    assert (foreseen.read, foreseen.whole, foreseen.longer, foreseen.reworded) == (4, True, 4, 4)
    assert {c: str(m) for c, m in foreseen.before.costs.items()} == {"EUR": "0.18"}
    assert foreseen.cost_change["EUR"] == foreseen.before.costs["EUR"]
    same = foresee_template(ground, workspace, CART, {**words, "texts": {
        "fr": "{{ brand }} : {{ cart_url|short }}"}}, now=clock())  # fmt: skip
    assert same.nothing
    cut = foresee_template(ground, workspace, CART, new, now=clock(), most=3)
    assert (cut.read, cut.whole) == (3, False)


def test_of_too_many_events_the_newest_are_looked_at(ground, workspace, clock, tell, road):
    few(ground, workspace, clock, tell, road)
    asked = {**document_of(ground, workspace), **CHANGES["a condition"]}
    foreseen = foresee_automation(ground, workspace, CART, asked, now=clock(), most=2)
    assert (foreseen.read, foreseen.whole, foreseen.changes) == (2, False, 0)
    assert foreseen.since > clock() - timedelta(hours=4)


def test_a_new_or_paused_automation_is_beside_nothing(ground, workspace, clock, tell, road):
    few(ground, workspace, clock, tell, road)
    document = document_of(ground, workspace)
    new = foresee_automation(ground, workspace, "brand-new", document, now=clock())
    assert (new.before.sends, new.after.sends, new.more) == (0, 4, 4)
    with ground.database.begin() as db:
        automations.set_state(db, workspace, CART, "paused", clock())
    paused = foresee_automation(ground, workspace, CART, document, now=clock())
    assert (paused.before.sends, paused.after.sends) == (0, 4)
    assert needs_tick(paused, Limits())
    assert not needs_tick(paused, Limits(share=400))
    assert needs_tick(paused, Limits(share=400, sends=3))

"""The funnel: each condition in turn, over events that there really were."""

from datetime import timedelta

import pytest

from hub.automations.document import DocumentError
from hub.automations.foreseeing.funnel import funnel
from hub.store import consent, events, people
from hub.store.database import new_id, run

DOCUMENT = {
    "name": "Cart",
    "trigger": {"event": "cart.abandoned"},
    "send": {"template": "cart-reminder", "kind": "marketing"},
    "once_per": "cart",
    "conditions": [
        {"field": "cart_total", "is": "at_least", "value": 20},
        {"field": "cart_total", "is": "below", "value": 80},
    ],
}


@pytest.fixture
def carts(ground, workspace, clock):
    """`carts(totals, …)`: carts that were left, an hour apart, the last one just now."""

    def leave(totals, phone="nobody", named="", kind="cart.abandoned"):
        now, intake = clock(), new_id()
        with ground.database.begin() as db:
            run(db, """INSERT INTO intakes (id, workspace_id, road, source, dedupe_key, sealed,
                       size, received_at, state, tries, due_at) VALUES (:id, :w, 'events', 'api',
                       :key, 'x', 1, :now, 'opened', 1, :now)""",
                id=intake, w=workspace, key=intake.bytes, now=now)  # fmt: skip
            made = [
                {"id": new_id(), "workspace_id": workspace, "connection_id": None,
                 "intake_id": intake, "type": kind, "key": str(new_id()), "subject": f"c:{n}",
                 "cart": named or f"{phone}-{n}", "occurred_at": now - timedelta(hours=n),
                 "received_at": now - timedelta(hours=n), "phone": phone,
                 "data": {"cart_total": {"amount": f"{total}.00", "currency": "EUR"}},
                 "person": {"kind": "mobile", "country": "FR"}}
                for n, total in enumerate(reversed(totals))
            ]  # fmt: skip
            events.add_all(db, made)
            if phone != "nobody":
                agree(db, workspace, phone, now)

    return leave


def agree(db, workspace, phone, now):
    own = {"workspace_id": workspace, "phone": phone}
    person = {"country": "FR", "first_name": "", "last_name": "", "email": "", "language": "fr",
              "zone": ""}  # fmt: skip
    people.keep_all(db, [{"id": new_id(), **own, **person}])
    said = {"verdict": "granted", "source": "checkout", "connection_id": None, "said_at": now}
    consent.add_all(db, [{"id": new_id(), **own, **said, "wording": ""}])


def drawn(found):
    return [(one.name, one.place, one.passed, one.dropped) for one in found.stations]


def test_each_condition_drops_some(ground, workspace, clock, carts):
    carts((10, 30, 50, 90), phone="anna")
    carts((40,))
    found = funnel(ground, workspace, DOCUMENT, now=clock())
    assert drawn(found) == [
        ("event", None, 5, 0),
        ("condition", 0, 4, 1),
        ("condition", 1, 3, 1),
        ("consent", None, 2, 1),
    ]
    assert (found.read, found.whole, found.passed) == (5, True, 2)
    assert found.stations[0].sentence == "A cart was left without an order."
    assert found.stations[1].sentence == "cart_total is at least 20."


def test_the_same_cart_counts_once(ground, workspace, clock, carts):
    carts((30, 40, 50), phone="anna", named="one")
    found = funnel(ground, workspace, DOCUMENT, now=clock())
    assert drawn(found)[-1] == ("already", None, 1, 2)


def test_of_too_many_only_the_newest_are_looked_at_and_other_kinds_never(
    ground, workspace, other_workspace, clock, carts
):
    carts((10, 10, 30, 40), phone="anna")
    carts((30,) * 3, kind="cart.recovered")
    found = funnel(ground, workspace, DOCUMENT, now=clock(), most=2)
    assert (found.read, found.whole, found.passed) == (2, False, 2)
    assert found.since == clock() - timedelta(hours=1)
    none = funnel(ground, other_workspace, DOCUMENT, now=clock())
    assert (none.read, none.whole, none.passed) == (0, True, 0)
    clock.move(days=31)
    assert funnel(ground, workspace, DOCUMENT, now=clock()).read == 0


def test_what_cannot_be_read_is_said(ground, workspace, clock):
    with pytest.raises(DocumentError, match="trigger"):
        funnel(ground, workspace, {**DOCUMENT, "trigger": {"event": "x"}}, now=clock())

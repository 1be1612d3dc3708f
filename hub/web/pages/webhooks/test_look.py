from datetime import timedelta

import pytest

from hub.report import listeners, telling
from hub.store import endpoints, keys, tellings
from hub.store.database import run

PATH = "/settings/webhooks"
TYPES = ("message.delivered", "message.failed", "message.replied", "person.opted_out")


@pytest.fixture
def filled(ground, workspace, receiver, clock):
    """Endpoints of every state, deliveries of every state, keys; ids of one of each."""
    receiver.status, receiver.said = "200 OK", '{"taken": true}'
    with ground.database.begin(workspace) as db:
        made = [
            listeners.add(ground, db, workspace, listeners.wanted(url, TYPES, label, whole))[0]
            for url, label, whole in (
                (receiver.url, "Till", False),
                ("https://example.com/hooks/relais", "", True),
                ("https://shop.example.com/a/rather/long/address/of/a/program", "Stock", False),
            )
        ]
        keys.make(db, workspace, "Till in the shop", ["read", "events"])
        key = keys.listed(db, workspace)[0]["id"]
        endpoints.switch_off(db, made[1], "It answered 410: it wants to be told no more.", clock())
        endpoints.failed(db, made[2], "The endpoint did not answer in time.", clock(), None)
        told = [tellings.add_test(db, endpoints.by_id(db, made[0]), clock()) for _ in range(12)]
    telling.tell_endpoints(ground)
    with ground.database.begin(workspace) as db:
        run(
            db,
            """UPDATE tellings SET state = 'dead', code = 500, calls = 10, type = 'message.replied',
                   words = 'It answered 500; only 200 to 299 means that it was taken.'
               WHERE id = ANY(:ids)""",
            ids=told[4:6],
        )
        run(
            db,
            """UPDATE tellings SET state = 'new', code = 0, due_at = :due, answer = '',
                   words = 'The endpoint could not be reached.', type = 'message.delivered'
               WHERE id = ANY(:ids)""",
            ids=told[7:8],
            due=clock() + timedelta(minutes=5),
        )
    return {"webhook": made[0], "dead": told[5], "key": key}


def pages(ids):
    """Those of webhooks, keys and changes that have most on them."""
    return (
        PATH, f"{PATH}/{ids['webhook']}", f"{PATH}/{ids['webhook']}/edit",
        f"{PATH}/deliveries/{ids['dead']}", f"/settings/keys/{ids['key']}/end", "/settings/audit",
    )  # fmt: skip


def test_they_are_for_everybody_and_a_delivery_shows_its_answer_by_itself(
    window, enter, look, served, filled, ground
):
    page = enter(window(width=360, dark=True))
    for path in pages(filled):
        page.goto(f"{served}{path}")
        look(page)
    page.goto(f"{served}{PATH}/{filled['webhook']}")
    page.get_by_role("button", name="Send a test").click()
    page.get_by_text("Waiting", exact=True).wait_for()
    telling.tell_endpoints(ground)
    page.get_by_text("Taken", exact=True).wait_for()
    assert page.locator("#stand").count() == 1
    page.get_by_role("button", name="Send again").click()
    page.get_by_text("It goes again").wait_for()

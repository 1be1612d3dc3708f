"""A town of one sandbox: vendors that are played, a clock that is moved, and nobody else's rows."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hub.automations.seed import plant
from hub.connections import install
from hub.connections.forms import BadForm
from hub.contract import Unavailable
from hub.contract.outbound import judged, only_to
from hub.local.cast import CAST
from hub.local.demo.people import resident
from hub.local.sandbox import doing, linking, telling
from hub.local.sandbox.towns import NoSandbox, Towns
from hub.store import backlog, sandboxes
from hub.work.liveness import Proof

LEA, MARC = resident("lea"), resident("marc")


@pytest.fixture
def settings(settings, doorstep):
    where = urlsplit(doorstep.url)
    return replace(settings, host=where.hostname, port=where.port, allow_private="")


@pytest.fixture
def sandbox(ground, workspace):
    with ground.database.begin() as db:
        made = sandboxes.make(db, workspace)
        plant(db, made, Path(ground.settings.templates), ground.clock())
    return made


@pytest.fixture
def towns(ground, found, flask_app):
    proof = Proof(ground.settings.database_url)
    made = Towns(replace(ground, clock=ground.clock), found, proof)
    yield made
    made.close_all()
    proof.close()


@pytest.fixture
def town(towns, sandbox, clock, monkeypatch):
    monkeypatch.setattr("hub.local.sandbox.towns.start", lambda town: None)
    monkeypatch.setattr("hub.contract.outbound._inward", [])  # as in a hub on the internet
    return towns.town(sandbox)


def settle(town):
    still = 0
    while still < 2:
        for one in town.stands.values():
            assert one.played.flush()
        still = still + 1 if not town.walk() else 0


def texts(town, person):
    return ["".join(b["parts"]) for b in telling.state_of(town, person, "shop")["bubbles"]]


def test_an_order_is_confirmed_on_the_phone_and_told_to_the_shop(town):
    assert doing.press(town, "order", MARC) == "done"
    settle(town)
    assert len(texts(town, MARC)) == 1
    assert telling.state_of(town, MARC, "shop")["record"]["blocks"][1]["lines"]


def test_a_cart_is_reminded_of_once_45_minutes_have_passed_there(town):
    doing.press(town, "abandon", MARC)
    settle(town)
    assert texts(town, MARC) == []
    town.let_pass(timedelta(minutes=45))
    settle(town)
    assert len(texts(town, MARC)) == 1


def test_what_comes_by_the_moved_clock_waits_for_the_sending_hours_there(town, ground, sandbox):
    with ground.database.begin() as db:
        sandboxes.keep_hours(db, sandbox, {"preset": "FR"})
    town.let_pass(timedelta(hours=12, minutes=30))  # it is half past midnight in Paris
    doing.press(town, "abandon", MARC)
    settle(town)
    town.let_pass(timedelta(minutes=45))
    settle(town)
    assert texts(town, MARC) == []
    town.let_pass(timedelta(hours=8))
    settle(town)
    assert len(texts(town, MARC)) == 1


def test_a_long_while_passes_from_one_due_thing_to_the_next(town):
    linking.link(town, CAST["calendar"])
    doing.press(town, "cal_book", MARC)
    settle(town)
    town.let_pass(timedelta(days=3))  # with a reminder a day before, and one three hours before
    settle(town)
    assert len(texts(town, MARC)) == 3


def test_nothing_of_a_moved_clock_is_due_for_the_hubs_own_workers(town, ground):
    town.let_pass(timedelta(hours=3))
    doing.press(town, "order", MARC)
    for one in town.stands.values():
        assert one.played.flush()
    with ground.database.begin() as db:
        due = backlog.due(db, ground.clock())
    assert set(due) <= {"reconcile"}


def test_every_other_system_is_connected_at_once_and_does_something(town):
    acts = {"crm": "crm_win", "sales": "sales_win", "calendar": "cal_book", "sheet": "sheet_add"}
    for number, (part, act) in enumerate(acts.items(), 1):
        assert doing.press(town, act, MARC) == "not_open"
        linking.link(town, CAST[part])
        assert doing.press(town, act, MARC) == "done"
        settle(town)
        assert len(texts(town, MARC)) == number


def test_a_vendor_that_has_forgotten_is_connected_anew(towns, town, sandbox):
    doing.press(town, "order", MARC)
    settle(town)
    towns.close(sandbox)
    again = towns.town(sandbox)
    assert again.is_anew
    doing.press(again, "order", LEA)
    settle(again)
    assert len(texts(again, LEA)) == 1


def test_a_stop_is_heard_and_a_tap_where_nothing_is_says_so(town):
    assert doing.press(town, "say:STOP", LEA) == "no_message"
    doing.press(town, "order", LEA)
    settle(town)
    assert doing.press(town, "say:STOP", LEA) == "done"
    settle(town)
    bubbles = telling.state_of(town, LEA, "shop")["bubbles"]
    assert [b["mine"] for b in bubbles] == [False, True, False]


def test_each_fault_can_be_pressed_and_taken_back(town):
    linking.link(town, CAST["crm"])
    for name in doing.LUCK:
        assert doing.press(town, name, MARC) == "done"
    assert telling.state_of(town, MARC, "shop")["luck"] == []
    doing.press(town, "order", MARC)
    settle(town)
    assert len(texts(town, MARC)) == 1


def test_a_carrier_that_is_down_for_a_minute_takes_the_message_afterwards(town):
    doing.press(town, "down", MARC)
    doing.press(town, "order", MARC)
    settle(town)
    assert texts(town, MARC) == []
    town.let_pass(timedelta(minutes=5))
    settle(town)
    town.let_pass(timedelta(minutes=5))
    settle(town)
    assert len(texts(town, MARC)) == 1


def test_a_real_workspace_has_no_town(towns, workspace):
    with pytest.raises(NoSandbox):
        towns.town(workspace)


def test_a_simulator_is_never_connected_to_a_real_workspace(ground, workspace, sandbox):
    with pytest.raises(BadForm):
        install.start(ground, workspace, CAST["shop"], {}, {}, simulator=4321)
    with pytest.raises(BadForm):
        install.start(ground, sandbox, CAST["shop"], {}, {})


def test_calls_to_a_simulator_lead_to_its_port_and_nowhere_else():
    with only_to(4321):
        assert judged("127.0.0.1", 4321, plain=True) == ["127.0.0.1"]
        for elsewhere in (("127.0.0.1", 5432), ("example.com", 443)):
            with pytest.raises(Unavailable):
                judged(*elsewhere)

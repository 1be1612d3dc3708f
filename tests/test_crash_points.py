"""Each crash point: a real process is killed there, the road goes on without it, and the vendors'
own counts say that nothing was lost and nothing done twice."""

import base64
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import psycopg
import pytest

from hub.crash import POINTS
from hub.local.cast import CAST
from hub.local.stage import errands
from hub.send.doubt import mark_abandoned
from hub.store import automations, connections, consent, schema
from hub.store.database import connect, row
from hub.work.liveness import LOCK_CLASS

ROOT = Path(__file__).resolve().parent.parent
ZOE = "+33639980123"


@pytest.fixture(scope="module")
def zygote():
    """A process that has imported the hub, and forks one for each errand."""
    with errands(Path(__file__).parent / "dying.py") as go:
        yield go


@pytest.fixture
def die(zygote, settings, clock):
    """`die(point, what, …)`: what is said by the process that goes on this errand."""

    def go(point, what="walk", database="", **more):
        armed = {**settings.environment(), "HUB_CRASH_AT": point}
        armed |= {"HUB_DATABASE_URL": database} if database else {}
        errand = {"what": what, "environment": armed, "now": clock().isoformat(), **more}
        return zygote(errand)

    return go


@pytest.fixture
def town(shop, carrier, road, doorstep, flask_app, die):
    """A shop and a carrier; `frail(point)`: whoever is asked next at the hub's door dies there."""
    road.walk()

    class Town:
        orders = 0

        def order(self):
            """A customer's order; whose number it has."""
            self.orders += 1
            phone = f"06 39 98 02 {self.orders:02d}"
            number = shop.simulator.place_order(
                first_name="Zoé", phone=phone, country="FR", consent=True
            )
            return number, "+33" + phone.replace(" ", "")[1:]

        def frail(self, point):
            met = []

            def app(environ, start_response):
                doorstep.app = flask_app
                met.append(die(point, "answer", **_request(environ)))
                start_response("502 Bad Gateway", [("Content-Length", "0")])
                return [b""]

            doorstep.app = app
            return met

    return Town()


def _request(environ):
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    heads = {k[5:].replace("_", "-"): v for k, v in environ.items() if k.startswith("HTTP_")}
    query = environ.get("QUERY_STRING", "")
    return {
        "method": environ["REQUEST_METHOD"],
        "path": environ["PATH_INFO"] + (f"?{query}" if query else ""),
        "headers": {**heads, "Content-Type": environ.get("CONTENT_TYPE", "")},
        "body": base64.b64encode(body).decode(),
    }


def settle(road, clock, ground):
    """Time goes by, until every message is at its end."""
    for _ in range(12):
        clock.move(minutes=3)
        mark_abandoned(ground, LOCK_CLASS)
        road.walk()
        with ground.database.begin() as db:
            open_ones = row(
                db,
                """SELECT (SELECT count(*) FROM messages WHERE state IN
                       ('scheduled', 'held', 'sending', 'uncertain', 'sent'))
                   + (SELECT count(*) FROM intakes WHERE state = 'new')
                   + (SELECT count(*) FROM write_backs WHERE state = 'new') AS n""",
            )
        if not open_ones["n"]:
            return
    raise AssertionError("Something never came to an end.")


def told_once(shop, carrier, order, phone):
    """What the phone shows and the order's notes say, by the vendors' own counts."""
    notes = Counter(note.split(" [relais")[0] for note in shop.simulator.notes(order))
    return {
        "messages": len(carrier.simulator.inbox(phone)),
        "sent": notes["SMS sent."],
        "delivered": notes["SMS delivered."],
        "all once": set(notes.values()) == {1},
    }


ONCE = {"messages": 1, "sent": 1, "delivered": 1, "all once": True}
AT_THE_DOOR = ("C1", "C2", "C3", "C4", "C5", "C6", "C23")
ON_THE_WAY = ("C7", "C8a", "C9a", "C8", "C9", "C10", "C12")
AT_THE_CARRIER = ("C13", "C14", "C15", "C16", "C17", "C18", "C19", "C20", "C25")


@pytest.mark.parametrize("group", [AT_THE_DOOR, ON_THE_WAY, AT_THE_CARRIER], ids="-".join)
def test_an_order_is_told_of_once_wherever_the_hub_dies(
    group, town, shop, carrier, road, ground, clock, die
):
    done = {}
    for point in group:
        met = town.frail(point) if group is AT_THE_DOOR else []
        done[point] = town.order()
        shop.simulator.flush()
        met = met or [die(point)]
        assert met[0]["died"], point
        settle(road, clock, ground)
    counted = {point: told_once(shop, carrier, *one) for point, one in done.items()}
    assert counted == dict.fromkeys(group, ONCE)


def _planned(town, shop, road):
    """An order whose message waits to be sent."""
    one = town.order()
    shop.simulator.flush()
    road.pipeline.open()
    road.pipeline.decide()
    return one


def test_a_receipt_is_heard_wherever_the_hub_dies(town, shop, carrier, road, ground, clock, die):
    kept = _planned(town, shop, road)
    met = town.frail("C22")
    road.walk()
    read = _planned(town, shop, road)
    road.pipeline.send_transactional()
    carrier.simulator.flush()
    met.append(die("C21"))
    assert [one["died"] for one in met] == [True, True]
    settle(road, clock, ground)
    assert [told_once(shop, carrier, *one) for one in (kept, read)] == [ONCE, ONCE]


def test_a_stop_is_obeyed_and_confirmed_once(
    town, shop, carrier, road, ground, workspace, clock, die, token_of
):
    order, phone = town.order()
    settle(road, clock, ground)
    carrier.simulator.answer(phone, "STOP")
    carrier.simulator.flush()
    assert die("C24")["died"]
    with ground.database.begin() as db:
        assert consent.history(db, workspace, token_of(phone))[-1]["verdict"] != "stopped"
    settle(road, clock, ground)
    with ground.database.begin() as db:
        words = [word["verdict"] for word in consent.history(db, workspace, token_of(phone))]
    assert words.count("stopped") == 1
    assert len(carrier.simulator.inbox(phone)) == 2
    assert set(Counter(shop.simulator.notes(order)).values()) == {1}


def test_the_sweep_that_dies_leaves_the_dead_to_the_next(
    town, shop, carrier, road, ground, clock, die
):
    one = town.order()
    shop.simulator.flush()
    assert die("C13")["died"]
    clock.move(seconds=61)
    assert die("C27")["died"]
    settle(road, clock, ground)
    assert told_once(shop, carrier, *one) == ONCE


def test_a_page_whose_cursor_is_not_kept_is_read_again(
    town, shop, carrier, road, ground, clock, die
):
    shop.simulator.lose_next(10)
    one = town.order()
    shop.simulator.flush()
    clock.move(minutes=3)
    assert die("C29")["died"]
    settle(road, clock, ground)
    assert told_once(shop, carrier, *one) == ONCE


def test_a_token_that_was_renewed_and_not_kept_stops_nothing(installed, ground, road, clock, die):
    account = installed(CAST["sheet"])
    road.walk()
    clock.move(hours=2)
    assert die("C26")["died"]
    clock.move(minutes=1)
    road.walk()
    with ground.database.begin() as db:
        assert connections.by_ids(db, [account.connection_id])[account.connection_id]["state"] == (
            "active"
        )


def test_an_automation_half_saved_stays_as_it_was(workspace, ground, die):
    with ground.database.begin() as db:
        before = automations.by_workspaces(db, [workspace])[0]
    given = {"workspace": str(workspace), "slug": before["slug"], "document": {"name": "half"}}
    assert die("C11", "save", **given)["died"]
    with ground.database.begin() as db:
        assert automations.by_workspaces(db, [workspace])[0] == before


def test_a_step_of_the_schema_is_taken_whole_or_not_at_all(engines, die):
    empty = f"relais_half_{os.getpid()}"
    url = f"{engines.database_url.rsplit('/', 1)[0]}/{empty}"
    with psycopg.connect(engines.database_url, autocommit=True) as db:
        db.execute(f"CREATE DATABASE {empty}".encode())
    assert die("C30:2", "migrate", database=url)["died"]
    database = connect(url, pool=1)
    assert schema.migrate(database) == ("0001", schema.newest())
    database.engine.dispose()


SCRIPT = "from hub import crash; [crash.at('C13') for _ in range(3)]; print(crash.at.__name__)"


def _end(**environment):
    """How a process ends that passes one point three times."""
    given = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    return subprocess.run([sys.executable, "-c", SCRIPT], env=given, capture_output=True, text=True)


def test_a_point_is_free_where_nobody_asks_and_kills_at_the_passage_that_is_asked_for(tmp_path):
    assert _end().stdout == "_pass\n"
    assert _end(HUB_CRASH_AT="C13:3").returncode == -9
    assert _end(HUB_CRASH_AT="C13:4").stdout == _end(HUB_CRASH_AT="C1").stdout == "_die\n"


def test_asked_for_once_it_kills_once(tmp_path):
    once = {"HUB_CRASH_AT": "C13", "HUB_CRASH_ONCE": str(tmp_path / "crashed")}
    assert _end(**once).returncode == -9
    assert _end(**once).stdout == "_pass\n"


def test_each_point_is_one_place_in_the_code():
    code = [p for p in (ROOT / "hub").rglob("*.py") if not p.name.startswith("test_")]
    chaos = ROOT / "hub" / "local" / "chaos"  # its mutants take the place of parts of the road
    road = [p for p in code if p.name != "crash.py" and chaos not in p.parents]
    texts = [p.read_text("utf-8") for p in road]
    named = [n for t in texts if "crash.at(" in t for n in re.findall(r'"(C[0-9]+[a-z]?)"', t)]
    assert Counter(named) == Counter(list(POINTS))


def test_the_page_on_reliability_says_what_happens_at_each():
    page = (ROOT / "hub" / "RELIABILITY.md").read_text("utf-8")
    assert dict(re.findall(r"^\| (C[0-9]+[a-z]?) \| (.+) \|$", page, re.MULTILINE)) == POINTS

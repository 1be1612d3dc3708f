"""A stolen disk tells nobody's number: the road is walked with a canary, then everything that the
database has ever written is searched for it, and so is the log."""

import io
import logging

import pytest

from hub import config
from hub.store import connections, keys
from hub.store.database import rows

CANARY = "+33639987531"
SPELLED = tuple(
    text.encode()
    for text in ("639987531", "39 98 75 31", "39987531", "39.98.75.31", "39-98-75-31", "9987531")
)
CARRIERS = ("smsmode", "twilio", "googlercs", "kannel", "smpp")
TEXT = "Bonjour {{ first_name }}, votre commande est prete."
RICH = {"text": "Bonjour {{ first_name }}, votre commande est prete."}


@pytest.fixture
def log():
    """Every line of the run, at the most talkative, as the hub writes it."""
    lines, top = io.StringIO(), logging.getLogger()
    wire, level = logging.StreamHandler(lines), top.level
    wire.setFormatter(config._Lines())
    top.addHandler(wire)
    top.setLevel(logging.DEBUG)
    yield lines
    top.removeHandler(wire)
    top.setLevel(level)


@pytest.fixture
def ask(flask_app, ground, workspace):
    """A program that may do everything."""
    with ground.database.begin() as db:
        key = keys.make(db, workspace, "test", keys.SCOPES)
    head = {"Authorization": f"Bearer {key}", "Idempotency-Key": "once"}

    def call(method, at, body=None):
        given = {"method": method, "json": body, "headers": head}
        return flask_app.test_client().open(f"/api/v1{at}", **given)

    return call


def told_anywhere(ground):
    """(table, row) of each row that spells the canary, as text: nothing is compressed there."""
    with ground.database.begin() as db:
        tables = [
            r["relname"]
            for r in rows(
                db,
                """SELECT relname FROM pg_class WHERE relkind IN ('r', 'p')
                   AND relnamespace = 'public'::regnamespace""",
            )
        ]
        return [
            (table, r["line"])
            for table in tables
            for r in rows(db, f"SELECT t::text AS line FROM {table} t")  # noqa: S608
            if any(spelled in r["line"].encode() for spelled in SPELLED)
        ]


def on_disk(folder, needles):
    """Which of these any file of the engines holds: tables, indexes, the server's log, and the WAL,
    where everything that was committed stands from the first moment on."""
    found = set()
    for path in (path for path in folder.rglob("*") if path.is_file()):
        data = path.read_bytes()
        found |= {needle for needle in needles if needle in data}
    return found


def test_after_a_whole_road_the_number_and_the_secrets_are_nowhere_on_the_disk(
    shop, carrier, road, ground, log, ask, token_of, engines_folder
):
    order = shop.simulator.place_order(first_name="Zoé", phone="06 39 98 75 31", country="FR")
    road.walk()
    carrier.simulator.answer(CANARY, "Merci !")
    road.walk()
    carrier.simulator.answer(CANARY, "STOP")
    road.walk()
    assert len(carrier.simulator.inbox(CANARY)) == 2
    assert any("replied" in str(note) for note in shop.simulator.notes(order))
    wanted = {"template": "order-confirmed", "to": {"phone": "+33 6 39 98 75 31"}}
    assert ask("POST", "/messages", wanted).status_code == 202
    assert ask("PUT", "/rules", {"testers": [CANARY]}).json["testers"] == [CANARY]
    road.walk()
    assert told_anywhere(ground) == []
    secrets = [one.encode() for one in shop.simulator.secrets().values()]
    assert all(len(one) > 8 for one in secrets)
    token = token_of(CANARY).encode()
    assert on_disk(engines_folder, [token, *SPELLED, *secrets]) == {token}
    assert not [line for line in log.getvalue().splitlines() if "9987531" in line]


@pytest.mark.parametrize("slug", CARRIERS)
def test_no_carrier_s_words_put_the_number_into_a_row(
    slug, installed, road, ground, clock, write_to, log
):
    one = installed(slug)
    if hasattr(one.simulator, "webhook"):  # typed in at the vendor, once for all messages
        with ground.database.begin() as db:
            row = connections.by_ids(db, [one.connection_id])[one.connection_id]
        one.simulator.webhook = ground.hook_url(row)
    road.walk()
    rich = RICH if slug in ("smsmode", "twilio", "googlercs") else None
    write_to([CANARY], TEXT, rich)
    road.walk()
    one.simulator.answer(CANARY, "Bonjour")
    road.walk()
    clock.move(hours=5)
    road.walk()
    with ground.database.begin() as db:
        assert rows(db, "SELECT 1 FROM replies")
        assert rows(db, "SELECT 1 FROM receipts")
    assert told_anywhere(ground) == []
    assert "9987531" not in log.getvalue()

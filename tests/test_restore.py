"""A backup is taken, the hub works on, the backup comes back: nothing goes twice, and what never
went goes once it is let go."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from click.testing import CliRunner

from hub.cli import main
from hub.config import Settings
from hub.contract import Listed
from hub.local.keeping import back_up, restore
from hub.local.stage import HandClock
from hub.send.restored import ask_about_held
from hub.store import restored
from hub.store.database import rows, run

CAME_AGAIN = "+33639980104"
SENT, NEVER_SENT, PLANNED = "+33639980101", "+33639980102", "+33639980103"


@pytest.fixture
def clock():
    """It moves by hand, from now: PostgreSQL has a clock of its own."""
    return HandClock(now=datetime.now(UTC).replace(microsecond=0))  # as shops tell it


@pytest.fixture
def settings(settings: Settings):
    """A database beside the others of this process, that may be renamed."""
    name = f"{settings.database_url.rpartition('/')[2]}_restored"
    with psycopg.connect(settings.database_url, autocommit=True) as db:
        _drop(db, name)
        db.execute(f"CREATE DATABASE {name} TEMPLATE relais_migrated".encode())
    yield replace(settings, database_url=f"{settings.database_url}_restored")
    with psycopg.connect(settings.database_url, autocommit=True) as db:
        like = f"{name[:40]}%\\_before\\_%"
        found = db.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", (like,))
        for gone in (name, *(row[0] for row in found.fetchall())):
            _drop(db, gone)


def _drop(db: psycopg.Connection, name: str) -> None:
    """`WITH (FORCE)` fails while autovacuum, which is not ours to end, looks at the database; a
    plain drop asks it to go away."""
    db.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = %s AND usename = current_user",
        (name,),
    )
    db.execute(f"DROP DATABASE IF EXISTS {name}".encode())


@pytest.fixture
def lost(ground, road, clock, carrier, shop, write_to, tmp_path):
    """A hub that was restored: one message had gone since the backup, one was due and had not, one
    is planned for tomorrow; an order that came since was answered by a message."""
    road.walk()
    ids = write_to([SENT, NEVER_SENT, PLANNED], "Bonjour")
    _due(ground, ids[1], clock() + timedelta(minutes=10))
    _due(ground, ids[2], clock() + timedelta(hours=20))
    made = back_up(ground.settings, tmp_path / "backups", clock())

    shop.simulator.place_order(first_name="Zoë", phone="06 39 98 01 04", country="FR")
    road.walk()
    assert len(carrier.simulator.all_carried()) == 2
    clock.move(hours=1)
    road.pipeline.proof.close()
    ground.database.engine.dispose()
    done = restore(ground.settings, made, print, clock())
    assert (done.held.before, done.held.later) == (3, 1)
    road.walk()
    return ids


def _due(ground, message_id, at):
    with ground.database.begin() as db:
        run(db, "UPDATE messages SET due_at = :at WHERE id = :id", at=at, id=message_id)


def states(ground):
    with ground.database.begin() as db:
        found = rows(db, "SELECT id, state, reason FROM messages")
    return {str(one["id"]): (one["state"], one["reason"]) for one in found}


def test_after_a_restore_nothing_goes_by_itself_however_long_it_is_left(
    lost, road, ground, carrier, clock
):
    for _ in range(3):
        clock.move(days=3)
        road.walk()
    assert sorted(carrier.simulator.all_carried().values()) == [1, 1]
    assert set(states(ground).values()) == {("held", "restored")}


def test_what_comes_again_from_the_shop_is_held_too(lost, road, ground, carrier, clock, shop):
    clock.move(hours=1)
    road.walk()
    with ground.database.begin() as db:
        assert restored.standing(db).again == 1
    shop.simulator.place_order(first_name="Ana", phone="06 39 98 01 05", country="FR")
    road.walk()
    assert len(carrier.simulator.all_carried()) == 3


def test_the_carrier_tells_what_went_and_the_rest_goes_once(lost, road, ground, carrier, clock):
    assert ask_about_held(ground).young
    clock.move(minutes=30)
    said = ask_about_held(ground)
    assert (said.went, said.unsent) == (1, 2)
    road.walk()
    assert len(carrier.simulator.inbox(SENT)) == len(carrier.simulator.inbox(NEVER_SENT)) == 1
    assert not carrier.simulator.inbox(PLANNED)
    found = states(ground)
    assert found[lost[0]][0] in ("sent", "delivered")
    clock.move(hours=20)
    road.walk()
    assert sorted(carrier.simulator.all_carried().values()) == [1, 1, 1, 1]


def test_a_person_lets_go_what_was_planned_for_later_and_one_by_its_id(
    lost, road, ground, carrier, clock
):
    environment = ground.settings.environment()
    shown = CliRunner().invoke(main, ["release"], env=environment).output
    assert "Held: 4." in shown or "Held: 3." in shown
    done = CliRunner().invoke(main, ["release", "--later", lost[1]], env=environment)
    assert done.exit_code == 0, done.output
    road.walk()
    clock.move(hours=20)
    road.walk()
    assert len(carrier.simulator.inbox(PLANNED)) == len(carrier.simulator.inbox(NEVER_SENT)) == 1
    assert states(ground)[lost[0]] == ("held", "restored")


def test_a_carrier_that_lists_what_it_took_can_prove_what_came_again(
    lost, road, ground, carrier, clock
):
    clock.move(minutes=30)
    taken = [Listed("x", clock(), "Bonjour")]

    def listing(ctx, phone, since, until):
        return taken if since < until <= clock() and phone.e164 == CAME_AGAIN else []

    shown = ground.connectors[carrier.slug]
    able = replace(shown, carrier=replace(shown.carrier, listed=listing))
    asking = replace(ground, connectors={**ground.connectors, carrier.slug: able})
    assert ask_about_held(asking).open == 1
    taken.clear()
    with ground.database.begin() as db:  # a number that cannot be asked about proves nothing
        run(db, "UPDATE numbers SET phone = 'away ' || phone")
    assert ask_about_held(asking).open == 1
    with ground.database.begin() as db:
        run(db, "UPDATE numbers SET phone = substr(phone, 6)")
    assert ask_about_held(asking).unsent == 1

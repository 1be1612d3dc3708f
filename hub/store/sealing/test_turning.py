"""Keys turn while the hub works, whoever is stopped in the middle; nothing sealed is ever lost."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from hub.contract import Phone
from hub.store import intakes, numbers
from hub.store.database import row, rows, run
from hub.store.sealing import CannotUnseal, Vault
from hub.store.sealing.turning import COLUMNS, left, turn, used

FIRST, SECOND = Phone.of("+33639980123"), Phone.of("+33639980145")


def unseen(step):
    """Nobody watches."""


@pytest.fixture
def keep(ground, workspace, clock):
    """`keep(*keys)`: takes in a request for each; `keep.bodies()` reads all of them."""

    def take(*keys):
        with ground.database.cursor() as cursor:
            for key in keys:
                raw = intakes.Raw(
                    workspace, None, "events", "api", key, "POST", {"x": "y"}, {}, key.encode(),
                    clock(),
                )  # fmt: skip
                assert intakes.keep(cursor, ground.vault, [raw])

    def bodies(vault=None):
        with ground.database.begin() as db:
            found = rows(db, "SELECT * FROM intakes ORDER BY id")
        return [intakes.request_of(vault or ground.vault, one).body.decode() for one in found]

    take.bodies = bodies
    return take


def states(ground):
    with ground.database.begin() as db:
        found = rows(db, "SELECT id, state FROM sealing_keys WHERE id > 0 ORDER BY id")
    return {one["id"]: one["state"] for one in found}


def test_everything_is_sealed_again_and_opens(ground, workspace, keep):
    keep("a", "b")
    with ground.database.begin() as db:
        number = numbers.keep(db, ground.vault, workspace, FIRST)
    assert turn(ground.database, ground.vault, unseen, wait=0) == 2
    assert states(ground) == {1: "retired", 2: "current"}
    fresh = Vault.on(ground.database, ground.vault.key)
    assert keep.bodies(fresh) == ["a", "b"]
    with ground.database.begin() as db:
        assert numbers.phones(db, fresh, [(workspace, number.token)])
        assert [left(db, column, 2) for column in COLUMNS] == [0] * len(COLUMNS)
        assert sum(used(db, column).get(1, 0) for column in COLUMNS) == 0


def test_every_sealed_column_is_turned(ground):
    """A column of bytes that is not a digest is a sealed one, and must stand in the list."""
    plain = {"dedupe_key", "secret_hash", "fingerprint", "text_hash", "token_hash", "file_hash",
             "hash", "before", "wrapped", "who_hash"}  # fmt: skip
    with ground.database.begin() as db:
        found = rows(
            db,
            """SELECT table_name, column_name FROM information_schema.columns
               WHERE table_schema = 'public' AND data_type = 'bytea'""",
        )
    sealed = {(r["table_name"], r["column_name"]) for r in found if r["column_name"] not in plain}
    assert sealed == {(column.table, column.column) for column in COLUMNS}


def test_what_arrives_while_keys_turn_opens_too(ground, keep):
    keep(*(f"before-{n}" for n in range(600)))
    asleep, stop, took = ground.vault, threading.Event(), []
    asleep.ring._read_at = float("inf")  # it does not hear of the turn

    def load():
        while not stop.is_set():
            took.append(f"meanwhile-{len(took)}")
            keep(took[-1])

    worker = threading.Thread(target=load)
    worker.start()
    awake = Vault.on(ground.database, ground.vault.key)
    turn(ground.database, awake, unseen, wait=0.3)
    stop.set()
    worker.join()
    assert set(keep.bodies(awake)) == {*(f"before-{n}" for n in range(600)), *took}


_KILLED = """
import sys, uuid
from hub import config
from hub.store.database import connect
from hub.store.sealing import Vault
from hub.store.sealing import turning
settings = config.read()
database = connect(settings.database_url, pool=2)
vault = Vault.on(database, config.master_key(settings))
turning.BATCH = 50
turning.turn(database, vault, lambda step: None, wait=0)
"""


def test_one_that_is_killed_in_the_middle_goes_on_where_it_was(ground, keep):
    keep(*(f"body-{n}" for n in range(300)))
    changes = {**os.environ, **ground.settings.environment(), "HUB_CRASH_AT": "C32"}
    died = subprocess.run([sys.executable, "-c", _KILLED], env=changes, check=False)
    assert died.returncode == -signal.SIGKILL
    assert states(ground) == {1: "retiring", 2: "current"}
    with ground.database.begin() as db:
        assert 0 < left(db, COLUMNS[-1], 2) < 300
    assert turn(ground.database, ground.vault, unseen, wait=0) == 2
    assert states(ground) == {1: "retired", 2: "current"}
    assert len(set(keep.bodies())) == 300


def test_a_value_that_was_changed_meanwhile_is_not_written_over(ground, workspace, keep):
    keep("old")

    def rewrite(step):
        if step.of.table != "numbers":
            return
        with ground.database.begin() as db:
            found = row(db, "SELECT id FROM intakes")
            where = intakes.place_of(workspace, found["id"])
            body = intakes.packed("POST", {}, {}, b"new")
            run(db, "UPDATE intakes SET sealed = :s", s=ground.vault.seal(body, where))

    with ground.database.begin() as db:
        numbers.keep(db, ground.vault, workspace, FIRST)
    turn(ground.database, ground.vault, rewrite, wait=0)
    assert keep.bodies() == ["new"]


def test_a_spoilt_value_ends_the_turn_with_words_and_nothing_is_lost(ground, workspace, keep):
    keep("whole")
    with ground.database.begin() as db:
        number = numbers.keep(db, ground.vault, workspace, FIRST)
        other = numbers.keep(db, ground.vault, workspace, SECOND)
        run(
            db,
            """UPDATE numbers SET sealed = (SELECT sealed FROM numbers WHERE phone = :from)
               WHERE phone = :to""",
            **{"from": number.token, "to": other.token},
        )
    with pytest.raises(CannotUnseal, match="moved from another row"):
        turn(ground.database, ground.vault, unseen, wait=0)
    assert states(ground) == {1: "retiring", 2: "current"}
    assert keep.bodies() == ["whole"]


def test_an_intake_of_another_workspace_does_not_open(ground, workspace, other_workspace, keep):
    keep("mine")
    with ground.database.begin() as db:
        run(db, "UPDATE intakes SET workspace_id = :id", id=other_workspace)
    with pytest.raises(CannotUnseal):
        keep.bodies()

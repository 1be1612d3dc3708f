"""`hub export` and `hub erase`: one person's data told whole, then gone from everywhere."""

import json
import os
import signal
import subprocess
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from hub.contract import utc_now
from hub.store import audit, consent, forgetting
from hub.store.database import row, rows
from hub.store.ground import Ground

NUMBER = "+33639980123"
NAMED = ("Zoë", "Merci Lune", NUMBER, "639980123")


@pytest.fixture
def person(shop: Any, carrier: Any, road: Any, sent: UUID) -> UUID:
    """Somebody who ordered, was written to, answered and said STOP; the message's id."""
    carrier.simulator.answer(NUMBER, "Merci Lune")
    road.walk()
    carrier.simulator.answer(NUMBER, "STOP")
    road.walk()
    return sent


def everything(ground: Ground) -> str:
    with ground.database.begin() as db:
        tables = rows(db, "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = "
                          "'public'::regnamespace")  # fmt: skip
        return "\n".join(
            str(r["line"])
            for table in tables
            for r in rows(db, f"SELECT t::text AS line FROM {table['relname']} t")  # noqa: S608
        )


def test_an_export_tells_what_was_said_sent_and_taken_in(hub: Any, person: UUID):
    (told,) = json.loads(hub("export", "06 39 98 01 23").stdout)
    assert str(person) in {m["id"] for m in told["messages"]}
    assert [one["first_name"] for one in told["people"]] == ["Zoë"]
    assert {r["body"] for r in told["replies"]} == {"Merci Lune", "STOP"}
    assert any("Zoë" in json.loads(i["request"]["body"])["billing"]["first_name"]
               for i in told["intakes"] if i["road"] == "events")  # fmt: skip


def test_an_erased_person_is_named_nowhere_and_a_stop_still_holds(
    hub: Any, person: UUID, ground: Ground, workspace: UUID, token_of: Any
):
    assert any(name in everything(ground) for name in NAMED[:2])
    told = hub("erase", NUMBER, "--yes")
    assert told.exit_code == 0, told.output
    left = everything(ground)
    assert [name for name in NAMED if name in left] == []
    with ground.database.begin() as db:
        token = token_of(NUMBER)
        standing = consent.standing(db, [workspace], [token])[workspace, token]
        proof = row(db, "SELECT * FROM erasures")
        assert row(db, "SELECT 1 FROM costs") is not None
        noted = audit.listed(db, 1)[0]
    assert standing.stop is not None
    assert proof is not None
    assert proof["ended_at"]
    assert (proof["counts"]["people"], proof["counts"]["numbers"]) == (1, 1)
    assert str(proof["id"]) in told.output
    assert (noted["what"], noted["object"]) == ("person.erase", str(proof["id"]))
    assert hub("explain", str(person)).exit_code == 0


def test_erasing_twice_or_nobody_is_harmless(hub: Any, person: UUID):
    assert hub("erase", NUMBER, "--yes").exit_code == 0
    assert "nothing was known" in hub("erase", NUMBER, "--yes").output
    assert "nothing was known" in hub("erase", "+33639980199", "--yes").output
    assert hub("erase", "12", "--yes").exit_code == 1


def test_an_erasure_that_was_killed_is_finished_by_the_clock(
    hub: Any, person: UUID, ground: Ground
):
    changes = {**os.environ, **ground.settings.environment(), "HUB_CRASH_AT": "C33"}
    words = [sys.executable, "-m", "hub.cli", "erase", NUMBER, "--yes"]
    assert subprocess.run(words, env=changes, check=False).returncode == -signal.SIGKILL
    with ground.database.begin() as db:
        assert row(db, "SELECT 1 FROM numbers") is not None
        assert row(db, "SELECT 1 FROM erasures WHERE ended_at IS NULL") is not None
    assert forgetting.finish(ground.database, utc_now() + timedelta(hours=1)) == 1
    with ground.database.begin() as db:
        assert row(db, "SELECT 1 FROM numbers") is None
        assert row(db, "SELECT 1 FROM erasures WHERE ended_at IS NULL") is None
        assert audit.listed(db, 1)[0]["who"] == "clock"


def test_each_class_is_kept_for_its_days_and_then_forgotten(
    person: UUID, ground: Ground, clock: Any
):
    days = {"raw": 14, "texts": 30, "replies": 30, "numbers": 90}

    def left(after: int) -> tuple[int, ...]:
        now = clock() + timedelta(days=after)
        forgetting.tidy(ground.database, now, days, lambda: True)
        queries = (
            "SELECT FROM intakes WHERE sealed <> ''",
            "SELECT FROM messages WHERE body <> ''",
            "SELECT FROM replies WHERE body <> ''",
            "SELECT FROM numbers",
        )
        with ground.database.begin() as db:
            return tuple(min(len(rows(db, query)), 1) for query in queries)

    assert left(13) == (1, 1, 1, 1)
    assert left(15) == (0, 1, 1, 1)
    assert left(31) == (0, 0, 0, 1)


def test_a_number_that_nobody_needs_is_forgotten_and_one_that_something_waits_for_is_not(
    person: UUID, ground: Ground, clock: Any
):
    later = clock() + timedelta(days=400)
    with ground.database.begin() as db:
        rows(db, "UPDATE numbers SET created_at = :then RETURNING 1", then=clock())
        rows(db, "UPDATE messages SET state = state, changed_at = :then RETURNING 1", then=later)
    forgetting.tidy(ground.database, later, {"numbers": 90}, lambda: True)
    with ground.database.begin() as db:
        assert row(db, "SELECT 1 FROM numbers") is not None
        rows(db, "UPDATE messages SET changed_at = :then RETURNING 1", then=clock())
    assert forgetting.tidy(ground.database, later, {"numbers": 90}, lambda: True) == {"numbers": 1}

"""`hub doctor`: a hub at work is well, and every illness has its next step."""

from typing import Any
from uuid import UUID

import psycopg

from hub.cli.checkup import CLOCK_LOCK
from hub.local.testing import Installed
from hub.store.database import run
from hub.store.ground import Ground


def test_the_doctor_finds_a_hub_at_work_well(hub: Any, sent: UUID, ground: Ground):
    with psycopg.connect(ground.settings.database_url, autocommit=True) as clock:
        clock.execute("SELECT pg_advisory_lock(%s)", (CLOCK_LOCK,))
        clock.execute("UPDATE connections SET checked_at = now()")
        told = hub("doctor", public_url="https://hub.example.com")
    assert "✗" not in told.output
    assert (told.exit_code, told.output.endswith("All is well.\n")) == (0, True)


def test_the_doctor_names_what_is_wrong_with_its_next_step(
    hub: Any, sent: UUID, ground: Ground, carrier: Installed
):
    with ground.database.begin() as db:
        run(db, "UPDATE connections SET state = 'attention', problem = 'The key is refused.'")
        run(db, "UPDATE intakes SET state = 'dead' WHERE road = 'carrier'")
        run(db, "UPDATE write_backs SET state = 'new', created_at = now() - interval '1 hour'")
    told = hub("doctor", master_key="00" * 32, redis_url="redis://127.0.0.1:1/0")
    assert told.exit_code == 1
    for words in (
        "Redis does not answer.",
        "No clock ticks",
        "The key is refused.",
        "Given up: dead intakes (",
        "Standing still for over five minutes: write backs (2).",
        "cannot be opened with this hub's master key",
        "Set HUB_PUBLIC_URL",
        "  → ",
    ):
        assert words in told.output


def test_the_doctor_makes_no_master_key(hub: Any, sent: UUID, ground: Ground):
    told = hub("doctor", master_key="")
    assert "The master key is missing." in told.output
    assert not (ground.settings.data_dir / "master.key").exists()


def test_the_doctor_without_a_database_says_so(hub: Any):
    told = hub("doctor", database_url="postgresql://x:y@127.0.0.1:1/none")
    assert (told.exit_code, "The database does not answer." in told.output) == (1, True)

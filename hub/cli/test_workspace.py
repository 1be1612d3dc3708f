"""`hub workspace`, and what every command says of a database it cannot use."""

from typing import Any
from uuid import UUID

import pytest

from hub.store import keys, workspaces
from hub.store.database import run
from hub.store.ground import Ground
from hub.store.numbers import phones


def test_a_workspace_is_made_with_a_key_that_works(hub: Any, ground: Ground):
    told = hub("workspace", "new", "--name", "Maison Lune", "--country", "fr")
    assert told.exit_code == 0
    key = told.stdout.split()[-1]
    with ground.database.begin() as db:
        owner = keys.owner_of(db, key)
        assert owner
        made = workspaces.get(db, owner["workspace_id"])
    assert made
    assert (made["language"], made["zone"], made["brand"]) == ("fr", "Europe/Paris", "Maison Lune")
    assert str(made["id"]) in hub("workspace", "list").output


def test_a_new_workspace_is_in_test_mode_until_it_goes_live(hub: Any, ground: Ground):
    words = ("workspace", "new", "--name", "Maison Lune", "--country", "FR")
    told = hub(*words, "--tester", "06 39 98 01 23")
    assert "test mode" in told.stderr
    made = UUID(told.stdout.split()[1])
    assert _mode(ground, made) == (True, ["+33639980123"])
    assert (
        "live; test numbers: +33639980123" in hub("workspace", "mode", str(made), "--live").output
    )
    more = hub("workspace", "mode", str(made), "--tester", "+33639980145").output
    assert more.startswith("live; ")
    assert _mode(ground, made) == (False, ["+33639980123", "+33639980145"])
    assert _mode(ground, UUID(hub(*words, "--live").stdout.split()[1])) == (False, [])
    assert "cannot be used" in hub(*words, "--tester", "12").output


def _mode(ground: Ground, workspace: UUID) -> tuple[bool, list[str]]:
    with ground.database.begin() as db:
        made = workspaces.get(db, workspace)
        assert made
        known = phones(db, ground.vault, [(workspace, one) for one in made["testers"]])
    return made["testing"], [known[workspace, one].e164 for one in made["testers"]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--country", "XX"], "no country"),
        (["--country", "FR", "--zone", "Mars/Base"], "no time zone"),
        (["--country", "FR", "--window", "never"], "neither a country nor a preset"),
    ],
)
def test_a_workspace_that_cannot_be_is_refused_in_words(hub: Any, words: list[str], said: str):
    told = hub("workspace", "new", "--name", "X", *words)
    assert (told.exit_code, said in told.output) == (1, True)


def test_a_key_has_the_scopes_it_was_given(hub: Any, workspace: UUID, ground: Ground):
    told = hub("workspace", "key", str(workspace), "--scopes", "read,messages")
    with ground.database.begin() as db:
        owner = keys.owner_of(db, told.stdout.strip())
    assert owner
    assert owner["scopes"] == ["read", "messages"]
    assert "is no scope" in hub("workspace", "key", str(workspace), "--scopes", "all").output
    stranger = str(UUID(int=1))
    assert "There is no workspace" in hub("workspace", "key", stranger).output


def test_commands_on_an_old_schema_say_what_to_run(hub: Any, ground: Ground):
    with ground.database.begin() as db:
        run(db, "UPDATE alembic_version SET version_num = '0000'")
    ground.database.engine.dispose()
    assert "hub doctor" in (told := hub("workspace", "list")).output or "migrate" in told.output
    assert told.exit_code == 1


def test_a_database_that_is_away_is_said_so(hub: Any):
    told = hub("workspace", "list", database_url="postgresql://x:y@127.0.0.1:1/none")
    assert (told.exit_code, "does not answer" in told.output) == (1, True)


def test_a_key_that_was_ended_opens_nothing(hub: Any, ground: Ground):
    made = hub("workspace", "new", "--name", "Maison Lune", "--country", "FR").stdout.split()[1]
    first, second = (hub("workspace", "key", made).stdout.strip() for _ in range(2))
    assert "opens nothing" in hub("workspace", "revoke", first).output
    with ground.database.begin() as db:
        assert keys.owner_of(db, first) is None
        assert keys.owner_of(db, second) is not None
    assert hub("workspace", "revoke", second.split("_")[1]).exit_code == 0
    again = hub("workspace", "revoke", first)
    assert again.exit_code == 1
    assert "no such key" in again.output

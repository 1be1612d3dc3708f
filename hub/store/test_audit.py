"""The audit chain: only ever added to, and no line changed or gone unseen."""

import threading

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from hub.store import audit
from hub.store.database import run


def say(ground, what="caps_put", workspace=None, **detail):
    with ground.database.begin(workspace) as db:
        return audit.note(
            db, ground.clock(), "key:1", what, "caps", workspace_id=workspace, detail=detail
        )


def walk(ground, anchor=""):
    with ground.database.begin() as db:
        return audit.verify(db, anchor)


@pytest.fixture
def owner(ground):
    with psycopg.connect(ground.settings.database_url, autocommit=True) as db:
        yield db


def test_an_untouched_chain_holds(ground, workspace):
    assert walk(ground).lines == 0
    assert [say(ground), say(ground, workspace=workspace), say(ground, fields=["é", "name"])] == [
        1, 2, 3,
    ]  # fmt: skip
    assert (walk(ground).lines, walk(ground).fault) == (3, "")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40))
def test_whatever_is_written_is_hashed_alike_by_both(ground, words):
    say(ground, what=words, words=words)
    assert walk(ground).fault == ""


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit SET what = 'nothing' WHERE n = 2",
        "UPDATE audit SET at = at + interval '1 microsecond' WHERE n = 2",
        "UPDATE audit SET who = 'key:2' WHERE n = 2",
        "UPDATE audit SET hash = sha256(hash) WHERE n = 2",
        "DELETE FROM audit WHERE n = 2",
    ],
)
def test_a_line_that_was_changed_or_taken_out_is_found(ground, owner, change):
    for _ in range(3):
        say(ground)
    owner.execute(change.encode())
    assert "Line 2" in walk(ground).fault


def test_who_kept_the_anchor_sees_that_the_end_is_gone(ground, owner):
    for _ in range(3):
        say(ground)
    anchor = walk(ground).anchor
    owner.execute("DELETE FROM audit WHERE n = 3")
    assert walk(ground).fault == ""
    assert "gone" in walk(ground, anchor).fault
    say(ground, what="another")
    assert "anchor" in walk(ground, anchor).fault


@pytest.mark.parametrize("at_desk", [False, True])
@pytest.mark.parametrize(
    "change", ["UPDATE audit SET who = ''", "DELETE FROM audit", "TRUNCATE audit",
               "INSERT INTO audit VALUES (9, now(), NULL, '', '', '', '', '', '')"]
)  # fmt: skip
def test_the_hub_itself_can_only_add(ground, workspace, at_desk, change):
    say(ground)
    where = workspace if at_desk else None
    with pytest.raises(DBAPIError, match="denied"), ground.database.begin(where) as db:
        run(db, change)


def test_lines_written_at_once_stand_in_one_row(ground):
    threads = [threading.Thread(target=say, args=(ground,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (walk(ground).lines, walk(ground).fault) == (4, "")


def test_a_merchant_reads_only_their_own_lines(ground, workspace, other_workspace):
    say(ground)
    say(ground, workspace=workspace)
    say(ground, workspace=other_workspace)
    with ground.database.begin(workspace) as db:
        assert [line["n"] for line in audit.listed(db, 10)] == [2]


def test_what_is_rolled_back_leaves_no_line(ground):
    with ground.database.begin() as db:
        audit.note(db, ground.clock(), "cli:me", "key.made")
        db.rollback()
    assert say(ground) == 1

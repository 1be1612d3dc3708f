"""The uncertain list over the API: seen, exported and settled, in one's own workspace alone."""

from typing import Any
from uuid import UUID

import pytest

from hub.store.database import rows, run
from hub.store.ground import Ground

ZOE, LEA = "+33639980101", "+33639980102"


@pytest.fixture
def doubtful(ground: Ground, workspace: UUID, write_to: Any, token_of: Any) -> list[str]:
    """Two messages in doubt, nothing more to be done by the hub about the first."""
    ids = write_to([ZOE, LEA], "Bonjour")
    with ground.database.begin() as db:
        run(
            db,
            """UPDATE messages SET state = 'uncertain', sending_at = :now, tries = 1,
                   subject = '=cmd', final_at = CASE WHEN phone = :zoe THEN :now END""",
            now=ground.clock(),
            zoe=token_of(ZOE),
        )
    return ids


def states(ground: Ground) -> list[tuple[str, str]]:
    with ground.database.begin() as db:
        found = rows(db, "SELECT state, settled_as FROM messages ORDER BY id")
    return [(m["state"], m["settled_as"]) for m in found]


def test_the_list_shows_each_with_its_number_masked(program_of, workspace, doubtful):
    program = program_of(workspace, "read")
    shown = program.get("/uncertain").json["items"]
    assert [one["id"] for one in shown] == doubtful[::-1]
    assert all("9801" not in one["to"] for one in shown)
    first = program.get("/uncertain?limit=1").json
    assert program.get(f"/uncertain?cursor={first['next_cursor']}").json["items"] == shown[1:]


def test_numbers_are_whole_for_a_key_that_may_see_them(program_of, workspace, ground, doubtful):
    reader = program_of(workspace, "read", "numbers")
    assert [m["to"] for m in reader.get("/uncertain").json["items"]] == [LEA, ZOE]
    assert LEA in reader.get("/uncertain.csv").text
    with ground.database.begin() as db:
        run(db, "DELETE FROM numbers")
    shown = reader.get("/uncertain").json["items"]
    assert {m["to"] for m in shown} == {"a number that was erased"}


def test_the_export_is_a_file_that_opens_as_text(program_of, workspace, doubtful):
    answer = program_of(workspace, "read").get("/uncertain.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    head, *lines = answer.get_data().decode("utf-8-sig").splitlines()
    assert head.startswith('"message","to"')
    assert len(lines) == 2
    assert ZOE not in "".join(lines)
    assert "+33*******01" in lines[1]
    assert all('"\'=cmd"' in line for line in lines)


@pytest.mark.parametrize(
    ("verdict", "first"),
    [
        ("arrived", ("sent", "arrived")),
        ("not_arrived", ("failed", "not_arrived")),
        ("send_again", ("uncertain", "sent_again")),
    ],
)
def test_one_is_settled_and_said_back(program, ground, doubtful, verdict, first):
    body = {"ids": [doubtful[0]], "as": verdict}
    done = program.post("/uncertain/settle", body, once="a").json
    assert done == {"settled": [doubtful[0]], "left": []}
    assert program.post("/uncertain/settle", body, once="a").json == done
    assert program.post("/uncertain/settle", body).json == {"settled": [], "left": [doubtful[0]]}
    assert states(ground)[:2] == [first, ("uncertain", "")]
    assert len(states(ground)) == (3 if verdict == "send_again" else 2)


def test_another_workspace_sees_and_settles_nothing(program_of, other_workspace, doubtful, ground):
    stranger = program_of(other_workspace)
    assert stranger.get("/uncertain").json["items"] == []
    assert stranger.get("/uncertain.csv").get_data().count(b"\r\n") == 1
    answer = stranger.post("/uncertain/settle", {"ids": doubtful, "as": "send_again"})
    assert answer.json == {"settled": [], "left": doubtful}
    assert states(ground) == [("uncertain", "")] * 2


@pytest.mark.parametrize(
    "body",
    [{}, {"ids": [], "as": "arrived"}, {"ids": ["x"], "as": "arrived"}, {"ids": 7, "as": "lost"}],
)
def test_what_cannot_be_settled_is_said_in_words(program, body):
    assert program.post("/uncertain/settle", body).status_code in (404, 422)

"""`hub uncertain`: the list a person works through."""

import csv
from typing import Any

import pytest

from hub.store import audit
from hub.store.database import rows, run
from hub.store.ground import Ground

ZOE, LEA = "+33639980101", "+33639980102"


@pytest.fixture
def doubtful(ground: Ground, write_to: Any, token_of: Any) -> list[str]:
    ids = write_to([ZOE, LEA], "Bonjour")
    with ground.database.begin() as db:
        run(
            db,
            """UPDATE messages SET state = 'uncertain', sending_at = :now, tries = 1,
                   sentence = 'Uncertain: nobody knows.',
                   final_at = CASE WHEN phone = :zoe THEN :now END""",
            now=ground.clock(),
            zoe=token_of(ZOE),
        )
    return ids


def states(ground: Ground) -> list[str]:
    with ground.database.begin() as db:
        return [m["state"] for m in rows(db, "SELECT state FROM messages ORDER BY id")]


def test_the_list_says_what_is_known_of_each(hub: Any, doubtful: list[str]):
    told = hub("uncertain", "list")
    assert all(one in told.output for one in doubtful)
    assert "nobody knows" in told.output
    assert "still finding out" in told.output
    assert "+33*******01" in told.output
    assert ZOE not in told.output
    assert LEA in hub("uncertain", "list", "--show-numbers").output


def test_named_messages_are_settled_and_leave_a_line_in_the_audit(
    hub: Any, ground: Ground, doubtful: list[str]
):
    told = hub("uncertain", "settle", *doubtful, "--as", "arrived")
    assert "Settled as arrived: 2." in told.output
    assert states(ground) == ["sent", "sent"]
    assert "No message is uncertain." in hub("uncertain", "list").output
    assert "certain: 2" in hub("uncertain", "settle", *doubtful, "--as", "not-arrived").output
    with ground.database.begin() as db:
        assert [line["what"] for line in audit.listed(db, 5)] == ["uncertain.arrived"]


def test_all_are_those_that_the_hub_cannot_settle_itself(
    hub: Any, ground: Ground, doubtful: list[str]
):
    told = hub("uncertain", "settle", "--all", "--as", "send-again", "--yes")
    assert "Sent again as new messages: 1." in told.output
    assert states(ground) == ["uncertain", "uncertain", "scheduled"]


def test_sending_again_asks_first(hub: Any, ground: Ground, doubtful: list[str]):
    assert hub("uncertain", "settle", doubtful[0], "--as", "send-again").exit_code == 1
    assert states(ground) == ["uncertain", "uncertain"]


def test_the_export_is_written_where_it_was_asked_for(hub: Any, doubtful: list[str], tmp_path: Any):
    file = tmp_path / "doubts.csv"
    assert hub("uncertain", "export", str(file)).exit_code == 0
    with file.open(encoding="utf-8-sig", newline="") as opened:
        lines = list(csv.DictReader(opened))
    assert [line["message"] for line in lines] == doubtful[::-1]
    assert [line["to"] for line in lines] == ["'+33*******02", "'+33*******01"]
    hub("uncertain", "export", str(file), "--show-numbers")
    assert LEA in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("words", [(), ("--all", "01900000-0000-7000-8000-000000000000")])
def test_it_must_be_said_which(hub: Any, words: tuple[str, ...]):
    assert hub("uncertain", "settle", *words, "--as", "arrived").exit_code == 2

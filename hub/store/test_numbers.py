"""Numbers stand sealed in one place; rows and sentences hold tokens, people see them masked."""

import pytest

from hub.contract import Phone
from hub.store import numbers, people
from hub.store.database import run

MINE, THEIRS = Phone.of("+33639980123"), Phone.of("+12025550123")


@pytest.fixture
def kept(ground, workspace):
    with ground.database.begin() as db:
        return [numbers.keep(db, ground.vault, workspace, phone) for phone in (MINE, THEIRS)]


def test_what_may_be_known_without_opening_stands_beside(ground, workspace, kept):
    with ground.database.begin() as db:
        found = people.by_phones(db, [workspace], [one.token for one in kept])
    told = {(r["country"], r["kind"], r["zones"]) for r in found.values()}
    assert told == {("FR", "mobile", ""), ("US", "mobile", "America/New_York")}


def test_claimed_rows_have_their_phones_beside_them_and_an_erased_one_has_none(
    ground, workspace, kept
):
    claimed = [{"workspace_id": workspace, "phone": one.token} for one in kept]
    with ground.database.begin() as db:
        run(db, "DELETE FROM numbers WHERE phone = :token", token=kept[1].token)
        found = numbers.beside(db, ground.vault, claimed)
    assert [one["to"] for one in found] == [MINE, None]


def test_tokens_in_sentences_are_shown_masked_or_whole_and_never_another_workspaces(
    ground, workspace, other_workspace, kept
):
    text = f"It goes to {kept[0].token}."
    with ground.database.begin() as db:
        vault = ground.vault
        assert numbers.shown(db, vault, text, workspace) == "It goes to +33*******23."
        assert numbers.shown(db, vault, text, masked=False) == "It goes to +33639980123."
        elsewhere = numbers.shown(db, vault, text, other_workspace)
    assert elsewhere == "It goes to a number that was erased."
    assert numbers.unnamed(text) == "It goes to this number."


def test_a_carrier_s_own_name_of_a_message_is_kept_and_given_back(ground, workspace, kept):
    name = "phones/+33639980123/agentMessages/1"
    hidden = numbers.tokened(ground.vault, workspace, name)
    assert hidden == f"phones/{kept[0].token}/agentMessages/1"
    with ground.database.begin() as db:
        assert numbers.whole(db, ground.vault, [(workspace, hidden), (workspace, "x")]) == [
            name,
            "x",
        ]
    assert numbers.tokened(ground.vault, workspace, "SM0123456789") == "SM0123456789"


def test_the_same_person_is_another_token_at_another_merchants(
    ground, workspace, other_workspace, kept
):
    with ground.database.begin() as db:
        other = numbers.keep(db, ground.vault, other_workspace, MINE)
    assert other.token != kept[0].token

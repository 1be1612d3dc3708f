"""People: what a record says of them is kept, and nothing is written that is known already."""

from hub.contract import Phone
from hub.store import people
from hub.store.database import new_id, row
from hub.store.numbers import number_of

MINE = Phone.of("+33639980123")


def _keep(ground, workspace, **more):
    """Keep one person as a record tells of them; the row, with the transaction that wrote it."""
    number = number_of(ground.vault, workspace, MINE)
    told = {
        "id": new_id(), "workspace_id": workspace, "phone": number.token, "country": "FR",
        "first_name": "", "last_name": "", "email": "", "language": "", "zone": "", **more,
    }  # fmt: skip
    with ground.database.begin() as db:
        people.keep_named(db, ground.vault, [(workspace, number)], [told])
    with ground.database.begin() as db:
        return row(db, "SELECT *, xmin::text AS written, xmax::text AS locked FROM people")


def test_what_a_record_leaves_empty_keeps_its_older_value(ground, workspace):
    _keep(ground, workspace, first_name="Anna", email="anna@example.com")
    kept = _keep(ground, workspace, first_name="Zoé", language="fr")
    assert (kept["first_name"], kept["email"], kept["language"]) == (
        "Zoé", "anna@example.com", "fr",
    )  # fmt: skip


def test_a_record_that_says_nothing_new_is_neither_written_nor_locked(ground, workspace):
    first = _keep(ground, workspace, first_name="Anna", email="anna@example.com")
    again = _keep(ground, workspace, first_name="Anna")
    assert (again["written"], again["locked"]) == (first["written"], first["locked"])


def test_a_person_is_kept_with_the_number_that_they_have(ground, workspace):
    kept = _keep(ground, workspace)
    with ground.database.begin() as db:
        known = people.by_phones(db, [workspace], [kept["phone"]])
        number = row(db, "SELECT country, kind FROM numbers")
    assert dict(number) == {"country": "FR", "kind": "mobile"}
    assert known[workspace, kept["phone"]]["kind"] == "mobile"

"""The gallery over the API: what ships can be listed and taken, and is a template from then on."""

from typing import Any


def test_every_ready_made_message_is_listed_with_advice_in_five_languages(program: Any):
    items = program.get("/gallery").json["items"]
    assert len(items) >= 20
    for one in items:
        assert set(one["advice"]) == {"en", "fr", "es", "it", "de"}, one["slug"]


def test_one_that_is_taken_is_a_template_without_rcs_where_there_is_no_agent(program: Any):
    made = program.post("/gallery/win-back")
    assert (made.status_code, made.json["rich"]) == (200, {})
    assert program.get("/templates/win-back").json["version"] == 1
    assert program.post("/gallery/win-back").json["version"] == 1


def test_one_that_is_not_there_is_said_to_be_missing(program: Any):
    assert program.post("/gallery/no-such-thing").status_code == 404

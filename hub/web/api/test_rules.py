"""The sending rules through the API: read, changed in part, refused by field, never another's."""

from typing import Any

import pytest

from hub.web.api.conftest import MakeProgram

HOURS = {"FR": {"marketing": {"preset": "FR-strict"}}}


def _fields(answer: Any) -> set[str]:
    assert answer.status_code == 422
    return {error["field"] for error in answer.json["errors"]}


def test_the_usual_rules_are_written_out(program: Any):
    shown = program.get("/rules").json
    assert (shown["testing"], shown["testers"], shown["countries"]) == (False, [], ["FR"])
    assert shown["rules"] == {
        "windows": {},
        "frequency": None,
        "quiet_repeat_hours": 24,
        "prefix_per_minute": None,
        "paused": None,
        "messages_per_day": None,
        "messages_per_month": None,
        "surge_times": 5,
        "least_arriving": 50,
        "closed": [],
        "keywords": {},
    }


def test_what_is_left_out_stays_as_it_is(program: Any, other_workspace: Any, program_of: Any):
    made: MakeProgram = program_of
    changed = program.put("/rules", {"testing": True, "testers": ["06 39 98 01 23"]}).json
    assert (changed["testing"], changed["testers"]) == (True, ["+33639980123"])
    again = program.put("/rules", {"rules": {"windows": HOURS}, "countries": ["fr", "BE"]}).json
    assert (again["testing"], again["countries"]) == (True, ["FR", "BE"])
    assert again["rules"]["windows"] == HOURS
    assert program.get("/rules").json == again
    assert program.put("/rules", {}).json == again
    assert made(other_workspace).get("/rules").json["testing"] is False


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"rules": {"windows": {"FR": {"sms": {}}}}}, {"rules.windows.FR.sms"}),
        ({"rules": {"frequency": [{"messages": 1}]}}, None),
        ({"sending_window": {"preset": "never"}}, {"sending_window.preset"}),
        ({"testers": ["12", "+33 8 99 12 34 56"]}, {"testers.0", "testers.1"}),
        ({"countries": ["FR", "XX"]}, {"countries.1"}),
        ({"countries": []}, {"countries"}),
        ({"colour": "red"}, {"colour"}),
    ],
)
def test_rules_that_cannot_be_are_refused_by_field(program: Any, body: Any, fields: Any):
    found = _fields(program.put("/rules", body))
    assert found == (fields or {"rules.frequency[0].hours", "rules.frequency[0].kind"})
    assert program.get("/rules").json["rules"]["windows"] == {}


def test_a_share_is_given_to_wordings_that_are_there_alone(program: Any):
    words = {"kind": "transactional", "title": "Ready", "texts": {"fr": "Bonjour"}}
    program.put("/templates/ready", words | {"variants": {"b": {"texts": {"fr": "Salut"}}}})
    ready = {
        "name": "Ready",
        "trigger": {"event": "order.created"},
        "send": {"template": "ready", "kind": "transactional"},
    }
    made = program.put("/automations/ready", ready | {"split": {"b": 50}, "holdout": 10})
    assert made.status_code == 200
    wrong = program.put("/automations/ready", ready | {"split": {"b": 50, "c": 20}})
    assert _fields(wrong) == {"split.c"}

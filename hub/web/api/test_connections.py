"""Connections over the API: health, settings that are tried, choices and previews, reconnecting."""

from typing import Any

import pytest


@pytest.fixture
def calendar(installed: Any, cast: Any, road: Any) -> Any:
    made = installed(cast["calendar"])
    road.walk()
    return made


def _at(made: Any, more: str = "") -> str:
    return f"/connections/{made.connection_id}{more}"


def test_a_connection_says_how_it_is_and_when_it_was_last_looked_at(program: Any, calendar: Any):
    shown = program.get(_at(calendar)).json
    assert shown["health"] == {"state": "healthy", "words": "", "next_step": ""}
    assert shown["checked_at"]
    assert shown["way"] == "oauth"


def test_a_lost_sign_in_is_said_with_the_next_step_and_reconnecting_heals_it(
    program: Any, calendar: Any, road: Any, agree: Any
):
    calendar.simulator.sign_in.revoke()
    lost = program.post(_at(calendar, "/check")).json
    assert lost["health"]["state"] == "sign_in"
    assert "Reconnect" in lost["health"]["next_step"]
    again = program.post(_at(calendar, "/reconnect"), {})
    assert again.status_code == 202
    agree(again.json["consent_url"])
    road.walk()
    assert program.get(_at(calendar)).json["health"]["state"] == "healthy"


def test_the_vendors_own_choices_of_a_setting_are_listed(program: Any, calendar: Any):
    found = program.get(_at(calendar, "/options/calendars")).json["items"]
    assert any(choice["value"] for choice in found)
    assert program.get(_at(calendar, "/options/nothing")).status_code == 404


def test_a_preview_shows_what_the_settings_would_read_with_masked_phones(
    program: Any, calendar: Any
):
    calendar.simulator.book(phone="06 39 98 01 23")
    shown = program.get(_at(calendar, "/preview")).json
    assert len(shown["rows"]) == 1
    assert "0639980123" not in str(shown).replace(" ", "")


def test_a_connector_without_preview_says_so(program: Any, carrier: Any):
    assert program.get(_at(carrier, "/preview")).status_code == 404


def test_settings_are_tried_before_they_are_kept(program: Any, calendar: Any):
    changed = program.put(_at(calendar, "/settings"), {"settings": {"title_mark": "OK "}})
    assert changed.status_code == 200
    assert changed.json["settings"]["title_mark"] == "OK "
    wrong = program.put(_at(calendar, "/settings"), {"settings": {"colour": "red"}})
    assert wrong.status_code == 422
    calendar.simulator.faults.plan("500", times=50)
    away = program.put(_at(calendar, "/settings"), {"settings": {"title_mark": "no "}})
    assert away.status_code == 502
    calendar.simulator.faults.clear()
    assert program.get(_at(calendar)).json["settings"]["title_mark"] == "OK "


def test_what_is_pasted_at_the_vendor_is_shown_to_managers_only(
    program: Any, program_of: Any, workspace: Any, calendar: Any
):
    reader = program_of(workspace, "read")
    shown = program.get(_at(calendar, "/address")).json
    assert "/hooks/" in shown["hook_url"]
    assert len(shown["webhook_secret"]) == 48
    assert reader.get(_at(calendar, "/address")).status_code == 403


def test_removing_says_what_stays_at_the_vendor(program: Any, calendar: Any):
    gone = program.delete(_at(calendar))
    assert "stay" in gone.json["words"]
    assert calendar.simulator.leftovers() == []

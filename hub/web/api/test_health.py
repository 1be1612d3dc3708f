"""What does not agree is shown to whom it belongs, on the API and among the gauges."""

from datetime import timedelta
from typing import Any

import pytest

from hub.report.reconcile.rounds import CHECKS, plan, reconcile_due
from hub.store.database import run
from hub.work import clock as clockwork

ZOE = "+33639980101"


@pytest.fixture
def doubtful(ground, write_to: Any):
    """A message in doubt that nobody but a person can settle, and everything compared once."""
    write_to([ZOE], "Bonjour")
    with ground.database.begin() as db:
        run(
            db,
            """UPDATE messages SET state = 'uncertain', sending_at = :now, final_at = :now,
                   sentence = 'Uncertain.'""",
            now=ground.clock(),
        )
    plan(ground)
    reconcile_due(ground)


def by_name(program):
    answer = program.get("/health")
    assert answer.status_code == 200
    return {one["name"]: one for one in answer.json["items"]}


def test_before_anything_is_compared_all_is_listed(program):
    shown = by_name(program)
    assert list(shown) == list(CHECKS)
    assert all(one["well"] and one["checked_at"] is None for one in shown.values())


def test_what_does_not_agree_has_its_words_and_its_step(program, doubtful):
    shown = by_name(program)
    assert [name for name, one in shown.items() if not one["well"]] == ["uncertain"]
    assert shown["uncertain"]["words"] == "Messages that only you can settle: 1."
    assert "hub uncertain" in shown["uncertain"]["step"]
    assert shown["uncertain"]["since"]


def test_another_workspace_is_well(program_of, other_workspace, doubtful):
    assert all(one["well"] for one in by_name(program_of(other_workspace)).values())


def test_each_comparison_has_its_gauge(flask_app, doubtful, clock):
    clock.move(minutes=3)
    text = flask_app.test_client().get("/metrics").text
    assert 'relais_found{check="uncertain"} 1.0' in text
    assert 'relais_check_late_seconds{check="uncertain"} 120.0' in text
    for name in CHECKS:
        assert f'relais_check_seconds{{check="{name}"}}' in text


def test_the_clock_sees_that_everything_is_compared(ground, nudge, clock):
    assert clockwork.tidy(ground) == 0
    assert "reconcile" in clockwork.tick(ground, nudge)
    reconcile_due(ground)
    assert "reconcile" not in clockwork.tick(ground, nudge)
    clock.now += timedelta(minutes=1)
    assert "reconcile" in clockwork.tick(ground, nudge)

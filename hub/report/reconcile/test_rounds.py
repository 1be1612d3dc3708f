"""Comparisons are made at their own times, kept where a person sees them, and one that cannot be
made holds up no other."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hub.report.reconcile import rounds
from hub.report.reconcile.check import Check, Finding
from hub.report.reconcile.rounds import CHECKS, plan, reconcile_due
from hub.store import backlog, checks
from hub.store.database import rows


def look_once(ground, monkeypatch, findings):
    """One comparison alone, that finds these."""
    made = Check("toy", "Toys agree.", "Look.", timedelta(minutes=1), lambda _: findings())
    monkeypatch.setattr(rounds, "CHECKS", {"toy": made})
    with ground.database.begin() as db:
        checks.plan(db, ["toy"], ground.clock())
    reconcile_due(ground)


def standing(ground):
    with ground.database.begin() as db:
        return checks.standing(db)[0]


def kept(ground):
    with ground.database.begin() as db:
        return rows(db, "SELECT * FROM findings ORDER BY id")


def test_an_empty_hub_agrees_with_itself(ground, clock):
    plan(ground)
    with ground.database.begin() as db:
        assert backlog.due(db, clock()) == ["reconcile"]
    assert reconcile_due(ground) == len(CHECKS)
    with ground.database.begin() as db:
        found = checks.standing(db)
        assert backlog.due(db, clock()) == []
    assert {one["name"]: one["words"] for one in found} == dict.fromkeys(CHECKS, "")
    assert reconcile_due(ground) == 0


def test_each_comes_again_at_its_own_time(ground, clock):
    plan(ground)
    reconcile_due(ground)
    clock.move(minutes=1)
    assert reconcile_due(ground) == 3
    clock.move(days=1)
    assert reconcile_due(ground) == len(CHECKS)


def test_a_comparison_that_was_taken_out_is_forgotten(ground, clock):
    with ground.database.begin() as db:
        checks.plan(db, ["long gone"], clock())
    plan(ground)
    assert reconcile_due(ground) == len(CHECKS)


def test_what_is_found_stands_from_when_to_when(ground, clock, workspace, monkeypatch):
    found = [Finding(workspace, 2, "Two apart.")]
    look_once(ground, monkeypatch, lambda: found)
    assert (standing(ground)["found"], standing(ground)["words"]) == (2, "Two apart.")
    clock.move(minutes=1)
    found[0] = Finding(workspace, 3, "Three apart.")
    reconcile_due(ground)
    [line] = kept(ground)
    assert (line["found"], line["words"], line["at"] - line["since"]) == (
        3, "Three apart.", timedelta(minutes=1),
    )  # fmt: skip
    found.clear()
    clock.move(minutes=1)
    reconcile_due(ground)
    assert [line["ended_at"] for line in kept(ground)] == [clock()]
    assert standing(ground)["found"] == 0


def test_one_that_cannot_be_made_says_so_and_is_tried_again(ground, clock, monkeypatch):
    def fails():
        raise ZeroDivisionError

    look_once(ground, monkeypatch, fails)
    assert standing(ground)["words"] == "It could not be compared: ZeroDivisionError."
    assert standing(ground)["checked_at"] is None
    clock.move(minutes=1)
    assert reconcile_due(ground) == 1


@pytest.mark.parametrize(("hour", "day"), [(1, 10), (2, 11), (23, 11)])
def test_what_is_compared_daily_is_compared_at_night(hour, day):
    check = replace(CHECKS["invariants"])
    now = datetime(2026, 6, 10, hour, 30 if hour == 2 else 0, tzinfo=UTC)
    assert check.next_after(now) == datetime(2026, 6, day, 2, tzinfo=UTC)

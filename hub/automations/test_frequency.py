"""Caps on the real rows: one batch, two workers at once, several sources, what does not count."""

import threading
import time
from datetime import timedelta

import pytest

from hub.automations.direct import ask_for
from hub.automations.judge import judge
from hub.contract import Phone
from hub.store import consent, messages, numbers, workspaces
from hub.store.database import new_id, row, run
from hub.store.ground import Ground

PHONE = Phone.of("+33639980123")
ONE_A_DAY = {"frequency": [{"messages": 1, "hours": 24, "kind": "marketing"}]}
ONE_OF_ALL = {"frequency": [{"messages": 1, "days": 2, "kind": "all"}]}


@pytest.fixture
def agreed(ground: Ground, workspace, clock):
    """The workspace, where the person agreed to marketing and one message a day is the most."""
    with ground.database.begin() as db:
        workspaces.change(db, workspace, rules=ONE_A_DAY)
        number = numbers.keep(db, ground.vault, workspace, PHONE)
        word = {
            "id": new_id(), "workspace_id": workspace, "phone": number.token, "verdict": "granted",
            "source": "shop", "connection_id": None, "wording": "",
            "said_at": clock() - timedelta(days=1),
        }  # fmt: skip
        consent.add_all(db, [word])
    return workspace


def ask(ground, db, workspace, template="cart-reminder"):
    """Ask for one message: its id (None where it was skipped) and the verdict."""
    _, made, verdict = ask_for(
        db, workspace, template=template, variables={}, language="fr", now=ground.clock(),
        number=numbers.number_of(ground.vault, workspace, PHONE),
    )  # fmt: skip
    return made, verdict


def planned_at_once(ground, workspace, template="cart-reminder"):
    """Two messages that two workers planned without seeing each other's."""
    with ground.database.begin() as one, ground.database.begin() as other:
        first, _ = ask(ground, one, workspace, template)
        second, _ = ask(ground, other, workspace, template)
    return first, second


def judged(ground, db, *ids):
    """What the last look says of these, those that may go having left then."""
    due = messages.lock(db, ids)
    numbers.held(db, ground.vault, list(due.values()))  # as whoever sends them does first
    found = judge(db, [due[one] for one in ids], ground.clock())
    for one in ids:
        if found[one].action == "send":
            run(
                db,
                "UPDATE messages SET state = 'sending', sending_at = :now WHERE id = :id",
                id=one,
                now=ground.clock(),
            )
    return [found[one].reason or found[one].action for one in ids]


def test_a_second_message_is_not_even_planned(ground, agreed):
    with ground.database.begin() as db:
        assert ask(ground, db, agreed)[1].action == "send"
        verdict = ask(ground, db, agreed)[1]
    assert verdict.reason == "cap"
    assert "1 of 1 in 24 hours" in verdict.sentence


def test_of_two_in_one_batch_only_the_first_leaves(ground, agreed):
    first, second = planned_at_once(ground, agreed)
    assert first is not None
    assert second is not None
    with ground.database.begin() as db:
        assert judged(ground, db, first, second) == ["send", "cap"]


def test_two_workers_at_once_never_pass_a_cap_together(ground, agreed):
    first, second = planned_at_once(ground, agreed)
    said = []

    def other_worker():
        with ground.database.begin() as db:
            said.extend(judged(ground, db, second))

    worker = threading.Thread(target=other_worker)
    with ground.database.begin() as db:
        assert judged(ground, db, first) == ["send"]
        worker.start()
        for _ in range(2000):  # until it stands in line, or has gone past
            if waiting(ground) or not worker.is_alive():
                break
            time.sleep(0.005)
        assert said == []
    worker.join(10)
    assert said == ["cap"]


def waiting(ground):
    with ground.database.begin() as db:
        sql = "SELECT 1 AS one FROM pg_locks WHERE NOT granted"
        return row(db, sql) is not None


def test_days_later_there_is_room_again(ground, agreed, clock):
    first, second = planned_at_once(ground, agreed)
    with ground.database.begin() as db:
        assert judged(ground, db, first) == ["send"]
    clock.move(hours=24)
    with ground.database.begin() as db:
        assert judged(ground, db, second) == ["send"]


def test_what_did_not_arrive_leaves_its_place_until_it_does(ground, agreed):
    first, second = planned_at_once(ground, agreed)
    with ground.database.begin() as db:
        judged(ground, db, first)
        assert judged(ground, db, second) == ["cap"]
        set_state(db, first, "failed")
        assert judged(ground, db, second) == ["send"]
        set_state(db, second, "scheduled")
        set_state(db, first, "delivered")  # a receipt that came late
        assert judged(ground, db, second) == ["cap"]


def set_state(db, message, state):
    run(db, "UPDATE messages SET state = :state WHERE id = :id", state=state, id=message)


def test_a_limit_on_all_messages_holds_for_orders_too(ground, agreed):
    with ground.database.begin() as db:
        workspaces.change(db, agreed, rules=ONE_OF_ALL)
    first, second = planned_at_once(ground, agreed, "order-confirmed")
    with ground.database.begin() as db:
        assert judged(ground, db, first, second) == ["send", "cap"]


def test_an_sms_beneath_an_rcs_message_is_not_another_one(ground, agreed):
    first, second = planned_at_once(ground, agreed)
    with ground.database.begin() as db:
        judged(ground, db, first)
        sql = "UPDATE messages SET stands_in_for = :over WHERE id = :id"
        run(db, sql, id=second, over=first)
        assert judged(ground, db, second) == ["send"]


def test_the_hub_s_own_words_neither_count_nor_are_stopped(ground, agreed):
    with ground.database.begin() as db:
        workspaces.change(db, agreed, rules=ONE_OF_ALL)
    confirmation, order = planned_at_once(ground, agreed, "order-confirmed")
    with ground.database.begin() as db:
        run(db, "UPDATE messages SET decision_id = NULL WHERE id = :id", id=confirmation)
        assert judged(ground, db, order, confirmation) == ["send", "send"]
        set_state(db, order, "scheduled")
        assert judged(ground, db, confirmation, order) == ["send", "send"]

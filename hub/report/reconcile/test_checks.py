"""Each comparison on rows that do not agree, and on rows that do."""

from datetime import timedelta
from uuid import UUID

import pytest

from hub.report.reconcile import (
    doubles,
    invariants,
    orphans,
    silent,
    sources,
    stuck,
    subscriptions,
    uncertain,
)
from hub.store import backlog, connections
from hub.store.database import new_id, rows, run

ZOE, LEA = "+33639980101", "+33639980102"


@pytest.fixture
def sql(ground):
    def execute(statement, **values):
        with ground.database.begin() as db:
            return run(db, statement, **values)

    return execute


@pytest.fixture
def connection(ground, workspace, cast):
    with ground.database.begin() as db:
        made = connections.add(
            db, ground.vault, workspace_id=workspace, connector=cast["shop"], settings={},
            secrets={},
        )  # fmt: skip
        due = ground.clock() + timedelta(minutes=5)
        connections.activate(db, made, vendor_state={}, poll_due_at=due, check_due_at=due)
    return made


def found(check, ground):
    """{how many} by the one workspace there is."""
    return [(one.found, one.words) for one in check.look(ground)]


def test_a_source_that_is_not_polled_is_behind_and_is_polled_at_once(ground, clock, connection):
    clock.move(minutes=6)
    assert found(sources, ground) == []
    clock.move(hours=3)
    [(n, words)] = found(sources, ground)
    assert (n, words.startswith("Not polled in time:")) == (1, True)
    with ground.database.begin() as db:
        assert "pull" in backlog.due(db, clock())


def test_a_source_that_its_vendor_made_wait_is_not_behind(ground, clock, connection, sql):
    clock.move(hours=3)
    sql("UPDATE connections SET paused_until = :at", at=clock() + timedelta(minutes=1))
    assert found(sources, ground) == []


def test_uncertain_messages_are_counted_when_late_or_final(ground, clock, write_to, sql, token_of):
    write_to([ZOE, LEA], "Bonjour")
    sql("UPDATE messages SET state = 'uncertain', sending_at = :now", now=clock())
    assert found(uncertain, ground) == []
    zoe = token_of(ZOE)
    sql("UPDATE messages SET final_at = :now WHERE phone = :zoe", now=clock(), zoe=zoe)
    assert found(uncertain, ground) == [(1, "Messages that only you can settle: 1.")]
    clock.move(minutes=16)
    [(n, words)] = found(uncertain, ground)
    assert (n, "after a quarter of an hour: 1." in words) == (2, True)
    sql("UPDATE messages SET settled_as = 'sent_again'")
    assert found(uncertain, ground) == []


def test_silent_messages_are_those_that_asking_did_not_end(ground, connection, workspace, sql):
    sql(
        """INSERT INTO silences (connection_id, workspace_id, asked_until, due_at, seconds, silent)
           VALUES (:id, :shop, now(), now(), 1200, 3)""",
        id=connection,
        shop=workspace,
    )
    [(n, words)] = found(silent, ground)
    assert (n, "without a receipt after 20 minutes: 3." in words) == (3, True)


@pytest.fixture
def receipt(ground, workspace, connection, sql):
    """`receipt(name, message)`: one more receipt."""

    def add(name, message=None):
        intake = new_id()
        sql(
            """INSERT INTO intakes (id, workspace_id, connection_id, road, source, dedupe_key,
                   sealed, received_at)
               VALUES (:id, :shop, :connection, 'carrier', 'hook', CAST(:id AS text)::bytea,
                   '', :now)""",
            id=intake, shop=workspace, connection=connection, now=ground.clock(),
        )  # fmt: skip
        sql(
            """INSERT INTO receipts (id, workspace_id, connection_id, intake_id, message_id,
                   carrier_message_id, reference, state, code, received_at)
               VALUES (:id, :shop, :connection, :intake, CAST(:message AS uuid), :name, '',
                   'delivered', '', :now)""",
            id=new_id(), shop=workspace, connection=connection, intake=intake, message=message,
            name=name, now=ground.clock(),
        )  # fmt: skip

    return add


def test_receipts_of_nobodys_messages_are_orphans_after_a_while(ground, clock, receipt):
    receipt("x-1")
    assert found(orphans, ground) == []
    clock.move(minutes=11)
    assert [n for n, _ in found(orphans, ground)] == [1]


def test_two_ids_for_one_message_are_a_double(ground, receipt, write_to):
    one, other = write_to([ZOE, LEA], "Bonjour")
    receipt("x-1", one)
    receipt("x-2", other)
    assert found(doubles, ground) == []
    receipt("x-3", one)
    assert [n for n, _ in found(doubles, ground)] == [1]


def test_connections_that_need_a_person_may_not_deliver(ground, clock, connection, sql):
    assert found(subscriptions, ground) == []
    clock.move(hours=2)
    assert [n for n, _ in found(subscriptions, ground)] == [1]
    sql("UPDATE connections SET check_due_at = :now", now=clock())
    assert found(subscriptions, ground) == []
    sql("UPDATE connections SET state = 'attention'")
    assert [n for n, _ in found(subscriptions, ground)] == [1]


def test_what_is_due_for_over_a_minute_is_stuck(ground, clock, write_to, receipt, sql):
    write_to([ZOE, LEA], "Bonjour")
    receipt("x-1")
    sql("UPDATE intakes SET due_at = :now", now=clock())
    assert found(stuck, ground) == []
    clock.move(minutes=3)
    [(n, words)] = found(stuck, ground)
    assert n == 3
    assert "messages (2, 3 minutes late)" in words
    assert "arrived (1, 3 minutes late)" in words
    sql("UPDATE messages SET due_at = :later", later=clock() + timedelta(hours=1))
    sql("UPDATE intakes SET state = 'opened'")
    assert found(stuck, ground) == []


def test_a_day_on_the_road_breaks_no_invariant(ground, shop, carrier, road, clock):
    for n in range(3):
        shop.simulator.place_order(first_name="Zoë", phone=f"+3363998012{n}", country="FR")
        road.walk()
    clock.move(hours=1)
    road.walk()
    with ground.database.begin() as db:
        assert len(rows(db, "SELECT 1 FROM costs")) >= 3
    assert found(invariants, ground) == []


@pytest.fixture
def walked(ground, shop, carrier, road):
    shop.simulator.place_order(first_name="Zoë", phone=ZOE, country="FR")
    road.walk()


_DECISIONS = "DELETE FROM decisions"
_BROKEN = {
    "events that no automation answered though one should": [
        "UPDATE messages SET decision_id = NULL", _DECISIONS,
    ],
    "decisions to send without a message": [
        "UPDATE decisions SET message_id = gen_random_uuid() WHERE action = 'send'",
    ],
    "messages that a carrier accepted twice": [
        """INSERT INTO attempts (message_id, n, carrier_id, owner, started_at, outcome)
           SELECT message_id, 9, carrier_id, 1, started_at, 'accepted' FROM attempts""",
    ],
    "days on which what was spent is not what the ledger says": [
        "UPDATE spend SET micros = micros + 1 WHERE scope = 'workspace'",
    ],
    "results in a state that cannot be": [
        "UPDATE write_backs SET done_at = NULL WHERE state = 'done'",
    ],
    "sent messages that their record was never told of": ["DELETE FROM write_backs"],
}  # fmt: skip


@pytest.mark.parametrize("says", sorted(_BROKEN))
def test_each_invariant_notices_what_it_is_for(ground, walked, sql, says):
    assert found(invariants, ground) == []
    for statement in _BROKEN[says]:
        sql(statement)
    [(n, words)] = found(invariants, ground)
    assert n >= 1
    assert says in words


def test_a_message_left_behind_is_noticed(ground, clock, write_to, sql, token_of):
    write_to([ZOE, LEA], "Bonjour")
    sql(
        """UPDATE messages SET state = CASE phone WHEN :zoe THEN 'sending' ELSE 'uncertain' END,
               sending_at = :now, lease_until = :now""",
        now=clock(),
        zoe=token_of(ZOE),
    )
    assert found(invariants, ground) == []
    clock.move(hours=2)
    assert [n for n, _ in found(invariants, ground)] == [1]
    clock.move(hours=72)
    assert [n for n, _ in found(invariants, ground)] == [2]


def test_every_invariant_has_rows_that_break_it():
    left = {"messages left behind by a worker"}
    assert set(_BROKEN) | left == set(invariants.INVARIANTS)


def test_nothing_of_another_workspace_is_mixed_in(
    ground, clock, other_workspace, write_to, sql, token_of
):
    write_to([ZOE, LEA], "Bonjour")
    sql("UPDATE messages SET workspace_id = :other WHERE phone = :zoe", other=other_workspace,
        zoe=token_of(ZOE))  # fmt: skip
    clock.move(minutes=3)
    assert sorted(one.found for one in stuck.look(ground)) == [1, 1]
    assert all(isinstance(one.workspace_id, UUID) for one in stuck.look(ground))

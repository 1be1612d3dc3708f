"""What the road asks all day long is answered from an index, however much history there is."""

import itertools
from collections.abc import Callable
from datetime import timedelta

import psycopg
import pytest

from hub.local.bench import history
from hub.store import (
    backlog,
    doubts,
    events,
    intakes,
    merchants,
    messages,
    people,
    said,
    samples,
    sending,
    turns,
)
from hub.store import write_backs as telling
from hub.store.database import first_id, new_id, row, rows
from hub.work.liveness import LOCK_CLASS

ROWS = 20_000
PHONES = [history.token(n * 31 % 10_000) for n in range(200)]


@pytest.fixture
def years(ground, workspace, shop, carrier):
    """A merchant who has been here for years: `years(query)` is what PostgreSQL would do for it."""
    names = {"slug": "order-confirmed"}
    with ground.database.begin() as db:
        automation = row(db, "SELECT id FROM automations WHERE slug = :slug", **names)["id"]
        template = row(db, "SELECT id FROM templates WHERE slug = :slug", **names)["id"]
    whose = {
        "shop": workspace, "source": shop.connection_id, "carrier": carrier.connection_id,
        "automation": automation, "template": template,
    }  # fmt: skip
    with psycopg.connect(ground.settings.database_url, autocommit=True) as owner:
        history.grow(owner, whose, 0, ROWS)
        yield lambda query: _plans(ground, query)
        owner.execute(f"TRUNCATE {', '.join(history.TABLES)} CASCADE")


def _plans(ground, query: Callable) -> list[dict]:
    """Every node of the plans of all that a store's function asks."""
    asked = []

    class Noted(psycopg.Cursor):
        def execute(self, statement, values=None, **options):
            asked.append((statement, values))
            return super().execute(statement, values, **options)

    with ground.database.engine.connect() as db:
        raw = db.connection.driver_connection
        raw.cursor_factory = Noted
        query(db)
        raw.cursor_factory = psycopg.Cursor
        db.rollback()
        plans = [
            raw.execute(b"EXPLAIN (FORMAT JSON) " + statement, values).fetchone()[0][0]["Plan"]
            for statement, values in asked
            if statement.lstrip().startswith((b"SELECT", b"WITH", b"UPDATE", b"INSERT", b"("))
        ]
        db.rollback()
    return list(itertools.chain.from_iterable(_nodes(plan) for plan in plans))


def _nodes(plan):
    yield plan
    for child in plan.get("Plans", ()):
        yield from _nodes(child)


def _walked(nodes) -> set[str]:
    """The large tables that are read from end to end."""
    return {
        n["Relation Name"]
        for n in nodes
        if n["Node Type"] == "Seq Scan" and n["Relation Name"] in history.TABLES
    }


def _indexes(nodes) -> set[str]:
    return {n["Index Name"] for n in nodes if "Index Name" in n}


def test_no_hot_question_walks_through_history_and_each_has_its_index(years, ground, workspace):
    now = ground.clock()
    day, later = now - timedelta(days=1), now + timedelta(minutes=1)
    who = [(workspace, phone) for phone in PHONES]
    automation = new_id()
    hot = {
        "claim of intakes": (
            lambda db: intakes.claim(db, "events", now, 200), {"intakes_new"}),
        "claim of events": (lambda db: events.claim(db, now, 200), {"events_new"}),
        "claim of messages": (
            lambda db: sending.claim(db, "marketing", now, 500), {"messages_due"}),
        "claim of write-backs": (
            lambda db: telling.claim(db, now, later, 500), {"write_backs_new"}),
        "asked before": (
            lambda db: messages.once(db, [(automation, f"order:{n}") for n in range(50)]),
            {"messages_once"}),
        "sent lately": (
            lambda db: turns.recent(db, [workspace], PHONES, ["marketing"], day),
            {"messages_to", "messages_waiting_to"}),
        "who is still": (lambda db: turns.take(db, who), {"numbers_pkey"}),
        "what is known of numbers": (
            lambda db: people.by_phones(db, [workspace], PHONES),
            {"numbers_pkey", "people_workspace_id_phone_key"}),
        "what a merchant's decisions go by": (
            lambda db: merchants.written(db, [workspace]), {"workspaces_pkey"}),
        "decided, and whether a message may have brought it": (
            lambda db: events.decided(db, [new_id() for _ in range(50)]),
            {"events_pkey", "messages_to", "messages_cart", "clicks_message_id_idx"}),
        "said lately": (
            lambda db: said.since(db, [(w, p, b"x") for w, p in who], day), {"messages_to"}),
        "what cancels": (
            lambda db: events.that_cancel(
                db, [workspace], ["order.created"], subjects=["order:1"], carts=["c-1"],
                phones=PHONES, since=day),
            {"events_of_phone", "events_of_cart"}),
        "what waits": (
            lambda db: messages.waiting_for(
                db, [workspace], subjects=["order:1"], carts=["c-1"], phones=PHONES),
            set()),
        "a receipt's message": (
            lambda db: messages.by_carrier_ids(db, [(automation, f"m-{n}") for n in range(50)]),
            {"messages_carried"}),
        "a reply's message": (lambda db: messages.last_to(db, who), {"messages_to"}),
        "doubts": (lambda db: doubts.due(db, now, later, 50), {"messages_in_doubt"}),
        "a page": (
            lambda db: messages.listed(db, workspace, None, 50),
            set()),
        "a page far back": (
            lambda db: messages.listed(db, workspace, first_id(now - timedelta(days=900)), 50),
            set()),
        "a page of what failed": (
            lambda db: messages.listed(db, workspace, None, 50, "failed"), {"messages_aside"}),
        "gauges of states": (lambda db: backlog.states(db, now), {"messages_pkey"}),
        "gauges of what waits": (
            lambda db: backlog.waiting(db, now), {"intakes_dead", "write_backs_dead"}),
        "a sample": (
            lambda db: samples.of_event(db, workspace, "booking.created", 1),
            set()),
        "what a dead worker held": (
            lambda db: sending.abandoned(db, LOCK_CLASS, now), set()),
        "the sweep": (
            lambda db: backlog.due(db, now),
            {"intakes_new", "events_new", "messages_due", "write_backs_new"}),
    }  # fmt: skip
    wrong = {}
    for name, (query, meant) in hot.items():
        nodes = years(query)
        walked, missed = _walked(nodes), meant - _indexes(nodes)
        if walked or missed:
            wrong[name] = (walked, missed, _indexes(nodes))
    assert wrong == {}


def test_the_sweep_asks_the_index_even_when_half_of_all_rows_were_waiting_once(years, ground):
    with ground.database.begin() as db:
        rows(db, "UPDATE events SET state = 'new' WHERE id > :first RETURNING 1",
             first=first_id(ground.clock() - timedelta(days=1000)))  # fmt: skip
    with psycopg.connect(ground.settings.database_url, autocommit=True) as owner:
        owner.execute("ANALYZE events")  # remembers that day …
    with ground.database.begin() as db:
        rows(db, "UPDATE events SET state = 'decided' RETURNING 1")  # … and everything was done
    assert _walked(years(lambda db: backlog.due(db, ground.clock()))) == set()

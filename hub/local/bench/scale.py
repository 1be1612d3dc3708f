"""Whether history makes the hub slow: claims, sweeps, pages and decisions beside what they took
without any; and what more workers bring."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any

import click
import psycopg
from sqlalchemy import Connection

from hub.automations.decide import decide_batch
from hub.contract import Phone
from hub.local.bench import history
from hub.local.bench.measured import Bar, Measured
from hub.local.bench.rig import Rig, rig
from hub.local.bench.road import steady
from hub.local.bench.telling import Teller
from hub.store import backlog, events, intakes, messages, sending, turns, write_backs
from hub.store import database as store
from hub.store.database import first_id, new_id, row
from hub.store.numbers import Number, keep_all

NAME = "scale"
SAYS = (
    "Claims, sweeps and pages with millions of rows of history; the road with 1, 2 and 4 workers."
)
OPTIONS = (
    click.Option(["--rows"], default="0,20000,1000000,5000000,10000000", show_default=True,
                 help="How many messages of history, each with its five other rows; with commas."),
    click.Option(["--workers"], default="1,2,4", show_default=True,
                 help="Worker processes for the road's own laps; empty for none."),
    click.Option(["--events"], type=int, default=5_000, show_default=True,
                 help="How many events each lap of the road has."),
)  # fmt: skip

ROUNDS = 15
BAR = 1.5
_NOISE = 0.5  # ms: what is faster than this has nothing to lose
_WAITING = 2_000
_KNOWN = 10_000  # people whose numbers the carrier could be told: those kept for examples


def run(say: Teller, rows: str, workers: str, events: int) -> Measured:
    """Each figure at each size, in milliseconds, and the road with each number of workers."""
    sizes = sorted({int(n) for n in rows.split(",") if n})
    laps = {n: _road(say, int(n), events) for n in workers.split(",") if n}
    curve: dict[int, dict[str, float]] = {}
    with rig(say, worker_processes=1) as here, here.resting():
        stands = 0
        know(here)
        for size in sizes:
            with psycopg.connect(here.hub.settings.database_url, autocommit=True) as db:
                history.grow(db, whose(here), stands, size, say.now)
            stands = size
            curve[size] = _measured(here, say, f"{size:,} rows")
            say(f"{size:>12,} rows: " + ", ".join(f"{k} {v:.2f}" for k, v in curve[size].items()))
    bars = tuple(_bars(curve, sizes))
    return Measured({"ms_by_rows": curve, "road_by_workers": laps}, bars)


def _road(say: Teller, workers: int, events: int) -> dict[str, float]:
    with rig(say, worker_processes=workers) as here:
        found = steady(here, say, f"{workers} workers", events)
    say(f"{workers} workers: {found['accepted_per_s']:,.0f} accepted a second, "
        f"{found['sent_per_s']:,.0f} sent a second")  # fmt: skip
    return found


def whose(here: Rig) -> dict[str, Any]:
    with here.ground.database.begin() as db:
        found = row(
            db,
            """SELECT a.id AS automation, t.id AS template FROM automations a JOIN templates t
               ON t.workspace_id = a.workspace_id AND t.slug = a.slug
               WHERE a.slug = 'order-confirmed'""",
        )
    ours = {"shop": here.workspace_id, "source": here.shop["id"], "carrier": here.carrier["id"]}
    return {**ours, **(found or {})}


def know(here: Rig, people: Iterable[int] = range(_KNOWN)) -> None:
    """These people of the history have numbers, those kept for examples, again and again."""
    phones = [Phone.of(f"+3363998{n:04d}") for n in range(_KNOWN)]
    numbers = iter([Number(history.token(n), phones[n % _KNOWN]) for n in people])
    while some := list(islice(numbers, _KNOWN)):
        with here.ground.database.begin() as db:
            keep_all(db, here.ground.vault, ((here.workspace_id, one) for one in some))


def _measured(here: Rig, say: Teller, what: str) -> dict[str, float]:
    """The best of several rounds, which no neighbour has lengthened; claims are taken back, so that
    each finds the same rows waiting."""
    now = here.ground.clock()
    until = now + timedelta(minutes=1)
    shop = here.workspace_id
    phones = [history.token(n * 17 % _KNOWN) for n in range(500)]
    deep = first_id(now - timedelta(days=900))
    with _seeded(here) as fresh:
        asked: dict[str, Callable[[Connection], Any]] = {
            "sweep": lambda db: backlog.due(db, now),
            "claim_intakes": lambda db: intakes.claim(db, "events", now, 200),
            "claim_events": lambda db: events.claim(db, now, 200),
            "claim_messages": lambda db: sending.claim(db, "marketing", now, 500),
            "claim_write_backs": lambda db: write_backs.claim(db, now, until, 500),
            "sent_lately": lambda db: turns.recent(
                db, [shop], phones, ["marketing", "transactional"], now - timedelta(days=1)
            ),
            "page_first": lambda db: messages.listed(db, shop, None, 50),
            "page_deep": lambda db: messages.listed(db, shop, deep, 50),
            "page_of_failed": lambda db: messages.listed(db, shop, None, 50, "failed"),
            "gauges": lambda db: (backlog.waiting(db, now), backlog.states(db, now)),
        }
        found = {name: _timed(here, one) for name, one in asked.items()}
        say.now(f"{what}: deciding")
        found["decide_200"] = _deciding(here, fresh)
    return {name: round(ms, 3) for name, ms in found.items()}


def _timed(here: Rig, ask: Callable[[Connection], Any]) -> float:
    took = []
    for _ in range(ROUNDS):
        with here.ground.database.engine.connect() as db:
            began = time.perf_counter()
            ask(db)
            took.append((time.perf_counter() - began) * 1000)
            db.rollback()
    return min(took)


def _deciding(here: Rig, fresh: Callable[[int], None]) -> float:
    """A whole batch of 200 events, committed as always."""
    took = []
    for n in range(7):
        fresh(n)
        began = time.perf_counter()
        decide_batch(here.ground, 200)
        took.append((time.perf_counter() - began) * 1000)
    return min(took)


@contextmanager
def _seeded(here: Rig) -> Iterator[Callable[[int], None]]:
    """Some of everything waits; all of it goes again. Yields what puts 200 fresh events there."""
    with here.ground.database.begin() as db:
        _wait(db, here)
    yield partial(_fresh, here)
    _clear(here)


def _wait(db: Connection, here: Rig) -> None:
    given = {"shop": here.workspace_id, "source": here.shop["id"], "n": _WAITING, **whose(here)}
    run_sql = partial(store.run, db)
    run_sql(
        """INSERT INTO intakes (id, workspace_id, connection_id, road, source, dedupe_key, sealed,
               received_at, due_at)
           SELECT gen_random_uuid(), :shop, :source, 'events', 'bench',
               decode(md5(gen_random_uuid()::text), 'hex'), '', now(), now() - interval '1 second'
           FROM generate_series(1, :n) i""",
        **_only(given, "shop", "source", "n"),
    )
    run_sql(
        """INSERT INTO messages (id, workspace_id, template_id, template_version, kind, phone,
               language, zone, variables, state, reason, due_at, created_at, changed_at)
           SELECT gen_random_uuid(), :shop, :template, 1, 'marketing', :phone, 'en',
               'Europe/Paris', '{}', 'scheduled', 'bench', now() - interval '1 second', now(), now()
           FROM generate_series(1, :n) i""",
        **_only(given, "shop", "template", "n"),
        phone=history.token(1),
    )
    run_sql(
        """INSERT INTO write_backs (id, workspace_id, connection_id, marker, outcome, due_at)
           SELECT gen_random_uuid(), :shop, :source, 'bench' || i, '{}', now() - interval '1 second'
           FROM generate_series(1, :n) i""",
        **_only(given, "shop", "source", "n"),
    )
    _fresh_rows(db, here, "waiting", _WAITING)


def _only(given: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: given[name] for name in names}


def _fresh(here: Rig, lap: int) -> None:
    with here.ground.database.begin() as db:
        store.run(db, "DELETE FROM events WHERE state = 'new'")
        _fresh_rows(db, here, f"{new_id().hex}-{lap}", 200)


def _fresh_rows(db: Connection, here: Rig, name: str, count: int) -> None:
    store.run(
        db,
        """INSERT INTO events (id, workspace_id, connection_id, intake_id, type, key, subject,
               occurred_at, received_at, data, person, phone, due_at)
           SELECT gen_random_uuid(), :shop, :source, (SELECT id FROM intakes LIMIT 1),
               'order.created', :name || p.i, 'order:' || :name || p.i, now(), now(),
               '{"order_number": "B1", "item_count": 2}', '{"kind": "mobile", "country": "FR"}',
               p.phone, now() - interval '1 second'
           FROM unnest(CAST(:phones AS text[])) WITH ORDINALITY p(phone, i)""",
        shop=here.workspace_id, source=here.shop["id"], name=name,
        phones=[history.token(n * 13 % _KNOWN) for n in range(count)],
    )  # fmt: skip


def _clear(here: Rig) -> None:
    with here.ground.database.begin() as db:
        store.run(
            db, "DELETE FROM messages WHERE reason = 'bench' OR state IN ('scheduled', 'held')"
        )
        store.run(db, "DELETE FROM write_backs WHERE state = 'new'")
        store.run(db, "DELETE FROM events WHERE state = 'new'")
        store.run(db, "UPDATE intakes SET state = 'opened' WHERE state = 'new'")


def _bars(curve: dict[int, dict[str, float]], sizes: list[int]) -> Iterator[Bar]:
    """Claims and sweeps beside none at all; the rest beside the first size at which there is
    something on the page."""
    full = next((size for size in sizes if size), sizes[0])
    for name, took in curve[sizes[-1]].items():
        base = sizes[0] if name == "sweep" or name.startswith("claim") else full
        ratio = round(took / max(curve[base][name], _NOISE), 2)
        yield Bar(f"{name}, {sizes[-1]:,} rows beside {base:,}", ratio, BAR, " ×", at_most=True)

"""Is the hub up, can it work, and what waits in it: for load balancers and Prometheus."""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address

import redis
from flask import Blueprint, Response, request
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from hub.store import backlog, checks, steps
from hub.store.database import row, rows
from hub.store.ground import Ground
from hub.web.api.doors import authorise
from hub.web.api.problems import BUSY, Problem, respond
from hub.work.liveness import LOCK_CLASS

_PATIENCE = 2.0  # seconds


def door(ground: Ground) -> Blueprint:
    """`/healthz` the process, `/readyz` what it needs, `/metrics` what waits."""
    health = Blueprint("health", __name__)

    @health.get("/healthz")
    def alive() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @health.get("/readyz")
    def ready() -> Response:
        missing = [*lacks_of_database(ground), *lacks_of_broker(ground.settings.redis_url)]
        words = "\n".join(missing) or "ready"
        return Response(f"{words}\n", 503 if missing else 200, mimetype="text/plain")

    @health.get("/metrics")
    def metrics() -> Response:
        try:
            if not _from_here():
                authorise(ground, "read")
            with ground.database.begin() as db:
                text = figures(ground, db)
        except Problem as problem:
            return respond(problem)
        except SQLAlchemyError:
            return respond(BUSY)
        return Response(text, content_type=CONTENT_TYPE_LATEST)

    return health


def lacks_of_database(ground: Ground) -> Iterator[str]:
    """What keeps the database from serving, in a sentence; nothing when it serves."""
    try:
        with ground.database.begin() as db:
            stands, newest = steps.current(db), steps.newest()
    except SQLAlchemyError:
        yield "The database does not answer."
        return
    if stands != newest:
        yield f"The schema is at «{stands}», not «{newest}»: run hub migrate."


def lacks_of_broker(redis_url: str) -> Iterator[str]:
    """The same for the broker. Without it nothing is lost, and everything waits for the clock."""
    once = Retry(NoBackoff(), 0)
    try:
        with redis.Redis.from_url(
            redis_url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE, retry=once
        ) as client:
            client.ping()
    except (redis.RedisError, ValueError):
        yield "Redis does not answer."


def workers(db: Connection) -> int:
    """How many worker processes hold their proof of life in this database."""
    found = row(
        db,
        """SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory' AND granted
           AND CAST(classid AS bigint) = :lock_class AND objsubid = 2
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""",
        lock_class=LOCK_CLASS,
    )
    return int(found["n"]) if found is not None else 0


def figures(ground: Ground, db: Connection) -> bytes:
    """The gauges in Prometheus' text form, counted now."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Counted(list(_gauges(ground, db))))
    return generate_latest(registry)


class _Counted(Collector):
    """Gauges already counted, as the registry wants them."""

    def __init__(self, gauges: list[GaugeMetricFamily]) -> None:
        self._gauges = gauges

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Each gauge once."""
        yield from self._gauges


def _gauges(ground: Ground, db: Connection) -> Iterator[GaugeMetricFamily]:
    waiting = backlog.waiting(db, ground.clock())
    many = GaugeMetricFamily("relais_waiting", "Rows that wait, by shelf.", labels=["what"])
    old = GaugeMetricFamily("relais_oldest_seconds", "Age of the oldest of them.", labels=["what"])
    for what, (number, age) in waiting.items():
        many.add_metric([what], number)
        old.add_metric([what], age)
    told = GaugeMetricFamily(
        "relais_messages", "Messages of the last day by state.", labels=["kind", "state"]
    )
    for (kind, state), number in backlog.states(db, ground.clock()).items():
        told.add_metric([kind, state], number)
    linked = GaugeMetricFamily(
        "relais_connections", "Connections by state.", labels=["connector", "state"]
    )
    for found in rows(
        db, "SELECT connector, state, count(*) AS n FROM connections GROUP BY connector, state"
    ):
        linked.add_metric([found["connector"], found["state"]], found["n"])
    alive = GaugeMetricFamily("relais_workers", "Worker processes alive.", value=workers(db))
    yield from (many, old, told, linked, alive)
    yield from _compared(ground, db)


def _compared(ground: Ground, db: Connection) -> Iterator[GaugeMetricFamily]:
    """What does not agree, by comparison; and how late each comparison is, alarming on its own."""
    found = GaugeMetricFamily("relais_found", "What does not agree, by check.", labels=["check"])
    late = GaugeMetricFamily("relais_check_late_seconds", "How late it is.", labels=["check"])
    took = GaugeMetricFamily("relais_check_seconds", "How long it took.", labels=["check"])
    for check in checks.standing(db):
        found.add_metric([check["name"]], check["found"])
        late.add_metric([check["name"]], _late(check["due_at"], ground.clock()))
        took.add_metric([check["name"]], check["seconds"])
    yield from (found, late, took)


def _late(due: datetime, now: datetime) -> float:
    return max((now - due).total_seconds(), 0.0)


def _from_here() -> bool:
    """Whether the caller is on this machine itself, and not behind a proxy that is."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False

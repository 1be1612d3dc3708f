"""The composition root: the only place that builds things."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from celery import Celery

from hub import config, registry
from hub.config import Settings
from hub.connections import tokens
from hub.contract import Clock, utc_now
from hub.contract.outbound import open_inwards
from hub.store.database import connect, refuse_unsafe
from hub.store.ground import Ground
from hub.store.sealing import Vault
from hub.work.liveness import Proof
from hub.work.nudges import Nudges, celery_app
from hub.work.stretch import Stretch

if TYPE_CHECKING:
    from flask import Flask


@dataclass(frozen=True)
class Hub:
    """A hub put together: its ground, its broker, its tasks."""

    ground: Ground
    celery: Celery
    nudge: Nudges
    proof: Proof


def build(settings: Settings, clock: Clock = utc_now, pool: int = 8) -> Hub:
    """Put a hub together. Raises UnsafeDatabase; the schema must be there (`hub migrate`)."""
    open_inwards(settings.inward)
    database = connect(settings.database_url, pool)
    refuse_unsafe(database)
    found = registry.load(Path(settings.connectors))
    ground = Ground(
        database=database,
        vault=Vault.on(database, config.master_key(settings)),
        connectors={e.slug: e.connector for e in found.entries if e.connector is not None},
        clock=clock,
        settings=settings,
        renew=tokens.renew,
    )
    celery = celery_app(settings.redis_url)
    nudge = Nudges(celery)
    proof = Proof(settings.database_url, settings.lease)
    return Hub(ground, celery, nudge, proof)


def take_work(hub: Hub) -> None:
    """Register what a worker does; no other part of the hub carries it in memory."""
    from hub.work import pipeline

    arrows = pipeline.Pipeline(hub.ground, hub.nudge, hub.proof, Stretch(hub.celery))
    pipeline.register(hub.celery, arrows)


def web() -> "Flask":
    """The web application, for a WSGI server; settings come from the environment."""
    from hub.web import site  # half of a worker's start, and of no use to one

    settings = config.read()
    config.log_to_stderr(settings.log_level)
    hub = build(settings, pool=4)  # a request holds one for a few milliseconds
    return site.build(hub.ground, hub.nudge)

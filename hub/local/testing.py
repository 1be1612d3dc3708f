"""pytest fixtures on the real engines: a fresh migrated database for each test, a clock that
moves by hand, a shop and a carrier on loopback sockets, and the road walked on demand.

Loaded with `-p hub.local.testing`. `engines` starts once per process; everything else is per test.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from wsgiref.types import WSGIApplication

import psycopg
import pytest
from flask import Flask

from hub import registry
from hub.automations.seed import plant
from hub.config import Settings
from hub.connections import install
from hub.contract.kit.simulator import Faults, serve
from hub.local.engines import Addresses, own
from hub.store import backlog, schema, workspaces
from hub.store.database import connect, new_id
from hub.store.ground import Ground
from hub.store.secrets import Vault
from hub.web import site
from hub.work.liveness import Proof
from hub.work.nudges import Nudges, celery_app
from hub.work.pipeline import Pipeline

_TEMPLATE = "relais_migrated"
_ROUNDS = 60


@dataclass
class HandClock:
    """A clock that stands still until it is moved. Wednesday 10 June 2026, noon in Paris."""

    now: datetime = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> datetime:
        """Forward by so many `minutes`, `hours`, `days` …; the new time."""
        self.now += timedelta(**span)
        return self.now


@dataclass
class Doorstep:
    """The hub's own socket on loopback, up all session long; each test puts its site behind it."""

    url: str = ""
    app: WSGIApplication | None = None
    faults: Faults = field(default_factory=Faults)

    def wsgi(self, environ: Any, start_response: Any) -> Any:
        """The present test's site; 503 between tests."""
        if self.app is None:
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        return self.app(environ, start_response)


@dataclass(frozen=True)
class Installed:
    """A vendor's simulator on a socket, and its connection in the workspace."""

    simulator: Any
    url: str
    connection_id: UUID


@dataclass(frozen=True)
class Road:
    """Walks the road in this process, arrow by arrow, with no worker and no clock running."""

    pipeline: Pipeline
    ground: Ground
    simulators: list[Any] = field(default_factory=list)

    def walk(self) -> None:
        """Until nothing is due at this moment and every vendor has said what it had to say."""
        for _ in range(_ROUNDS):
            for simulator in self.simulators:
                if not simulator.flush():
                    raise AssertionError("A vendor's deliveries do not come to an end.")
            with self.ground.database.begin() as db:
                due = backlog.due(db, self.ground.clock())
            if not due:
                return
            for arrow in due:
                getattr(self.pipeline, arrow)()
        raise AssertionError(f"The road does not come to rest: {', '.join(due)}.")


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Addresses]:
    """One embedded PostgreSQL and Valkey, with a migrated database that others are copied from."""
    folder = tmp_path_factory.mktemp("engines")
    with own(folder / "data", lambda words: None) as running:
        addresses = running.addresses
        _administer(addresses, f"CREATE DATABASE {_TEMPLATE}")
        database = connect(_named(addresses, _TEMPLATE), pool=1)
        schema.migrate(database)
        database.engine.dispose()
        yield addresses
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def doorstep() -> Iterator[Doorstep]:
    """Where the hub answers on loopback."""
    step = Doorstep()
    with serve(step) as served:
        step.url = served.url
        yield step


@pytest.fixture(scope="session")
def found() -> registry.Registry:
    """The connectors of this checkout."""
    return registry.load()


@pytest.fixture
def clock() -> HandClock:
    """The clock of everything in this test, the simulators included."""
    return HandClock()


@pytest.fixture
def settings(engines: Addresses, doorstep: Doorstep, tmp_path: Path) -> Iterator[Settings]:
    """A hub's settings on a fresh database, dropped afterwards."""
    name = f"relais_{new_id().hex}"
    _administer(engines, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    yield Settings(
        database_url=_named(engines, name),
        redis_url=engines.redis_url,
        data=str(tmp_path),
        public_url=doorstep.url,
        master_key=os.urandom(32).hex(),
    )
    _administer(engines, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def ground(settings: Settings, found: registry.Registry, clock: HandClock) -> Iterator[Ground]:
    """What every room stands on, over a fresh database."""
    database = connect(settings.database_url, pool=4)
    usable = {e.slug: e.connector for e in found.entries if e.connector is not None}
    yield Ground(database, Vault(bytes.fromhex(settings.master_key)), usable, clock, settings)
    database.engine.dispose()


@pytest.fixture
def workspace(ground: Ground) -> UUID:
    """Maison Lune in Paris, open at all hours, with the gallery's templates and starters live."""
    return new_workspace(ground)


def new_workspace(ground: Ground, name: str = "Maison Lune", **more: Any) -> UUID:
    """One more merchant; `more` is what `workspaces.add` takes."""
    given: dict[str, Any] = {
        "name": name, "brand": name, "country": "FR", "language": "fr", "zone": "Europe/Paris",
        "sending_window": {"preset": "always"}, "stop_code": "36034", **more,
    }  # fmt: skip
    with ground.database.begin() as db:
        made = workspaces.add(db, **given)
        plant(db, made, Path(ground.settings.templates), ground.clock())
    return made


@pytest.fixture
def nudge(settings: Settings) -> Nudges:
    """Nudges into the real broker; nobody listens there."""
    return Nudges(celery_app(settings.redis_url))


@pytest.fixture
def flask_app(ground: Ground, nudge: Nudges, doorstep: Doorstep) -> Iterator[Flask]:
    """The hub's site, also answering at `settings.address` while the test runs."""
    doorstep.app = made = site.build(ground, nudge)
    yield made
    doorstep.app = None


@pytest.fixture
def road(ground: Ground, nudge: Nudges, flask_app: Flask) -> Iterator[Road]:
    """The pipeline on demand: `road.walk()`."""
    proof = Proof(ground.settings.database_url)
    yield Road(Pipeline(ground, nudge, proof), ground)
    if proof._connection is not None:
        proof._connection.close()


Installer = Callable[[str], Installed]


@pytest.fixture
def installed(
    ground: Ground, workspace: UUID, road: Road, found: registry.Registry, clock: HandClock
) -> Iterator[Installer]:
    """`installed(slug)` serves that connector's simulator and connects the workspace to it."""
    served = []

    def add(slug: str) -> Installed:
        simulator: Any = found.simulator(slug)
        simulator = type(simulator)(clock=clock)
        served.append(serve(simulator))
        url, auth = served[-1].url, ground.connectors[slug].auth
        named = {field.name for field in getattr(auth, "fields", ())}
        secrets = {k: v for k, v in simulator.secrets().items() if k in named}
        started = install.start(ground, workspace, slug, simulator.settings(url), secrets)
        road.simulators.append(simulator)
        return Installed(simulator, url, started.connection_id)

    yield add
    for one in served:
        one.stop()


@pytest.fixture
def shop(installed: Installer) -> Installed:
    """A WooCommerce shop, connected: `shop.simulator.place_order(...)`."""
    return installed("woocommerce")


@pytest.fixture
def carrier(installed: Installer) -> Installed:
    """An smsmode account, connected: `carrier.simulator.inbox(number)`."""
    return installed("smsmode")


def _named(addresses: Addresses, name: str) -> str:
    return addresses.database_url.rsplit("/", 1)[0] + f"/{name}"


def _administer(addresses: Addresses, statement: str) -> None:
    with psycopg.connect(addresses.database_url, autocommit=True) as db:
        db.execute(statement.encode())

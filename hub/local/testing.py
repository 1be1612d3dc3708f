"""pytest fixtures on the real engines: a fresh migrated database for each test, a clock that
moves by hand, a shop and a carrier on loopback sockets, and the road walked on demand.

Loaded with `-p hub.local.testing`. `engines` starts once per process; everything else is per test.
"""

import gc
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask import Flask

from hub import registry
from hub.automations.seed import plant
from hub.config import Settings
from hub.connections import install, tokens
from hub.contract import Phone
from hub.contract.kit.simulator import serve
from hub.contract.outbound import to_simulators
from hub.local.cast import CAST
from hub.local.chromium import chromium
from hub.local.consenting import agree, typed_in
from hub.local.engines import Addresses, own
from hub.local.receiver import receiver
from hub.local.routes import compile_late
from hub.local.sandbox.staging import played
from hub.local.slate import Slate, slate_of
from hub.local.stage import Doorstep, HandClock, Installed, Road
from hub.store import messages, schema, templates, workspaces
from hub.store import numbers as numbers_of
from hub.store.database import connect, new_id
from hub.store.ground import Ground
from hub.store.sealing import Vault
from hub.web import site
from hub.work.liveness import Proof
from hub.work.nudges import Nudges, celery_app
from hub.work.pipeline import Pipeline

__all__ = [
    "Doorstep", "HandClock", "Installed", "Road", "chromium", "new_workspace", "played", "receiver",
]  # fmt: skip

to_simulators()
compile_late()
gc.set_threshold(20_000, 20, 10)
_TEMPLATE = "relais_migrated"


def pytest_collection_finish() -> None:
    """All that is loaded stays: the collector need not walk through it during the tests."""
    gc.freeze()


@pytest.fixture(scope="session")
def engines_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the engines keep all that they write."""
    return tmp_path_factory.mktemp("engines")


@pytest.fixture(scope="session")
def engines(engines_folder: Path) -> Iterator[Addresses]:
    """One embedded PostgreSQL and Valkey, with a migrated database that others are copied from."""
    folder = engines_folder
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


@pytest.fixture(scope="session")
def cast() -> Mapping[str, str]:
    """Which connector plays the shop, the carrier …: rooms know parts, never vendors."""
    return CAST


@pytest.fixture
def clock() -> HandClock:
    """The clock of everything in this test, the simulators included."""
    return HandClock()


@pytest.fixture(scope="session")
def slate(engines: Addresses) -> Iterator[Slate]:
    """One database for all tests of this process: wiping costs a twentieth of making one."""
    name = f"relais_{new_id().hex}"
    _administer(engines, f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
    made = slate_of(_named(engines, name))
    yield made
    made.close()


@pytest.fixture
def settings(
    engines: Addresses, slate: Slate, doorstep: Doorstep, tmp_path: Path
) -> Iterator[Settings]:
    """A hub's settings on an empty database."""
    yield Settings(
        database_url=slate.url,
        redis_url=engines.redis_url,
        data=str(tmp_path),
        public_url=doorstep.url,
        master_key=os.urandom(32).hex(),
        allow_private="1",
    )
    slate.clean()


@pytest.fixture
def ground(
    settings: Settings, slate: Slate, found: registry.Registry, clock: HandClock
) -> Iterator[Ground]:
    """What every room stands on, over a fresh database."""
    at_the_slate = settings.database_url == slate.url
    database = replace(slate.database) if at_the_slate else connect(settings.database_url, pool=4)
    usable = {e.slug: e.connector for e in found.entries if e.connector is not None}
    vault = Vault.on(database, bytes.fromhex(settings.master_key))
    yield Ground(database, vault, usable, clock, settings, tokens.renew)
    if not at_the_slate:
        database.engine.dispose()


@pytest.fixture
def workspace(ground: Ground) -> UUID:
    """Maison Lune in Paris, open at all hours, with the gallery's templates and starters live."""
    return new_workspace(ground)


@pytest.fixture
def other_workspace(ground: Ground) -> UUID:
    """Another merchant in the same hub, who must never see anything of the first."""
    return new_workspace(ground, "Other")


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
    proof.close()


Installer = Callable[..., Installed]


@pytest.fixture
def installed(
    ground: Ground, workspace: UUID, road: Road, found: registry.Registry, clock: HandClock
) -> Iterator[Installer]:
    """`installed(slug, way)` serves that connector's simulator and connects the workspace to it,
    as a merchant would: keys typed in, or the vendor's consent page read and agreed to."""
    served = []

    def add(
        slug: str,
        way: str = "",
        settings: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> Installed:
        simulator: Any = found.simulator(slug)
        simulator = type(simulator)(clock=clock)
        served.append(serve(simulator))
        url, connector = served[-1].url, ground.connectors[slug]
        form = {**simulator.settings(url), **(settings or {})}
        typed = {**typed_in(simulator, connector, way), **(secrets or {})}
        started = install.start(ground, workspace, slug, form, typed, way=way)
        if started.consent_url:
            agree(started.consent_url)
        road.simulators.append(simulator)
        return Installed(simulator, url, started.connection_id, slug)

    yield add
    for one in served:
        one.stop()


@pytest.fixture
def token_of(ground: Ground, workspace: UUID) -> Callable[..., str]:
    """`token_of(number)`: what stands for a number (E.164) in this workspace's rows."""

    def name(number: str, whose: UUID = workspace) -> str:
        return ground.vault.token(whose, number)

    return name


@pytest.fixture(name="agree")
def _agree() -> Callable[..., str]:
    """`agree(consent_url)`: a merchant's browser reads the page and clicks «Allow»."""
    return agree


@pytest.fixture
def shop(installed: Installer) -> Installed:
    """The shop, connected: `shop.simulator.place_order(...)`."""
    return installed(CAST["shop"])


@pytest.fixture
def carrier(installed: Installer) -> Installed:
    """The carrier's account, connected for SMS alone: `carrier.simulator.inbox(number)`."""
    return installed(CAST["phones"], settings={"agent": ""}, secrets={"rcs_key": ""})


@pytest.fixture
def rcs_carrier(installed: Installer) -> Installed:
    """The same with an RCS agent: `rcs_carrier.simulator.handsets.screen(number)`."""
    return installed(CAST["phones"])


@pytest.fixture
def write_to(ground: Ground, workspace: UUID) -> Callable[..., list[str]]:
    """`write_to(numbers, text, rich)`: plans a transactional message, due now, to each number; the
    ids as carriers are given them, in order."""

    def plan(numbers: Iterable[str], text: str, rich: Any = None) -> list[str]:
        now = ground.clock()
        with ground.database.begin() as db:
            kept = [numbers_of.keep(db, ground.vault, workspace, Phone.of(n)) for n in numbers]
            template = templates.save(
                db, workspace, "written-to", kind="transactional", title="Written to",
                texts={"fr": text}, rich={"fr": rich} if rich else {}, defaults={},
            )  # fmt: skip
            planned = [
                {
                    "id": new_id(), "workspace_id": workspace, "template_id": template["id"],
                    "template_version": template["version"], "kind": "transactional",
                    "channel": "rcs" if rich else "sms", "phone": number.token, "language": "fr",
                    "zone": "Europe/Paris", "variables": {"first_name": f"Zoé {n}"},
                    "state": "scheduled", "reason": "", "sentence": "", "due_at": now, "cart": "",
                    "sender": "", "subject": "", "record": "", "variant": "", "created_at": now,
                    "changed_at": now,
                }
                for n, number in enumerate(kept)
            ]  # fmt: skip
            messages.add_all(db, planned)
        return [str(one["id"]) for one in planned]

    return plan


def _named(addresses: Addresses, name: str) -> str:
    return addresses.database_url.rsplit("/", 1)[0] + f"/{name}"


def _administer(addresses: Addresses, statement: str) -> None:
    with psycopg.connect(addresses.database_url, autocommit=True) as db:
        db.execute(statement.encode())

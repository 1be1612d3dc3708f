"""Opening the town: a hub with its engines, five systems and a carrier, installed as a merchant
would."""

import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

from hub import app, config
from hub.config import Settings
from hub.local import supervise
from hub.local.demo import installing, merchant, validity
from hub.local.demo.acts import Acts
from hub.local.demo.api import Api
from hub.local.demo.neighbours import Phones, Shop
from hub.local.demo.planted import plant
from hub.local.demo.street import Street, open_street
from hub.local.demo.witness import Witness
from hub.local.engines.ports import free_ports
from hub.local.logged import stderr_into
from hub.store.ground import Ground

Say = Callable[[str], None]


class FolderTaken(RuntimeError):
    """The folder holds something already; the words say what to do."""


@dataclass
class Town:
    """The running town. `restarts` names what died and was started again; `trouble` what the
    supervisor could not mend."""

    hub: supervise.Supervisor
    ground: Ground
    workspace_id: UUID
    street: Street
    acts: Acts
    folder: Path
    api: Api
    restarts: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def token_of(self, number: str) -> str:
        """What stands for a number (E.164) in the hub's rows; nothing for none."""
        return self.ground.vault.token(self.workspace_id, number) if number else ""

    @property
    def shop(self) -> Shop:
        """The pretend shop."""
        return self.street.shop

    @property
    def phones(self) -> Phones:
        """The pretend carrier, with everybody's phone."""
        return self.street.phones

    @property
    def witness(self) -> Witness:
        """Who saw when the hub answered and called."""
        return self.street.witness

    def tend(self, stop: threading.Event) -> None:
        """Start again whatever dies, and let the carrier's time pass, until told to stop."""
        while not stop.wait(0.2):
            try:
                self.restarts += self.hub.tend()
                validity.give_up(self.phones)
            except Exception as error:
                self.trouble.append(f"{type(error).__name__}: {error}")


@contextmanager
def open_town(say: Say, data: Path | None = None, **changes: float) -> Iterator[Town]:
    """A town that is open as long as the block runs; without `data` its folder is then removed.

    `changes` are settings of the hub's own (`lease=13`). Raises FolderTaken, and what
    `supervise.start` raises.
    """
    folder = _folder(data)
    log = folder / "hub.log"
    say(f"The town's own folder is {folder}; what the hub logs is in {log.name} there.")
    try:
        with (
            stderr_into(log),
            open_street() as street,
            supervise.start(_settings(folder, changes), say) as hub,
        ):
            yield from _settled(hub, street, folder, say)
    except supervise.CannotStart:
        say(log.read_text(errors="replace")[-2000:])
        raise
    finally:
        if data is None:
            shutil.rmtree(folder, ignore_errors=True)


def _folder(data: Path | None) -> Path:
    if data is None:
        return Path(tempfile.mkdtemp(prefix="relais-demo-"))
    if data.exists() and any(data.iterdir()):
        raise FolderTaken(f"{data} is not empty, and a demo begins anew. Name another folder.")
    data.mkdir(parents=True, exist_ok=True)
    return data.resolve()


def _settings(folder: Path, changes: dict[str, float]) -> Settings:
    # Never the operator's own database: of the environment only where the code is counts here.
    kept = {n: os.environ[n] for n in ("HUB_CONNECTORS", "HUB_TEMPLATES") if n in os.environ}
    base = config.read(
        {**kept, "HUB_DATA": str(folder), "HUB_ALLOW_PRIVATE": "1", "HUB_LOG_LEVEL": "WARNING"}
    )
    chosen = replace(base, port=next(free_ports()), poll_every=2.0)
    return replace(chosen, **changes)  # type: ignore[arg-type]


def _settled(hub: supervise.Supervisor, street: Street, folder: Path, say: Say) -> Iterator[Town]:
    ground = app.build(hub.settings).ground
    workspace_id, api_key = merchant.settle(ground, say)
    api = Api(hub.settings.address, api_key)
    town = Town(hub, ground, workspace_id, street, Acts.on(street), folder, api)
    stop = threading.Event()
    tending = threading.Thread(target=town.tend, args=(stop,), name="tending", daemon=True)
    tending.start()
    try:
        _install(town, say)
        yield town
    finally:
        stop.set()
        tending.join(timeout=30)
        ground.database.engine.dispose()


def _install(town: Town, say: Say) -> None:
    street, phones = town.street, town.phones
    installing.install_phones(town.api, phones.settings(street.phones_url), phones.secrets(), say)
    plant(town.api)
    installing.connect_all(town.api, town.ground, street, say)
    town.acts.move_in()

"""Opening the town: a hub with its engines, a shop and a carrier, installed as a merchant would."""

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import cast
from uuid import UUID

from hub import app, config, registry
from hub.automations.seed import plant
from hub.config import Settings
from hub.contract.kit.simulator import Served, serve
from hub.local import supervise
from hub.local.demo import installing
from hub.local.demo.acts import Acts
from hub.local.demo.neighbours import Phones, Shop
from hub.local.demo.witness import Watched, Witness
from hub.local.engines.ports import free_ports
from hub.store import keys, workspaces
from hub.store.ground import Ground

Say = Callable[[str], None]

BRAND = "Maison Lune"
CART_DELAY = {"minutes": 1, "after": "occurred_at"}


@dataclass
class Town:
    """The running town. `trouble` holds what the supervisor could not mend."""

    hub: supervise.Supervisor
    ground: Ground
    workspace_id: UUID
    shop: Shop
    phones: Phones
    witness: Witness
    acts: Acts
    api_key: str
    folder: Path
    trouble: list[str] = field(default_factory=list)
    restarts: list[str] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """The hub's settings, its engines' addresses filled in."""
        return self.hub.settings

    def tend(self, stop: threading.Event) -> None:
        """Start again whatever dies, until told to stop."""
        while not stop.wait(0.2):
            try:
                self.restarts += self.hub.tend()
            except Exception as error:
                self.trouble.append(f"{type(error).__name__}: {error}")


@contextmanager
def open_town(
    say: Say, data: Path | None = None, port: int = 0, **changes: float
) -> Iterator[Town]:
    """A town that is open as long as the block runs; without `data` its folder is then removed.

    `changes` are settings of the hub's own (`lease=8`). Raises what `supervise.start` raises.
    """
    folder = data or Path(tempfile.mkdtemp(prefix="relais-demo-"))
    log = folder / "hub.log"
    say(f"The town's own folder is {folder}; what the hub logs is in {log.name} there.")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with _stderr_into(log), _neighbours() as (shop, phones, witness, addresses):
            settings = _settings(folder, port, changes)
            with supervise.start(settings, say) as hub:
                yield from _settled(hub, shop, phones, witness, addresses, folder, say)
    except supervise.CannotStart:
        say(log.read_text(errors="replace")[-2000:])
        raise
    finally:
        if data is None:
            shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path, port: int, changes: dict[str, float]) -> Settings:
    # Never the operator's own database: of the environment only where the code is counts here.
    kept = {n: os.environ[n] for n in ("HUB_CONNECTORS", "HUB_TEMPLATES") if n in os.environ}
    base = config.read({**kept, "HUB_DATA": str(folder), "HUB_LOG_LEVEL": "WARNING"})
    chosen = replace(base, port=port or next(free_ports()), poll_every=2.0)
    return replace(chosen, **changes)  # type: ignore[arg-type]


@contextmanager
def _neighbours() -> Iterator[tuple[Shop, Phones, Witness, tuple[str, str]]]:
    """The simulators on loopback, in this process: whatever is killed, their counts stay."""
    found = registry.load()
    shop = cast("Shop", found.simulator("woocommerce"))
    phones = cast("Phones", found.simulator("smsmode"))
    witness = Witness()
    witness.watch(shop)
    with serve(shop) as shop_at, serve(Watched(phones, witness)) as phones_at:
        yield shop, phones, witness, _addresses(shop_at, phones_at)


def _addresses(shop_at: Served, phones_at: Served) -> tuple[str, str]:
    return shop_at.url, phones_at.url


def _settled(
    hub: supervise.Supervisor,
    shop: Shop,
    phones: Phones,
    witness: Witness,
    addresses: tuple[str, str],
    folder: Path,
    say: Say,
) -> Iterator[Town]:
    ground = app.build(hub.settings).ground
    workspace_id, api_key = _found_workspace(ground, say)
    acts = Acts(shop, phones)
    town = Town(hub, ground, workspace_id, shop, phones, witness, acts, api_key, folder)
    stop = threading.Event()
    tending = threading.Thread(target=town.tend, args=(stop,), name="tending", daemon=True)
    tending.start()
    try:
        key = phones.secrets()["api_key"]
        installing.install_phones(ground, workspace_id, phones.settings(addresses[1]), key, say)
        installing.install_shop(ground, workspace_id, shop.settings(addresses[0]), say)
        yield town
    finally:
        stop.set()
        tending.join(timeout=30)
        ground.database.engine.dispose()


def _found_workspace(ground: Ground, say: Say) -> tuple[UUID, str]:
    """The merchant, the shipped automations, and a key to the API."""
    now = ground.clock()
    with ground.database.begin() as db:
        made = workspaces.add(
            db,
            name=BRAND,
            brand=BRAND,
            country="FR",
            language="fr",
            zone="Europe/Paris",
            sending_window={"preset": "always"},
            stop_code="36034",
            countries=("FR", "GB"),
            daily_cap=50,
        )
        gallery = Path(ground.settings.templates)
        # Live since an hour, or the baskets of a minute ago would be older than the automation.
        since = now - timedelta(hours=1)
        plant(db, made, gallery, since, changes={"cart-reminder": {"delay": CART_DELAY}})
        key = keys.make(db, made, "demo", keys.SCOPES)
    say(f"The workspace «{BRAND}» is there, in France, with the automations that ship with Relais.")
    say("  The demo sends at any hour; a real workspace waits for sending hours.")
    say("  A basket's reminder comes seconds after it is left; a real one waits 45 minutes.")
    return made, key


@contextmanager
def _stderr_into(log: Path) -> Iterator[None]:
    """The hub's processes log into a file, so that this screen stays readable."""
    sys.stderr.flush()
    kept = os.dup(2)
    with log.open("ab") as file:
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        sys.stderr.flush()
        os.dup2(kept, 2)
        os.close(kept)

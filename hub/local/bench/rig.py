"""A whole hub of the bench's own, engines included, with its shop and its carrier connected."""

import logging
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from hub import app, config
from hub.automations.seed import plant
from hub.config import Settings
from hub.connections import install
from hub.local import supervise
from hub.local.bench.children import Vendors, still, vendors
from hub.local.bench.memory import busy, weight, weight_alone
from hub.local.bench.orders import Address
from hub.local.bench.telling import Teller
from hub.local.engines.ports import free_ports
from hub.local.logged import stderr_into
from hub.store import connections, templates, workspaces
from hub.store.database import Row
from hub.store.ground import Ground

_CAST = Path(__file__).parent / "cast"
_TEXT = (
    "{{ brand }}: thank you{% if first_name %}, {{ first_name }}{% endif %}! Your order "
    "{{ order_number }} over {{ order_total }} is with us, with {{ item_count }} articles."
)


@dataclass(frozen=True)
class Rig:
    """The running hub and its neighbours."""

    hub: supervise.Supervisor
    ground: Ground
    vendors: Vendors
    workspace_id: UUID
    shop: Row
    carrier: Row

    @property
    def address(self) -> Address:
        """Where the shop delivers to."""
        settings, known = self.hub.settings, self.ground.credentials(self.shop)
        path = f"/hooks/{self.shop['connector']}/{self.shop['hook_token']}"
        return Address(settings.host, settings.port, path, known["webhook_secret"])

    def resting(self) -> AbstractContextManager[None]:
        """The workers and the clock stand still meanwhile: what comes in waits."""
        names = [n for n in self.hub.names() if n == "clock" or n.startswith("worker")]
        return still([self.hub.pid(name) for name in names])

    def weights(self) -> dict[str, float]:
        """What each part weighs in MB, and what they were forked from."""
        parts = {name: self.hub.pid(name) for name in self.hub.names()}
        found = {name: round(weight([pid]), 1) for name, pid in parts.items() if pid}
        forker = self.hub.forker
        return found | ({"forker": round(weight_alone(forker), 1)} if forker else {})

    def efforts(self) -> dict[str, float]:
        """Seconds of processor time each part has used so far."""
        parts = {name: self.hub.pid(name) for name in self.hub.names()}
        return {name: busy([pid]) for name, pid in parts.items() if pid}


def asked_by(address: Address, **more: object) -> dict[str, object]:
    """What the load generator is asked to do at this address."""
    return {"address": asdict(address), **more}


@contextmanager
def rig(say: Teller, **changes: object) -> Iterator[Rig]:
    """Up as long as the block runs, its folder gone afterwards; `changes` are settings of the
    hub's own. What the hub logs goes to a file there, and is shown only if it cannot start."""
    folder = Path(tempfile.mkdtemp(prefix="relais-bench-"))
    try:
        with (
            stderr_into(folder / "hub.log"),
            vendors() as neighbours,
            supervise.start(_settings(folder, changes), say.now) as hub,
        ):
            yield from _connected(hub, neighbours)
    except supervise.CannotStart:
        say((folder / "hub.log").read_text(errors="replace")[-2000:])
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _settings(folder: Path, changes: dict[str, object]) -> Settings:
    base = config.read(
        {"HUB_DATA": str(folder), "HUB_ALLOW_PRIVATE": "1", "HUB_LOG_LEVEL": "WARNING"}
    )
    chosen = replace(
        base, port=next(free_ports()), connectors=str(_CAST), allow_private="127.0.0.0/8"
    )
    return replace(chosen, **changes)  # type: ignore[arg-type]


def _connected(hub: supervise.Supervisor, neighbours: Vendors) -> Iterator[Rig]:
    logging.getLogger("kombu").setLevel(logging.ERROR)
    ground = app.build(hub.settings, pool=2).ground
    try:
        workspace_id = settle(ground)
        made = [
            install.start(ground, workspace_id, slug, {"base": neighbours.url}, {}).connection_id
            for slug in ("stall", "mast")
        ]
        with ground.database.begin() as db:
            rows = connections.by_ids(db, made)
        yield Rig(hub, ground, neighbours, workspace_id, *_in_order(rows, made))
    finally:
        ground.database.engine.dispose()


def _in_order(rows: dict[UUID, Row], ids: Sequence[UUID]) -> tuple[Row, Row]:
    return rows[ids[0]], rows[ids[1]]


def settle(ground: Ground) -> UUID:
    """A merchant with the automations that ship with Relais, open at all hours."""
    with ground.database.begin() as db:
        made = workspaces.add(
            db, name="Bench", brand="Maison Lune", country="FR", language="en",
            zone="Europe/Paris", sending_window={"preset": "always"}, stop_code="36034",
            countries=("FR", "GB", "US", "CA"),
            daily_cap=1000,  # counted as everywhere, and never reached by a load of few numbers
        )  # fmt: skip
        # Live since a while: what happened before an automation was switched on is not for it.
        since = ground.clock() - timedelta(hours=1)
        plant(db, made, Path(ground.settings.templates), since)
        templates.save(
            db, made, "order-confirmed", kind="transactional", title="Order", texts={"en": _TEXT},
            event="order.created",
        )  # fmt: skip
    return made

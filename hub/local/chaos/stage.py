"""The stage: a whole hub of its own on fresh engines, one merchant, the till and two towers."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub import app, config
from hub.config import Settings
from hub.connections import install
from hub.local import supervise
from hub.local.chaos.apart import Apart
from hub.local.chaos.oracle import TOWERS, Script, command
from hub.local.demo.waiting import wait_for
from hub.local.engines.ports import free_ports
from hub.local.logged import stderr_into
from hub.store import automations, connections, keys, templates, workspaces
from hub.store.database import Row
from hub.store.ground import Ground

Say = Callable[[str], None]

CAST = Path(__file__).resolve().parent / "cast"
LEASE, DEADLINE = 6.0, 1.5
# Orders share numbers once the reserved ranges are used up: no limit per person may count.
_RULES: Mapping[str, Any] = {"quiet_repeat_hours": 0, "frequency": []}
_TEXT = "Order {{ order_number }} of {{ order_total }} is ready."
ORDERED = {
    "name": "Order",
    "trigger": {"event": "order.created"},
    "send": {"template": "ordered", "kind": "transactional"},
}


@dataclass(frozen=True)
class Stage:
    """Everything that runs. `till_id` is the till's connection, `hook` where it delivers and
    `secret` what it signs with; `key` opens the hub's API."""

    hub: supervise.Supervisor
    ground: Ground
    oracle: Apart
    workspace_id: UUID
    till_id: UUID
    hook: str
    secret: str
    key: str


@dataclass(frozen=True)
class Setting:
    """How the stage is set. `program` runs each part; `extras` is asked at each start of one."""

    script: Script
    workers: int = 2
    program: tuple[str, ...] = ("hub.cli",)
    extras: supervise.Extras = lambda name: {}
    rcs: bool = False


@contextmanager
def open_stage(setting: Setting, folder: Path, say: Say) -> Iterator[Stage]:
    """All of it, as long as the block runs; what the hub logs is in hub.log of the folder. Raises
    what `supervise.start` raises, with the log's end told to `say`."""
    log = folder / "hub.log"
    try:
        with ExitStack() as stack:
            stack.enter_context(stderr_into(log))
            oracle = stack.enter_context(Apart.start(*command(setting.script)))
            settings = _settings(folder, setting.workers)
            hub = supervise.start(settings, say, setting.program, setting.extras)
            stack.enter_context(hub)
            yield _settled(hub, oracle, setting, stack)
    except supervise.CannotStart:
        say(log.read_text(errors="replace")[-2000:])
        raise


def _settings(folder: Path, workers: int) -> Settings:
    base = config.read(
        {"HUB_DATA": str(folder), "HUB_ALLOW_PRIVATE": "1", "HUB_LOG_LEVEL": "WARNING"}
    )
    return replace(
        base,
        connectors=str(CAST),
        port=next(free_ports()),
        worker_processes=workers,
        lease=LEASE,
        carrier_deadline=DEADLINE,
        poll_every=1.0,
        allow_private="127.0.0.0/8",
    )


def _settled(hub: supervise.Supervisor, oracle: Apart, setting: Setting, stack: ExitStack) -> Stage:
    script = setting.script
    for loud in ("hub", "kombu"):  # what this process logs is on a screen
        logging.getLogger(loud).setLevel(logging.CRITICAL)
    ground = app.build(hub.settings, pool=4).ground
    stack.callback(ground.database.engine.dispose)
    with ground.database.begin() as db:
        workspace_id = _merchant(db, ground, rcs=setting.rcs)
        key = keys.make(db, workspace_id, "chaos", keys.SCOPES)
    url = f"http://127.0.0.1:{oracle.port()}"
    till_id = _install(ground, workspace_id, "till", {"url": url}, api_key="k")
    for name in TOWERS:
        slug = f"tower_{script.carrier_class}"
        keyed = {"api_key": "k", "signing_key": script.signing_key}
        address = {"url": f"{url}/{name}", "settle_seconds": str(script.settle)}
        _install(ground, workspace_id, slug, address, **keyed)
    till = _polled(ground, till_id)
    hook = ground.hook_url(till).removeprefix(ground.settings.address)
    secret = ground.credentials(till)["webhook_secret"]
    return Stage(hub, ground, oracle, workspace_id, till_id, hook, secret, key)


def _merchant(db: Connection, ground: Ground, *, rcs: bool) -> UUID:
    made = workspaces.add(
        db, name="Chaos", brand="Chaos", country="FR", language="en", zone="Europe/Paris",
        sending_window={"preset": "always"}, countries=("FR", "GB"), daily_cap=1000, rules=_RULES,
    )  # fmt: skip
    rich = {"en": {"text": _TEXT}} if rcs else {}
    templates.save(
        db, made, "ordered", kind="transactional", title="Ordered", texts={"en": _TEXT}, rich=rich
    )
    since = ground.clock() - timedelta(hours=1)
    automations.save(db, made, "ordered", ORDERED, "live", since)
    return made


def _install(
    ground: Ground, workspace_id: UUID, slug: str, settings: Mapping[str, str], **secrets: str
) -> UUID:
    return install.start(ground, workspace_id, slug, settings, secrets).connection_id


def _polled(ground: Ground, till_id: UUID) -> Row:
    """The till, once its first poll has drawn the line that "from now on" means."""

    def look() -> Row | None:
        with ground.database.begin() as db:
            till = connections.by_ids(db, [till_id])[till_id]
        return till if till["cursor"] else None

    till = wait_for(look, supervise.PATIENCE)
    if till is None:
        raise supervise.CannotStart("The till was not polled in time. See hub.log.")
    return till

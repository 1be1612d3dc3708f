"""How long a tap on a short link waits for its way, its click in the table before the answer."""

import asyncio
import logging
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from hub import app, config
from hub.automations.seed import plant
from hub.contract import Phone
from hub.local import supervise
from hub.local.engines.ports import free_ports
from hub.store import links, messages, numbers, templates, workspaces
from hub.store.database import Row, new_id, row
from hub.store.ground import Ground

NAME = "links"
SAYS = "Follow short links at 200 taps a second; each click is kept before the answer."

Say = Callable[[str], None]

LINKS = 2000
RATE = 200  # taps a second, whether or not the earlier ones were answered
SECONDS = 15
WARM = 2  # seconds that are not measured: connections are made, code is loaded
BAR = 0.020  # seconds, for 99 of 100
_PHONE = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari"


@dataclass(frozen=True)
class Lap:
    """What a run of requests met: the seconds each waited from when it was due, and how many were
    answered otherwise than expected."""

    waits: Sequence[float]
    wrong: int

    def told(self) -> str:
        """The figures, in milliseconds."""
        p50, p99 = statistics.median(self.waits), self.p99()
        return f"p50 {p50 * 1e3:.1f} ms, p99 {p99 * 1e3:.1f} ms, max {max(self.waits) * 1e3:.1f} ms"

    def p99(self) -> float:
        """99 of 100 waited no longer, in seconds."""
        return statistics.quantiles(self.waits, n=100, method="inclusive")[98]


def run(say: Say) -> bool:
    """Whether the bar holds; what was measured goes to `say`."""
    with _hub(say) as (ground, settings):
        tokens = _minted(ground)
        ways = [f"/l/{tokens[n % LINKS]}" for n in range(RATE * (WARM + SECONDS))]
        asyncio.run(_lap(settings, ways[: RATE * WARM], b"302"))
        bare = asyncio.run(_lap(settings, ["/healthz"] * RATE * 3, b"200"))
        taps = asyncio.run(_lap(settings, ways[RATE * WARM :], b"302"))
        kept, links_seen = _kept(ground)
    say(f"Bare, «ok» without a row:  {bare.told()}")
    say(f"A link, its click kept:    {taps.told()} ({RATE} a second for {SECONDS} s)")
    say(f"Clicks in the table: {kept} of {len(ways)}, of {links_seen} links.")
    whole = kept == len(ways) and not taps.wrong and links_seen == min(LINKS, len(ways))
    holds = whole and taps.p99() < BAR
    say(f"Bar: p99 under {BAR * 1e3:.0f} ms and no click lost: {'holds' if holds else 'BROKEN'}.")
    return holds


@contextmanager
def _hub(say: Say) -> Iterator[tuple[Ground, config.Settings]]:
    """A whole hub of its own: engines, web, one worker, clock."""
    folder = Path(tempfile.mkdtemp(prefix="relais-bench-"))
    base = config.read(
        {"HUB_DATA": str(folder), "HUB_ALLOW_PRIVATE": "1", "HUB_LOG_LEVEL": "ERROR"}
    )
    settings = replace(base, port=next(free_ports()), worker_processes=1)
    try:
        with supervise.start(settings, say) as hub:
            logging.getLogger("kombu").setLevel(logging.ERROR)
            ground = app.build(hub.settings, pool=2).ground
            yield ground, hub.settings
            ground.database.engine.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _minted(ground: Ground) -> list[str]:
    """The tokens of as many links, each of a message of its own."""
    now = ground.clock()
    with ground.database.begin() as db:
        shop = workspaces.add(
            db, name="Bench", brand="Bench", country="FR", language="fr", zone="Europe/Paris",
            sending_window={"preset": "always"}, stop_code="36034",
        )  # fmt: skip
        plant(db, shop, Path(ground.settings.templates), now)
        template = templates.listed(db, shop)[0]
        whom = numbers.keep(db, ground.vault, shop, Phone.of("+33639980001")).token
        planned = [_message(shop, template, whom, now) for _ in range(LINKS)]
        messages.add_all(db, planned)
        tokens = [links.new_token() for _ in planned]
        links.add_all(
            db, [_link(t, shop, m["id"], now) for t, m in zip(tokens, planned, strict=True)]
        )
    return tokens


def _message(shop: UUID, template: Row, whom: str, now: datetime) -> dict[str, Any]:
    blank = dict.fromkeys(("reason", "sentence", "cart", "sender", "subject", "record"), "")
    return {
        **blank, "id": new_id(), "workspace_id": shop, "template_id": template["id"],
        "template_version": template["version"], "kind": "marketing", "channel": "sms",
        "phone": whom, "language": "fr", "zone": "Europe/Paris", "variables": {},
        "state": "cancelled", "due_at": now, "created_at": now, "changed_at": now,
    }  # fmt: skip


def _link(token: str, shop: UUID, message: UUID, now: datetime) -> dict[str, Any]:
    return {
        "token_hash": links.digest(token), "workspace_id": shop, "message_id": message,
        "label": "", "kind": "link", "target": "https://shop.example.com/cart/81?a=1",
        "utm": {"source": "sms", "campaign": "bench"}, "preview": {}, "language": "fr",
        "expires_at": now + timedelta(days=30), "created_at": now,
    }  # fmt: skip


async def _lap(settings: config.Settings, ways: Sequence[str], status: bytes) -> Lap:
    """Ask for each address when it is due, each on a connection of its own as phones do."""
    start = time.perf_counter() + 0.5  # the tasks are made first: that must not count as waiting
    asked = [
        asyncio.create_task(_ask(settings, way, start + n / RATE)) for n, way in enumerate(ways)
    ]
    answers = await asyncio.gather(*asked)
    return Lap([wait for wait, _ in answers], sum(said != status for _, said in answers))


async def _ask(settings: config.Settings, way: str, due: float) -> tuple[float, bytes]:
    await asyncio.sleep(max(due - time.perf_counter(), 0.0))
    reader, writer = await asyncio.open_connection(settings.host, settings.port)
    lines = (f"GET {way} HTTP/1.1", f"Host: {settings.host}:{settings.port}",
             f"User-Agent: {_PHONE}", "Accept: text/html", "Connection: close", "", "")  # fmt: skip
    writer.write("\r\n".join(lines).encode())
    answer = await reader.read(-1)
    wait = time.perf_counter() - due
    writer.close()
    return wait, answer[9:12]


def _kept(ground: Ground) -> tuple[int, int]:
    """How many clicks of people stand in the table, and of how many links."""
    with ground.database.begin() as db:
        found = row(
            db,
            """SELECT count(*) AS n, count(DISTINCT token_hash) AS links
               FROM clicks WHERE who = 'person'""",
        )
    return (found["n"], found["links"]) if found else (0, 0)

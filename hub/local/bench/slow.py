"""How long a valid POST waits while a thousand slow clients stand at the door."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from hub import app, config
from hub.local import supervise
from hub.local.bench.measured import Bar, Measured, waits
from hub.local.corpus.crowd import crowd, post
from hub.local.engines.ports import free_ports
from hub.store import keys, workspaces
from hub.store.database import new_id

NAME = "slow"
SAYS = "Post events while 1,000 slow clients stand in their headers and bodies."

Say = Callable[[str], None]

SLOW = 1000
POSTS = 200
EVERY = 0.05  # seconds between two of them
WARM = 20
ARRIVE = 5.0  # seconds in which the slow ones come, as strangers do not move in step
BAR = 100.0  # milliseconds, for 99 of 100


def run(say: Say, slow: int = SLOW, posts: int = POSTS) -> Measured:
    """Post alone, then among `slow` clients; every post is an event kept before its answer."""
    with _hub(say) as (port, key):
        asyncio.run(_posts(port, key, WARM))
        alone = asyncio.run(_posts(port, key, posts))
        among, sent_away = asyncio.run(_among(port, key, slow, posts))
    bare, crowded = waits([w for _, w in alone]), waits([w for _, w in among])
    say(f"Nobody else at the door:   {_told(bare)}")
    say(f"{slow} slow clients, half in headers, half in bodies: {_told(crowded)}")
    say(f"Slow clients sent away meanwhile, and back at once: {sent_away}.")
    wrong = sum(status != 202 for status, _ in [*alone, *among])
    bars = (
        Bar("p99 of a POST among slow clients", crowded["p99_ms"], BAR, " ms", at_most=True),
        Bar("posts not taken in", wrong, 0, at_most=True),
    )
    return Measured({"alone": bare, "among": crowded, "slow": slow, "sent_away": sent_away}, bars)


def _told(figures: dict[str, float]) -> str:
    return f"p50 {figures['p50_ms']} ms, p99 {figures['p99_ms']} ms, max {figures['max_ms']} ms"


@contextmanager
def _hub(say: Say) -> Iterator[tuple[int, str]]:
    """A whole hub of its own: its port, and a key of its one workspace."""
    folder = Path(tempfile.mkdtemp(prefix="relais-bench-"))
    base = config.read({"HUB_DATA": str(folder), "HUB_LOG_LEVEL": "ERROR"})
    settings = replace(base, port=next(free_ports()), worker_processes=1)
    try:
        with supervise.start(settings, say) as hub:
            ground = app.build(hub.settings, pool=2).ground
            with ground.database.begin() as db:
                shop = workspaces.add(
                    db, name="Bench", brand="Bench", country="FR", language="fr",
                    zone="Europe/Paris", sending_window={"preset": "always"},
                )  # fmt: skip
                key = keys.make(db, shop, "bench", keys.SCOPES)
            ground.database.engine.dispose()
            yield hub.settings.port, key
    finally:
        shutil.rmtree(folder, ignore_errors=True)


async def _among(port: int, key: str, slow: int, posts: int) -> tuple[list[tuple[int, float]], int]:
    async with crowd(port, slow, within=ARRIVE) as standing:
        found = await _posts(port, key, posts)
        return found, standing.sent_away


async def _posts(port: int, key: str, count: int) -> list[tuple[int, float]]:
    """When each is due, whether or not the one before was answered."""
    due = []
    for _ in range(count):
        due.append(asyncio.create_task(post(port, event(port, key))))
        await asyncio.sleep(EVERY)
    return list(await asyncio.gather(*due))


def event(port: int, key: str) -> bytes:
    """A request that tells an event which nobody told before."""
    name = new_id().hex
    told = {"type": "contact.changed", "key": name, "subject": f"contact:{name}",
            "occurred_at": "2026-06-10T12:00:00Z"}  # fmt: skip
    body = json.dumps(told).encode()
    lines = ("POST /api/v1/events HTTP/1.1", f"Host: 127.0.0.1:{port}",
             f"Authorization: Bearer {key}", f"Idempotency-Key: {name}",
             "Content-Type: application/json", f"Content-Length: {len(body)}",
             "Connection: close", "", "")  # fmt: skip
    return "\r\n".join(lines).encode() + body

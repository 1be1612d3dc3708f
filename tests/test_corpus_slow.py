"""Slow clients hold up nobody: they are sent away in time, and others are answered meanwhile."""

import asyncio
from dataclasses import replace

from hub.local.bench.slow import event
from hub.local.corpus.crowd import crowd, post
from hub.local.corpus.served import served
from hub.store import keys


async def _meanwhile(port, key):
    async with crowd(port, 100, pause=0.2) as standing:
        found = [await post(port, event(port, key)) for _ in range(5)]
        while standing.sent_away < 100:
            await asyncio.sleep(0.1)
        found.append(await post(port, event(port, key)))
        return [status for status, _ in found], standing


def test_a_hundred_slow_clients_hold_up_nobody_and_are_sent_away(
    settings, ground, workspace, tmp_path
):
    with ground.database.begin() as db:
        key = keys.make(db, workspace, "corpus", keys.SCOPES)
    with served(replace(settings, read_seconds=1), tmp_path) as web:
        statuses, standing = asyncio.run(asyncio.wait_for(_meanwhile(web.port, key), 30))
    assert set(statuses) == {202}
    assert standing.told > 0, "Those in their bodies are told 408."
    assert "Traceback" not in web.log.read_text("utf-8", "replace")

"""The process that is never killed: the shop and the carriers, and what they counted.

`python -m hub.local.chaos.oracle` reads its settings as one JSON line, answers with its port.
"""

import asyncio
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson

from hub.local.chaos.ledger import TOLD, Ledger
from hub.local.chaos.mishaps import TOWER_KINDS, Mishaps
from hub.local.chaos.postman import Postman
from hub.local.chaos.till import Till
from hub.local.chaos.towers import Tower
from hub.local.chaos.wire import Asked, serve

TOWERS = ("north", "south")


@dataclass(frozen=True)
class Script:
    """What the oracle plays: the seed, the carriers' class, the share of calls that go wrong; a
    look-up is `lag` seconds late, and a miss is believed after `settle` seconds,
    receipts come within `spread` seconds."""

    seed: int
    carrier_class: str = "lookup"
    faults: float = 0.05
    lag: float = 2.5
    settle: int = 4
    spread: float = 3.0
    signing_key: str = "k"


class Oracle:
    """Answers as the till, as each tower, and to whoever asks for the counts."""

    def __init__(self, script: Script) -> None:
        self.ledger = Ledger()
        self.postman = Postman(script.signing_key, self.ledger)
        self.till = Till(script.seed, self.ledger, Mishaps(script.seed, script.faults))
        self.towers = {
            name: Tower(
                name, script.seed, self.ledger, self.postman,
                Mishaps(script.seed + 1 + place, script.faults, TOWER_KINDS),
                keyed=script.carrier_class == "key", silent=script.carrier_class == "silent",
                lag=script.lag, spread=script.spread,
            )
            for place, name in enumerate(TOWERS)
        }  # fmt: skip

    async def answer(self, asked: Asked) -> tuple[int, bytes]:
        """One request to any of them."""
        address = urlsplit(asked.path)
        _, who, rest = address.path.split("/", 2)
        if who == "till":
            return await self.till.answer(asked, rest, parse_qs(address.query))
        if who in self.towers:
            return await self.towers[who].answer(asked, f"/{rest}")
        return 200, orjson.dumps(self._control(rest, orjson.loads(asked.body or b"{}")))

    def _control(self, what: str, given: dict[str, Any]) -> dict[str, Any]:
        match what:
            case "reached":
                self.till.reached = max(self.till.reached, given["orders"])
            case "calm":
                for mishaps in self._mishaps():
                    mishaps.share = 0.0
            case "counts":
                counted = self.ledger.counts(given["orders"])
                return counted | {"which_missing": self.ledger.missing(given["orders"])}
        return self._running()

    def _mishaps(self) -> tuple[Mishaps, ...]:
        return (self.till.mishaps, *(tower.mishaps for tower in self.towers.values()))

    def _running(self) -> dict[str, Any]:
        notes = {kind: self.ledger.notes[kind].written for kind in TOLD}
        met = sum((m.met for m in self._mishaps()), Counter[str]())
        return {
            "having": self.ledger.having,
            "double": self.ledger.double,
            "notes": notes,
            "receipts_waiting": self.postman.waiting,
            "mishaps": met,
            "no_rcs": sum(tower.no_rcs for tower in self.towers.values()),
        }


async def run(script: Script) -> None:
    """Serve until the process is ended."""
    oracle = Oracle(script)
    server = await serve(oracle.answer)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - how the owner finds it
    await asyncio.gather(server.serve_forever(), oracle.postman.run())


def command(script: Script) -> tuple[list[str], bytes]:
    """How to start it: the command line, and what it reads."""
    return [sys.executable, "-m", "hub.local.chaos.oracle"], orjson.dumps(asdict(script)) + b"\n"


if __name__ == "__main__":
    asyncio.run(run(Script(**orjson.loads(sys.stdin.readline()))))

"""The source of the load, a process of its own: signed deliveries by the clock, or as fast as they
are answered; what did not get its 2xx is sent again, as shops do.

`python -m hub.local.chaos.load` reads its Drive as one JSON line and tells its figures in lines.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import orjson

from hub.local.chaos.latency import Latency
from hub.local.chaos.orders import IDS, draw, fate, order
from hub.local.chaos.signing import SIGNATURE, sign
from hub.local.chaos.wire import Line

_TELL_EVERY = 0.05
_SHORTEST, _LONGEST = 0.05, 1.0  # seconds until a delivery is repeated


@dataclass(frozen=True)
class Drive:
    """Which orders go where: from `first` up to `last`, `rate` a second (0: as fast as answered),
    over so many lines; up to `group` orders in one delivery."""

    host: str
    port: int
    path: str
    secret: str
    seed: int
    first: int
    last: int
    rate: float = 0.0
    lines: int = 32
    group: int = 4
    oracle_port: int = 0


@dataclass
class Load:
    """What has been done so far; `accepted` counts orders whose delivery was answered 2xx."""

    drive: Drive
    accepted: int = 0
    repeats: int = 0
    refused: int = 0
    latency: Latency = field(default_factory=Latency)
    _began: float = 0.0
    _reached: int = 0

    async def run(self) -> None:
        """Send everything; returns when all is answered."""
        self._began = time.monotonic()
        stop = asyncio.Event()
        telling = asyncio.create_task(self._tell(stop))
        parcels = parcels_of(self.drive)
        await asyncio.gather(*(self._send_all(parcels) for _ in range(self.drive.lines)))
        stop.set()
        await telling

    async def _send_all(self, parcels: Iterator[tuple[int, int]]) -> None:
        line = Line(self.drive.host, self.drive.port)
        for first, last in parcels:
            due = self._due(first)
            self._reached = max(self._reached, last)
            await asyncio.sleep(max(due - time.monotonic(), 0.0))
            await self._deliver(line, first, last, due)
        line.close()

    def _due(self, first: int) -> float:
        """When this delivery should leave: by the clock, whether or not others were answered."""
        rate = self.drive.rate
        return self._began + (first - self.drive.first) / rate if rate else time.monotonic()

    async def _deliver(self, line: Line, first: int, last: int, due: float) -> None:
        fates = {n: fate(self.drive.seed, n) for n in range(first, last)}
        going = [n for n, word in fates.items() if word != "lost"]
        if going:
            body = body_of(going)
            await self._until_taken(line, first, body)
            self.latency.add(time.monotonic() - due)
            if "twice" in fates.values():
                await self._until_taken(line, first, body)
        self.accepted += last - first

    async def _until_taken(self, line: Line, first: int, body: bytes) -> None:
        headers = {SIGNATURE: sign(body, self.drive.secret), "X-Delivery-Id": str(first % IDS)}
        pause = _SHORTEST
        while not 200 <= (status := await line.post(self.drive.path, headers, body)) < 300:
            self.repeats += 1
            self.refused += 400 <= status < 500
            await asyncio.sleep(pause * (0.5 + draw(self.drive.seed, first, "pause")))
            pause = min(pause * 2, _LONGEST)

    async def _tell(self, stop: asyncio.Event) -> None:
        oracle = Line("127.0.0.1", self.drive.oracle_port)
        while not stop.is_set():
            await oracle.post("/control/reached", {}, orjson.dumps({"orders": self._reached}))
            _say(self.figures())
            await asyncio.sleep(_TELL_EVERY)
        await oracle.post("/control/reached", {}, orjson.dumps({"orders": self.drive.last}))
        _say(self.figures() | {"done": True})

    def figures(self) -> dict[str, object]:
        """Where it stands."""
        return {
            "at": time.monotonic(),
            "accepted": self.accepted,
            "repeats": self.repeats,
            "refused": self.refused,
            "latency": self.latency.told(),
        }


def parcels_of(drive: Drive) -> Iterator[tuple[int, int]]:
    """The deliveries, as (first, last) of their orders: most hold one, some several."""
    n = drive.first
    while n < drive.last:
        many = draw(drive.seed, n, "group") < 0.3
        size = 1 + int(draw(drive.seed, n, "size") * drive.group) if many else 1
        yield n, min(n + size, drive.last)
        n += size


def body_of(numbers: list[int]) -> bytes:
    """The delivery of these orders, as it is sent and repeated."""
    now = datetime.now(UTC)
    return orjson.dumps({"orders": [order(n, now) for n in numbers]})


def _say(figures: dict[str, object]) -> None:
    sys.stdout.buffer.write(orjson.dumps(figures, option=orjson.OPT_NON_STR_KEYS) + b"\n")
    sys.stdout.buffer.flush()


def command(drive: Drive) -> tuple[list[str], bytes]:
    """How to start it: the command line, and what it reads."""
    return [sys.executable, "-m", "hub.local.chaos.load"], orjson.dumps(asdict(drive)) + b"\n"


if __name__ == "__main__":
    asyncio.run(Load(Drive(**orjson.loads(sys.stdin.readline()))).run())

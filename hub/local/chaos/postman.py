"""Receipts on their way to the hub: many in one signed call, repeated until it takes them."""

import asyncio
import heapq
import time
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

import orjson

from hub.local.chaos.ledger import Ledger
from hub.local.chaos.signing import SIGNATURE, sign
from hub.local.chaos.wire import Line

_MOST = 100  # receipts in one call
_TICK = 0.05
_AGAIN = 0.5  # seconds until a call that failed is made again
_STRANGER = "+447700900999"  # somebody without an order, who writes STOP now and then
_STOP_EVERY = 40


@dataclass(frozen=True)
class Slip:
    """One receipt about order `n`."""

    n: int
    receipt: dict[str, str]


@dataclass
class Postman:
    """Delivers over a few lines. `waiting` is how many receipts the hub has not taken."""

    signing_key: str
    ledger: Ledger
    lines: int = 4
    waiting: int = 0
    _due: list[tuple[float, int, str, Slip]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)
    _calls: "asyncio.Queue[tuple[str, list[Slip]]]" = field(default_factory=asyncio.Queue)

    def post(self, hook: str, slip: Slip, after: float) -> None:
        """Tell the hub this in `after` seconds."""
        self.waiting += 1
        heapq.heappush(self._due, (time.monotonic() + after, next(self._numbers), hook, slip))

    async def run(self) -> None:
        """Deliver for as long as this process lives."""
        await asyncio.gather(self._sort(), *(self._deliver() for _ in range(self.lines)))

    async def _sort(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            ripe: dict[str, list[Slip]] = defaultdict(list)
            while self._due and self._due[0][0] <= time.monotonic():
                _, _, hook, slip = heapq.heappop(self._due)
                ripe[hook].append(slip)
            for hook, slips in ripe.items():
                for start in range(0, len(slips), _MOST):
                    self._calls.put_nowait((hook, slips[start : start + _MOST]))

    async def _deliver(self) -> None:
        lines: dict[str, Line] = {}
        while True:
            hook, slips = await self._calls.get()
            parts = urlsplit(hook)
            line = lines.setdefault(parts.netloc, Line(parts.hostname or "", parts.port or 80))
            body = orjson.dumps({"receipts": [s.receipt for s in slips], **self._replies()})
            headers = {SIGNATURE: sign(body, self.signing_key)}
            while not 200 <= await line.post(parts.path, headers, body) < 300:
                await asyncio.sleep(_AGAIN)
            self._taken(slips)

    def _taken(self, slips: list[Slip]) -> None:
        self.waiting -= len(slips)
        for slip in slips:
            if slip.receipt["state"] == "delivered":
                self.ledger.receipt_taken(slip.n)

    def _replies(self) -> dict[str, list[dict[str, str]]]:
        number = next(self._numbers)
        if number % _STOP_EVERY:
            return {}
        return {"replies": [{"id": f"r-{number}", "from": _STRANGER, "text": "STOP"}]}

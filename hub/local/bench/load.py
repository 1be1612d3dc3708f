"""The load in a process of its own: asyncio on raw sockets that stay open. Run as
`python -m hub.local.bench.load`: what to do as JSON on its standard input, what it met as JSON
on its standard output."""

import asyncio
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from hub.local.bench.orders import Address, request


@dataclass
class Met:
    """What the load met: seconds from when an order was due to its answer, and what was not
    taken."""

    waits: list[float] = field(default_factory=list)
    accepted: dict[int, float] = field(default_factory=dict)
    refused: int = 0
    first: float = 0.0
    last: float = 0.0

    def note(self, n: int, due: float, status: bytes) -> None:
        """An answer that just came."""
        self.last = time.monotonic()
        if not self.first:
            self.first = self.last
        self.waits.append(self.last - due)
        if status == b"200":
            self.accepted[n] = self.last
        else:
            self.refused += 1

    def as_json(self) -> dict[str, Any]:
        """For the bench."""
        times = {f"{n:07d}": at for n, at in self.accepted.items()}
        return {**vars(self), "accepted": times}


async def closed(address: Address, first: int, count: int, width: int) -> Met:
    """As fast as it goes, `width` connections with one order each on the way."""
    met, orders = Met(), iter(_made(address, first, count))

    async def one() -> None:
        line = _Line(address)
        for n, wire in orders:
            due = time.monotonic()
            met.note(n, due, await line.post(wire))
        line.close()

    await asyncio.gather(*(one() for _ in range(width)))
    return met


def _made(address: Address, first: int, count: int) -> list[tuple[int, bytes]]:
    """Signed beforehand: the making must not slow the sending."""
    return [(n, request(address, n)) for n in range(first, first + count)]


async def paced(address: Address, first: int, count: int, rate: float) -> Met:
    """By the clock, `rate` a second whether or not the earlier ones were answered. A wait counts
    from the moment the order was due."""
    met, lines = Met(), list[_Line]()
    made = _made(address, first, count)
    start = time.monotonic() + 0.3

    async def one(n: int, wire: bytes, due: float) -> None:
        line = lines.pop() if lines else _Line(address)
        met.note(n, due, await line.post(wire))
        lines.append(line)

    tasks = []
    for place, (n, wire) in enumerate(made):
        due = start + place / rate
        await asyncio.sleep(max(due - time.monotonic(), 0))
        tasks.append(asyncio.create_task(one(n, wire, due)))
    await asyncio.gather(*tasks)
    return met


@dataclass
class _Line:
    """One keep-alive connection; where the server has closed it meanwhile, a new one."""

    address: Address
    _ends: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def post(self, wire: bytes) -> bytes:
        """The answer's status."""
        if self._ends is not None:
            try:
                return await self._ask(*self._ends, wire)
            except (ConnectionError, asyncio.IncompleteReadError):
                self.close()
        self._ends = await asyncio.open_connection(self.address.host, self.address.port)
        return await self._ask(*self._ends, wire)

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wire: bytes
    ) -> bytes:
        writer.write(wire)
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(_lengths(head), 0)
        if length:
            await reader.readexactly(length)
        return head[9:12]

    def close(self) -> None:
        """No more orders."""
        if self._ends is not None:
            self._ends[1].close()
            self._ends = None


def _lengths(head: bytes) -> Iterator[int]:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            yield int(value)


def _main() -> None:
    asked = orjson.loads(sys.stdin.buffer.read())
    address = Address(**asked.pop("address"))
    way = paced if "rate" in asked else closed
    met = asyncio.run(way(address, **asked))
    sys.stdout.buffer.write(orjson.dumps(met.as_json()))


if __name__ == "__main__":
    _main()

"""The shop and the carrier of the bench in one process of their own: asyncio and raw HTTP, a
memory of what came. Run as `python -m hub.local.bench.vendors`; the first line it writes is its
port. Their counts are the only ones that count."""

import asyncio
import re
import sys
import time
from collections.abc import Callable
from typing import Any

import orjson

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_ORDER = re.compile(r"N(\d{7})")
_ANSWERS_IN = 0.001  # seconds


class Memory:
    """What the carrier accepted (by reference, and when by order number), what the shop was
    told."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """As if nothing had come yet."""
        self.references: dict[str, int] = {}
        self.orders: dict[str, float] = {}
        self.markers: dict[str, int] = {}
        self.last = 0.0

    def accept(self, body: bytes) -> Any:
        """A batch of messages; the carrier's own names for them."""
        now = self.last = time.monotonic()
        batch = orjson.loads(body)
        for one in batch:
            reference = one["ref"]
            self.references[reference] = self.references.get(reference, 0) + 1
            found = _ORDER.search(one["text"])
            if found:
                self.orders.setdefault(found[1], now)
        return [f"m-{one['ref']}" for one in batch]

    def note(self, body: bytes) -> Any:
        """A batch of outcomes for the shop."""
        self.last = time.monotonic()
        for one in orjson.loads(body):
            self.markers[one["marker"]] = self.markers.get(one["marker"], 0) + 1
        return []

    def counts(self, body: bytes) -> Any:
        """How many messages, how many of them twice, when the last came; the same of notes."""
        return {
            "messages": len(self.references),
            "twice": sum(n > 1 for n in self.references.values()),
            "notes": len(self.markers),
            "notes_twice": sum(n > 1 for n in self.markers.values()),
            "last": self.last,
        }

    def times(self, body: bytes) -> Any:
        """When each order's message was accepted."""
        return self.orders

    def reset(self, body: bytes) -> Any:
        """Forget everything."""
        self.clear()
        return {}


class Wire(asyncio.Protocol):
    """One keep-alive connection; a request at a time, as HTTP clients send them."""

    def __init__(self, doors: dict[bytes, Callable[[bytes], Any]]) -> None:
        self._doors, self._got = doors, bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody calls."""
        self._out: Any = transport

    def data_received(self, data: bytes) -> None:
        """Answer once the whole body is here, a millisecond later."""
        self._got += data
        head_end = self._got.find(b"\r\n\r\n")
        if head_end < 0:
            return
        head = bytes(self._got[:head_end])
        found = _LENGTH.search(head)
        end = head_end + 4 + (int(found[1]) if found else 0)
        if len(self._got) < end:
            return
        body = bytes(self._got[head_end + 4 : end])
        del self._got[:end]
        answer = orjson.dumps(self._doors[head.split(b" ", 2)[1]](body))
        asyncio.get_running_loop().call_later(_ANSWERS_IN, self._answer, answer)

    def _answer(self, body: bytes) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        self._out.write(head % len(body) + body)


async def _serve() -> None:
    memory = Memory()
    doors: dict[bytes, Callable[[bytes], Any]] = {
        b"/messages": memory.accept,
        b"/notes": memory.note,
        b"/counts": memory.counts,
        b"/times": memory.times,
        b"/reset": memory.reset,
    }
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Wire(doors), "127.0.0.1", 0, backlog=512)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())

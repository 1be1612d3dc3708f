"""A crowd of slow clients: half never finish their headers, half never finish their bodies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

_HEAD = "POST /api/v1/events HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
_BODY = _HEAD + "Content-Length: 200000\r\n\r\n{{"


@dataclass
class Crowd:
    """How many are connected now, how often one was sent away, and how many of those were told why
    (an answer came, not only the end of the connection)."""

    port: int
    size: int
    pause: float = 1.0  # seconds between two bytes
    standing: int = 0
    sent_away: int = 0
    told: int = 0

    async def stand(self, number: int, after: float) -> None:
        """One slow client; sent away, it comes back at once."""
        await asyncio.sleep(after)
        host = f"127.0.0.1:{self.port}"
        begun = (_HEAD + "X-Slow: " if number % 2 else _BODY).format(host=host).encode()
        while True:
            with suppress(OSError):
                await self._once(begun)
            await asyncio.sleep(0.05)

    async def _once(self, begun: bytes) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.standing += 1
        try:
            answer = asyncio.create_task(reader.read(64))
            writer.write(begun)
            while not answer.done():
                await asyncio.wait([answer], timeout=self.pause)
                writer.write(b"a")
            self.sent_away += 1
            self.told += answer.exception() is None and answer.result().startswith(b"HTTP/1.1 4")
        finally:
            self.standing -= 1
            writer.close()


@asynccontextmanager
async def crowd(
    port: int, size: int, pause: float = 1.0, within: float = 0.0
) -> AsyncIterator[Crowd]:
    """They come one after the other `within` so many seconds; when the block begins, all stand."""
    made = Crowd(port, size, pause)
    clients = [asyncio.create_task(made.stand(n, within * n / size)) for n in range(size)]
    try:
        while made.standing < size:
            await asyncio.sleep(0.05)
        yield made
    finally:
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)


async def post(port: int, sent: bytes) -> tuple[int, float]:
    """One whole request on a connection of its own: the status and the seconds it took."""
    clock = asyncio.get_running_loop().time
    began = clock()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    head = await reader.readuntil(b"\r\n\r\n")
    took = clock() - began
    writer.close()
    return int(head[9:12]), took

"""HTTP/1.1 on bare asyncio streams: enough of it to be a vendor or a source on loopback, and little
enough to leave the processor to the hub."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

_LARGEST_HEAD = 65536


class Cut(ConnectionError):
    """The connection is broken off without a whole answer, on purpose."""


@dataclass(frozen=True)
class Asked:
    """A request: the path with its query, header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Answer = Callable[[Asked], Awaitable[tuple[int, bytes]]]


async def serve(answer: Answer, port: int = 0) -> asyncio.Server:
    """A server on loopback. `answer` gives a status and a body; a Cut that it raises hangs up."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (asked := await _request(reader)) is not None:
                status, body = await answer(asked)
                writer.write(_head(f"HTTP/1.1 {status} -", {}, body) + body)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    return await asyncio.start_server(talk, "127.0.0.1", port, limit=_LARGEST_HEAD)


async def _request(reader: asyncio.StreamReader) -> Asked | None:
    first, headers = await _read_head(reader)
    if not first:
        return None
    method, path, _ = first.split(" ", 2)
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Asked(method, path, headers, body)


async def _read_head(reader: asyncio.StreamReader) -> tuple[str, dict[str, str]]:
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as rest:
        if rest.partial:
            raise
        return "", {}
    first, *lines = raw[:-4].decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    return first, {name.lower(): value.strip() for name, _, value in pairs}


def _head(first: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [first, *(f"{n}: {v}" for n, v in headers.items()), f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "Content-Type: application/json", "", ""]).encode("latin-1")


@dataclass
class Line:
    """One connection to a server, kept open, opened anew when it broke."""

    host: str
    port: int
    patience: float = 20.0  # seconds for an answer
    _streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = field(default=None)

    async def post(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """The answer's status; 0 where none came: the request may have been read."""
        try:
            return await asyncio.wait_for(self._post(path, headers, body), self.patience)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            self.close()
            return 0

    async def _post(self, path: str, headers: dict[str, str], body: bytes) -> int:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self.host, self.port)
        reader, writer = self._streams
        host = {"Host": f"{self.host}:{self.port}"}
        writer.write(_head(f"POST {path} HTTP/1.1", {**host, **headers}, body) + body)
        first, told = await _read_head(reader)
        if not first:
            raise ConnectionResetError
        await reader.readexactly(int(told.get("content-length", 0)))
        if told.get("connection", "").lower() == "close":
            self.close()
        return int(first.split(" ", 2)[1])

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None

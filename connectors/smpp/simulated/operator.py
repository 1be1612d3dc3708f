"""An operator's SMPP server for tests, on a loop of its own: it answers by script, or not."""

import asyncio
import threading
from collections import deque
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from ..wire import pdu
from ..wire.pdu import Deliver, Pdu

SILENT, HANGING_UP = -1, -2


@dataclass
class Operator:
    """`script` are the statuses of the next answers to messages (`SILENT` or `HANGING_UP` for
    none: it takes them all the same); afterwards all is well. `bind_status` is for whoever binds.
    `heard` are the messages, `taken` those that go out, `thanks` the statuses that deliver_sm were
    answered with; with `deaf` it answers nobody who asks whether it is still there."""

    script: deque[int] = field(default_factory=deque)
    bind_status: int = 0
    port: int = 0
    binds: int = 0
    echoes: int = 0
    deaf: bool = False
    heard: list[Deliver] = field(default_factory=list)
    taken: list[Deliver] = field(default_factory=list)
    thanks: list[int] = field(default_factory=list)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _server: asyncio.Server | None = None
    _thread: threading.Thread = field(default_factory=threading.Thread)

    def start(self) -> None:
        """Listen on loopback."""
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._do(self._listen())

    def stop(self) -> None:
        """Hang up and listen no more."""
        self.hang_up()
        if self._server:
            self._loop.call_soon_threadsafe(self._server.close)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def hang_up(self) -> None:
        """End every connection."""
        self._do(self._close())

    def send(self, *units: Pdu | bytes) -> None:
        """Write units to whoever is bound."""
        octets = b"".join(u.encode() if isinstance(u, Pdu) else u for u in units)
        self._do(self._write(octets))

    def wait(self, done: Any, timeout: float = 5.0) -> bool:
        """Until `done()`, looked at whenever something came in."""
        with self._changed:
            return bool(self._changed.wait_for(done, timeout))

    def _do(self, going: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(going, self._loop).result(5)

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def _write(self, octets: bytes) -> None:
        for writer in self._writers:
            writer.write(octets)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                length, unit = pdu.header_of(await reader.readexactly(pdu.HEAD))
                body = await reader.readexactly(length)
                answer = self._answer(unit, body, writer)
                if answer and answer.status == HANGING_UP:
                    writer.close()
                elif answer:
                    writer.write(answer.encode())
                with self._changed:
                    self._changed.notify_all()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()

    def _answer(self, unit: Pdu, body: bytes, writer: asyncio.StreamWriter) -> Pdu | None:
        status, name = 0, b""
        if unit.command == pdu.BIND_TRANSCEIVER:
            self.binds, status = self.binds + 1, self.bind_status
            if not status:
                self._writers.append(writer)
        elif unit.command == pdu.SUBMIT_SM:
            self.heard.append(pdu.deliver_of(body))
            status = self.script.popleft() if self.script else 0
            name = b"id%d" % len(self.heard)
            if status in (0, SILENT, HANGING_UP):
                self.taken.append(self.heard[-1])
        elif unit.command & pdu.RESPONSE:
            self.thanks.append(unit.status)
            return None
        asks = unit.command == pdu.ENQUIRE_LINK
        self.echoes += asks
        if status == SILENT or (asks and self.deaf):
            return None
        return Pdu(unit.command | pdu.RESPONSE, unit.sequence, status, name + b"\0")


def delivery(sequence: int, message: bytes, **more: Any) -> Pdu:
    """A deliver_sm from a phone; `more` is esm_class, data_coding, sender, tlvs."""
    head = pdu.text_field("") + bytes([1, 1]) + pdu.text_field(more.get("sender", "33639980101"))
    head += bytes([3, 0]) + pdu.text_field("36034") + bytes([more.get("esm_class", 0), 0, 0])
    coding, size = more.get("data_coding", 0), len(message)
    tail = b"".join(
        tag.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value
        for tag, value in more.get("tlvs", {}).items()
    )
    body = head + b"\0\0" + bytes([0, 0, coding, 0, size]) + message + tail
    return Pdu(pdu.DELIVER_SM, sequence, body=body)


def receipt(sequence: int, name: str, word: str, error: str = "000") -> Pdu:
    """A receipt in the form of a text."""
    told = f"id:{name} sub:001 dlvrd:001 submit date:2606121430 done date:2606121431 stat:{word}"
    return delivery(sequence, f"{told} err:{error} text:stat:EXPIRED".encode(), esm_class=0x04)

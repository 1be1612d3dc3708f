"""One session with the operator over one connection: asking with a window, answering at once."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from ..wire import pdu
from ..wire.pdu import Deliver, Pdu

log = logging.getLogger(__name__)

Taken = Callable[[str], None]
Hear = Callable[[Deliver], Awaitable[int]]

_MOST_NUMBER = 0x7FFFFFFF
_ECHO_EVERY = 30.0  # seconds between two questions whether the operator is still there


class NotWritten(Exception):
    """Nothing of it was given to the wire."""


class NoAnswer(Exception):
    """It was given to the wire, and nobody said what became of it."""


class BindRefused(Exception):
    """The operator does not let us in; `status` is its reason."""

    def __init__(self, status: int) -> None:
        super().__init__(f"bind refused: {status:#010x}")
        self.status = status


@dataclass
class _Asked:
    answer: "asyncio.Future[Pdu]"
    taken: Taken


@dataclass
class Session:
    """A bound session. `hear` is given each deliver_sm, and its answer is the operator's."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    hear: Hear
    window: asyncio.Semaphore
    patience: float
    echo_every: float = _ECHO_EVERY
    _asked: dict[int, _Asked] = field(default_factory=dict)
    _hearing: set["asyncio.Task[None]"] = field(default_factory=set)
    _number: int = 0
    _lost: bool = False

    async def ask(self, command: int, body: bytes = b"", taken: Taken = lambda _: None) -> Pdu:
        """Write a unit and wait for its answer. `taken` hears the operator's id as soon as it is
        read, even when that is too late for the answer. Raises NotWritten, NoAnswer."""
        if self._lost or self.writer.is_closing():
            raise NotWritten
        self._number = self._number % _MOST_NUMBER + 1
        asked = _Asked(asyncio.get_running_loop().create_future(), taken)
        self._asked[self._number] = asked
        self.writer.write(Pdu(command, self._number, body=body).encode())
        try:
            return await asyncio.wait_for(asyncio.shield(asked.answer), self.patience)
        except TimeoutError:
            raise NoAnswer from None

    async def submit(self, body: bytes, taken: Taken, ends: float) -> Pdu:
        """The same for a message, in the window; `ends` is on the loop's clock."""
        try:
            async with asyncio.timeout_at(ends):
                await self.window.acquire()
        except TimeoutError:
            raise NotWritten from None
        try:
            async with asyncio.timeout_at(ends):
                return await self.ask(pdu.SUBMIT_SM, body, taken)
        except TimeoutError:
            raise NoAnswer from None
        finally:
            self.window.release()

    async def run(self) -> None:
        """Read until the connection ends, by either side."""
        echo = asyncio.create_task(self._echo())
        try:
            while True:
                self._meet(await _read(self.reader))
        except (OSError, asyncio.IncompleteReadError, pdu.BadPdu) as error:
            log.warning("smpp.lost", extra={"why": type(error).__name__})
        finally:
            echo.cancel()
            self.drop()

    def drop(self) -> None:
        """End the connection; whoever waits is told that no answer came."""
        self._lost = True
        self.writer.close()
        for asked in self._asked.values():
            if not asked.answer.done():
                asked.answer.set_exception(NoAnswer())
                asked.answer.exception()  # looked at, whether or not somebody still waits
        self._asked.clear()

    async def leave(self) -> None:
        """Say good-bye, and end the connection."""
        with contextlib.suppress(NotWritten, NoAnswer, OSError):
            await asyncio.wait_for(self.ask(pdu.UNBIND), 1.0)
        self.drop()

    async def _echo(self) -> None:
        while True:
            await asyncio.sleep(self.echo_every)
            try:
                await self.ask(pdu.ENQUIRE_LINK)
            except (NotWritten, NoAnswer):
                log.warning("smpp.silent")
                self.writer.close()
                return

    def _meet(self, unit: Pdu) -> None:
        if unit.command & pdu.RESPONSE:
            self._answered(unit)
        elif unit.command == pdu.DELIVER_SM:
            task = asyncio.create_task(self._hear(unit))
            self._hearing.add(task)
            task.add_done_callback(self._hearing.discard)
        elif unit.command in (pdu.ENQUIRE_LINK, pdu.UNBIND):
            self._answer(unit)
            if unit.command == pdu.UNBIND:
                raise ConnectionResetError("the operator unbound")
        else:
            self.writer.write(Pdu(pdu.GENERIC_NACK, unit.sequence, 0x03).encode())

    def _answered(self, unit: Pdu) -> None:
        asked = self._asked.pop(unit.sequence, None)
        if asked is None:
            return
        if unit.command == pdu.SUBMIT_SM | pdu.RESPONSE and unit.status == 0:
            asked.taken(pdu.id_of(unit.body))
        if not asked.answer.done():
            asked.answer.set_result(unit)

    async def _hear(self, unit: Pdu) -> None:
        try:
            status = await self.hear(pdu.deliver_of(unit.body))
        except pdu.BadPdu:
            status = 0  # it will never be readable, however often it comes
            log.warning("smpp.unreadable")
        if not self.writer.is_closing():
            self._answer(unit, status, b"\0")

    def _answer(self, unit: Pdu, status: int = 0, body: bytes = b"") -> None:
        answer = Pdu(unit.command | pdu.RESPONSE, unit.sequence, status, body)
        self.writer.write(answer.encode())


async def _read(reader: asyncio.StreamReader) -> Pdu:
    length, unit = pdu.header_of(await reader.readexactly(pdu.HEAD))
    body = await reader.readexactly(length)
    return Pdu(unit.command, unit.sequence, unit.status, body)


async def bind(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, body: bytes, patience: float
) -> None:
    """Ask to be let in on a fresh connection. Raises BindRefused, OSError, BadPdu,
    IncompleteReadError, TimeoutError."""
    writer.write(Pdu(pdu.BIND_TRANSCEIVER, 1, body=body).encode())
    async with asyncio.timeout(patience):
        answer = await _read(reader)
    if answer.status:
        raise BindRefused(answer.status)

"""SMPP against a server that others wrote: an emoji in parts, a receipt and a STOP by the hub."""

import asyncio
import socket
import threading
import time
from dataclasses import dataclass, field
from functools import partial

import pytest
import smpp34

from hub.compose.alphabet import encoding_of
from hub.compose.segments import split
from hub.connections import install
from hub.contract import Accepted, Outgoing, Phone
from hub.contract.kit.handsets import bare
from hub.store import connections
from hub.store.database import new_id, row, rows

ZOE = "+33639980123"
SECRETS = {"system_id": "relais", "password": "pw", "door_key": "a key of our own choosing"}
RECEIPT, UDH, UCS2 = 0x04, 0x40, 8


@dataclass
class Server:
    """The operator: keeps the parts that come in, and says that each was delivered."""

    port: int
    parts: list[object] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    _sessions: dict[str, object] = field(default_factory=dict)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def start(self):
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        self._server = smpp34.Server("127.0.0.1", self.port, system_id="operator")
        self._do(self._server.start).result(5)
        self._do(self._serve)

    def stop(self):
        self._do(self._server.stop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)

    def says(self, text, sender=ZOE):
        """A person writes."""
        octets, coding = _encoded(text)
        told = {"source_addr": bare(sender), "data_coding": coding}
        session = list(self._sessions.values())[-1]
        going = partial(session.deliver_sm, "36034", octets, **told)
        assert self._do(going).result(10).is_success

    def tells(self, state):
        """What became of every part so far."""
        session = list(self._sessions.values())[-1]
        for part, name in zip(self.parts, self.names, strict=True):
            words = f"id:{name} sub:001 dlvrd:001 stat:{state} err:000 text:"
            told = {"source_addr": part.destination_addr, "esm_class": RECEIPT}
            going = partial(session.deliver_sm, part.source_addr, words.encode(), **told)
            self._do(going).result(10)

    def shown(self):
        """What the phone shows, its parts joined by their headers."""
        if not self.parts[0].esm_class & UDH:
            return [_decoded(part) for part in self.parts]
        heads = [part.short_message[:6] for part in self.parts]
        assert {head[:5] for head in heads} == {bytes([5, 0, 3, heads[0][3], len(heads)])}
        in_order = sorted(self.parts, key=lambda part: part.short_message[5])
        return ["".join(_decoded(part, 6) for part in in_order)]

    def _do(self, going):
        async def begun():
            return await going()

        return asyncio.run_coroutine_threadsafe(begun(), self._loop)

    async def _serve(self):
        while True:
            met = await self._server.next()
            if isinstance(met, smpp34.Esme):
                self._sessions[met.session_id] = met
            elif isinstance(met, smpp34.Unbound):
                self._sessions.pop(met.session_id, None)
            else:
                self.names.append(f"{0xA0 + len(self.names):08X}")
                self.parts.append(met)
                met.accept(self.names[-1])


def _encoded(text):
    return (text.encode(), 0) if text.isascii() else (text.encode("utf-16-be"), UCS2)


def _decoded(part, skip=0):
    octets = part.short_message[skip:]
    return octets.decode("utf-16-be") if part.data_coding == UCS2 else octets.decode()


@pytest.fixture
def operator():
    server = Server(_free_port())
    server.start()
    yield server
    server.stop()


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def line(operator, ground, workspace, road):
    """The connection, installed as a merchant would, with its bind running as an operator would."""
    settings = {
        "host": "127.0.0.1",
        "port": str(operator.port),
        "bind_url": f"http://127.0.0.1:{_free_port()}",
        "sender": "MaisonLune",
    }
    started = install.start(ground, workspace, "smpp", settings, SECRETS)
    with ground.database.begin() as db:
        connection = connections.get(db, workspace, started.connection_id)
    context, until = ground.context(connection), threading.Event()
    connector = ground.connectors["smpp"]
    thread = threading.Thread(target=connector.carrier.bind, args=(context, until), daemon=True)
    thread.start()
    _soon(lambda: not connector.check(context).lacks)
    yield connection
    until.set()
    thread.join(5)


def _soon(done, timeout=20.0):
    ends = time.monotonic() + timeout
    while not done():
        assert time.monotonic() < ends, "It never came to that."
        time.sleep(0.02)


def _walked(road, done):
    def look():
        road.walk()
        return done()

    _soon(look)


def test_an_emoji_in_parts_a_receipt_and_a_stop_go_through_the_hub(
    line, operator, shop, road, ground
):
    shop.simulator.place_order(
        first_name="Zoé 🌸🎉", phone="06 39 98 01 23", country="FR", consent=True
    )
    _walked(road, lambda: operator.parts)
    with ground.database.begin() as db:
        message = row(db, "SELECT * FROM messages")
    assert message["state"] == "sent"
    assert message["carrier_message_id"] == "+".join(operator.names)
    (shown,) = operator.shown()
    assert "Zoé 🌸🎉" in shown
    assert len(split(shown)) == len(operator.parts) > 1
    operator.tells("DELIVRD")
    _walked(road, lambda: _state(ground) == "delivered")
    operator.says("STOP")
    _walked(road, lambda: "stopped" in _verdicts(ground))


TEXTS = (
    "x" * 152 + "€" + "y" * 10,
    "é" * 160,
    "{}" * 90,
    "x" * 66 + "😀" * 40,
    "Ça " * 60,
)


def test_parts_are_those_that_the_bill_counts(line, operator, ground):
    send, context = ground.connectors["smpp"].carrier.send, ground.context(line)
    for text in TEXTS:
        operator.parts.clear()
        message = Outgoing(str(new_id()), Phone(ZOE), text, encoding_of(text), False)
        assert [type(one) for one in send(context, [message])] == [Accepted]
        assert len(operator.parts) == len(split(text))
        if encoding_of(text) == "UCS2":
            assert operator.shown() == [text]


def _state(ground):
    with ground.database.begin() as db:
        return row(db, "SELECT state FROM messages ORDER BY id LIMIT 1")["state"]


def _verdicts(ground):
    with ground.database.begin() as db:
        return [one["verdict"] for one in rows(db, "SELECT verdict FROM consents")]

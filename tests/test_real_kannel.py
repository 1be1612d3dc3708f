"""Kannel itself, with its own fake operator: an emoji in parts, a receipt and a STOP by the hub."""

import re
import socket
import subprocess
import time
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

import pytest

from hub.compose.alphabet import encoding_of
from hub.compose.segments import split
from hub.connections import install
from hub.contract import Accepted, Outgoing, Phone
from hub.store import connections
from hub.store.database import new_id, rows

pytestmark = pytest.mark.kannel

ZOE = "+33639980123"
# Where Debian's packages kannel and kannel-extras put them; not everybody's PATH has sbin.
BEARERBOX, SMSBOX = "/usr/sbin/bearerbox", "/usr/sbin/smsbox"
FAKE_OPERATOR = "/usr/lib/kannel/test/fakesmsc"
SECRETS = {"username": "relais", "password": "a-password"}
CONF = """
group = core
admin-port = {admin}
admin-password = none
admin-interface = 127.0.0.1
smsbox-port = {box}
smsbox-interface = 127.0.0.1
box-allow-ip = 127.0.0.1

group = smsc
smsc = fake
smsc-id = out
host = 127.0.0.1
port = {out}
connect-allow-ip = 127.0.0.1

group = smsc
smsc = fake
smsc-id = in
host = 127.0.0.1
port = {into}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
sendsms-interface = 127.0.0.1

group = sendsms-user
username = relais
password = a-password
max-messages = 10
concatenation = true

group = sms-service
keyword = default
catch-all = true
max-messages = 0
post-url = "{hook}?type=mo&id=%I&from=%p&to=%P&at=%T&coding=%c&charset=%C"
"""
_GOT = re.compile(rb"Got message \d+: <\S+ (\S+) (?:udh (\S+) )?(text|data|ucs-2) ([^>]*)>")


@dataclass
class Gateway:
    """bearerbox, smsbox and the fake operators, in a folder of their own."""

    folder: object
    ports: dict[str, int]
    running: dict[str, subprocess.Popen] = field(default_factory=dict)

    def start(self, name, *arguments):
        """Run a program; what it says goes into a file of its name."""
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(arguments, stdout=log, stderr=log)

    def stop(self, name):
        self.running[name].kill()
        self.running.pop(name).wait()

    def configure(self, hook):
        conf = CONF.format(hook=hook, **self.ports)
        (self.folder / "kannel.conf").write_text(conf)

    def smsbox(self):
        self.start("smsbox", SMSBOX, str(self.folder / "kannel.conf"))
        listening(self.ports["sendsms"])

    def says(self, text):
        """A person writes; the text has no space."""
        port, words = str(self.ports["into"]), f"{ZOE[1:]} 36034 text {text}"
        self.start("person", FAKE_OPERATOR, "-H", "127.0.0.1", "-r", port, "-m", "1", words)

    def parts(self):
        """(header, text as octets, whether it is UTF-16) of each part the operator got."""
        said = (self.folder / "operator.log").read_bytes()
        return [
            (unquote_to_bytes(header), unquote_to_bytes(octets.replace(b"+", b"%20")), kind)
            for _, header, kind, octets in _GOT.findall(said)
        ]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listening(port):
    def answers():
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    soon(answers)


def soon(done, timeout=20.0):
    ends = time.monotonic() + timeout
    while not done():
        assert time.monotonic() < ends, "It never came to that."
        time.sleep(0.02)


@pytest.fixture
def gateway(tmp_path):
    names = ("admin", "box", "out", "into", "sendsms")
    made = Gateway(tmp_path, {name: free_port() for name in names})
    made.configure("http://127.0.0.1:9")
    made.start("bearerbox", BEARERBOX, str(tmp_path / "kannel.conf"))
    listening(made.ports["box"])
    listening(made.ports["out"])
    out = str(made.ports["out"])
    made.start("operator", FAKE_OPERATOR, "-H", "127.0.0.1", "-r", out, "-m", "0", "1 2 text none")
    made.smsbox()
    yield made
    for name in reversed(list(made.running)):
        made.stop(name)


@pytest.fixture
def line(gateway, ground, workspace, road):
    """The connection, installed as a merchant would, and its address put into kannel.conf."""
    url = f"http://127.0.0.1:{gateway.ports['sendsms']}/cgi-bin/sendsms"
    settings = {"sendsms_url": url, "sender": "MaisonLune", "smsc": "out"}
    started = install.start(ground, workspace, "kannel", settings, SECRETS)
    with ground.database.begin() as db:
        connection = connections.get(db, workspace, started.connection_id)
    gateway.stop("smsbox")
    gateway.configure(ground.hook_url(connection))
    gateway.smsbox()
    return connection


def walked(road, done):
    def look():
        road.walk()
        return done()

    soon(look)


def test_an_emoji_in_parts_a_receipt_and_a_stop_go_through_the_hub(
    line, gateway, shop, road, ground
):
    shop.simulator.place_order(
        first_name="Zoé 🌸🎉", phone="06 39 98 01 23", country="FR", consent=True
    )
    walked(road, lambda: state(ground) == "delivered")
    parts = gateway.parts()
    assert {header[:3] for header, _, _ in parts} == {b"\x05\x00\x03"}
    assert [header[4:] for header, _, _ in parts] == [
        bytes([len(parts), place + 1]) for place in range(len(parts))
    ]
    shown = b"".join(octets for _, octets, _ in parts).decode("utf-16-be")
    assert "Zoé 🌸🎉" in shown
    assert len(split(shown)) == len(parts) > 1
    gateway.says("STOP")
    walked(road, lambda: "stopped" in verdicts(ground))


TEXTS = (
    "x" * 160,
    "x" * 161,
    "x" * 152 + "€" + "y" * 10,
    "{}" * 40,
    "{}" * 90,
    "é" * 307,
    "Ça " * 23,
    "Ça " * 60,
    "😀" * 35,
    "x" * 66 + "😀" * 40,
)


def test_kannel_cuts_into_the_parts_that_the_bill_counts(line, gateway, ground):
    for text in TEXTS:
        assert cut(gateway, line, ground, text) == len(split(text))
    # Kannel cuts between the halves of an emoji where the hub does not: then the bill is lower.
    assert cut(gateway, line, ground, "😀" * 67) < len(split("😀" * 67))


def cut(gateway, line, ground, text):
    """Into how many parts Kannel cut a text, once the operator has them all."""
    before = len(gateway.parts())
    message = Outgoing(str(new_id()), Phone(ZOE), text, encoding_of(text), False)
    (result,) = ground.connectors["kannel"].carrier.send(ground.context(line), [message])
    assert result == Accepted(message.reference)
    soon(lambda: _is_last(gateway.parts()[before:]))
    return len(gateway.parts()) - before


def _is_last(parts):
    """Whether the last part is there: its header's number is that of all."""
    return bool(parts) and parts[-1][0][5:] == parts[-1][0][4:5]


def state(ground):
    with ground.database.begin() as db:
        found = rows(db, "SELECT state FROM messages ORDER BY id LIMIT 1")
    return found[0]["state"] if found else ""


def verdicts(ground):
    with ground.database.begin() as db:
        return [one["verdict"] for one in rows(db, "SELECT verdict FROM consents")]

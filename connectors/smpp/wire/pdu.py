"""SMPP 3.4's protocol data units, as many of them as a line for text messages needs.

The asyncio clients on the registry were tried first; README.md says why none is used.
"""

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field

BIND_TRANSCEIVER = 0x00000009
SUBMIT_SM = 0x00000004
DELIVER_SM = 0x00000005
UNBIND = 0x00000006
ENQUIRE_LINK = 0x00000015
GENERIC_NACK = 0x80000000
RESPONSE = 0x80000000  # the bit that makes an answer of a command

HEAD = 16
LONGEST = 1 << 17  # a message_payload of 64 KiB fits twice
_HEADER = struct.Struct(">IIII")
_VERSION = 0x34
_UDH = 0x40
_RECEIPT_WANTED = 1


class BadPdu(ValueError):
    """Octets that are no PDU; the line can only be dropped."""


@dataclass(frozen=True)
class Pdu:
    """One unit: command, status (0 is well), the sequence number that an answer repeats, body."""

    command: int
    sequence: int
    status: int = 0
    body: bytes = b""

    def encode(self) -> bytes:
        """As it goes over the wire."""
        size = HEAD + len(self.body)
        return _HEADER.pack(size, self.command, self.status, self.sequence) + self.body


@dataclass(frozen=True)
class Address:
    """A number or a name, with its type and its numbering plan."""

    ton: int
    npi: int
    digits: str

    def encode(self) -> bytes:
        """Three fields."""
        return bytes([self.ton, self.npi]) + text_field(self.digits)


@dataclass(frozen=True)
class Submit:
    """A short message for the operator; `validity` in SMPP's relative form, empty for its own."""

    source: Address
    destination: Address
    message: bytes
    data_coding: int
    headed: bool
    validity: str = ""

    def encode(self) -> bytes:
        """The body of a submit_sm."""
        kind = bytes([_UDH if self.headed else 0, 0, 0])  # esm_class, protocol, priority
        rest = bytes([_RECEIPT_WANTED, 0, self.data_coding, 0, len(self.message)])
        addresses = self.source.encode() + self.destination.encode()
        times = text_field("") + text_field(self.validity)
        return text_field("") + addresses + kind + times + rest + self.message


@dataclass(frozen=True)
class Deliver:
    """What the operator hands over: a person's message, or a receipt. `tlvs` by their tag."""

    source: str
    destination: str
    esm_class: int
    data_coding: int
    message: bytes
    tlvs: Mapping[int, bytes] = field(default_factory=dict)


def header_of(octets: bytes) -> tuple[int, Pdu]:
    """The length of the body that follows a head, and the unit without it. Raises BadPdu."""
    length, command, status, sequence = _HEADER.unpack(octets)
    if not HEAD <= length <= LONGEST:
        raise BadPdu(f"A unit of {length} octets is none.")
    return length - HEAD, Pdu(command, sequence, status)


def bind_body(system_id: str, password: str, system_type: str) -> bytes:
    """The body of a bind as transceiver."""
    named = text_field(system_id) + text_field(password) + text_field(system_type)
    return named + bytes([_VERSION, 0, 0]) + text_field("")


def text_field(text: str) -> bytes:
    """A text that ends with a zero octet."""
    return text.encode("latin-1", "replace").replace(b"\0", b"") + b"\0"


def id_of(body: bytes) -> str:
    """The operator's own id in a submit_sm_resp."""
    return body.partition(b"\0")[0].decode("latin-1")


def deliver_of(body: bytes) -> Deliver:
    """The fields of a deliver_sm. Raises BadPdu."""
    try:
        return _deliver(body)
    except (IndexError, struct.error) as error:
        raise BadPdu("A deliver_sm ends too early.") from error


def _deliver(body: bytes) -> Deliver:
    _, at = _text(body, 0)
    source, at = _text(body, at + 2)
    destination, at = _text(body, at + 2)
    esm_class, at = body[at], at + 3
    _, at = _text(body, at)
    _, at = _text(body, at)
    coding, size = body[at + 2], body[at + 4]
    start = at + 5
    message, tlvs = body[start : start + size], _tlvs(body, start + size)
    if len(message) != size:
        raise BadPdu("A deliver_sm is shorter than it says.")
    return Deliver(source, destination, esm_class, coding, message or tlvs.get(0x0424, b""), tlvs)


def _text(body: bytes, at: int) -> tuple[str, int]:
    end = body.find(b"\0", at)
    if end < 0:
        raise BadPdu("A text in a unit has no end.")
    return body[at:end].decode("latin-1"), end + 1


def _tlvs(body: bytes, at: int) -> dict[int, bytes]:
    found: dict[int, bytes] = {}
    while at + 4 <= len(body):
        tag, size = struct.unpack_from(">HH", body, at)
        found[tag] = body[at + 4 : at + 4 + size]
        at += 4 + size
    return found

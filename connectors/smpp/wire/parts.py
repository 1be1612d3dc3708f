"""Cutting a text into the parts a phone joins again, counted as networks bill them."""

from dataclasses import dataclass

from . import gsm

GSM, UCS2 = 0, 8  # SMPP's data_coding
_ROOM = {GSM: (160, 153), UCS2: (140, 134)}  # octets alone, and beside the six of a header


@dataclass(frozen=True)
class Part:
    """One short message: its octets, with a header that tells the parts apart where there are
    several."""

    octets: bytes
    data_coding: int
    headed: bool


def parts_of(text: str, encoding: str, number: int) -> tuple[Part, ...]:
    """The parts of a text in the hub's encoding ("GSM7" or "UCS2"); `number` (0 to 255) is what
    they have in common. No escape and no surrogate pair is ever cut."""
    coding = GSM if encoding == "GSM7" else UCS2
    alone, room = _ROOM[coding]
    pieces = [_octets(char, coding) for char in text]
    if sum(map(len, pieces)) <= alone:
        return (Part(b"".join(pieces), coding, headed=False),)
    bodies = _fill(pieces, room)
    heads = (bytes([5, 0, 3, number, len(bodies), place + 1]) for place in range(len(bodies)))
    return tuple(
        Part(head + body, coding, headed=True) for head, body in zip(heads, bodies, strict=True)
    )


def _octets(char: str, coding: int) -> bytes:
    if coding == GSM:
        return gsm.encode(char)
    return char.encode("utf-16-be", "replace")


def _fill(pieces: list[bytes], room: int) -> list[bytes]:
    bodies, body = [], bytearray()
    for piece in pieces:
        if len(body) + len(piece) > room:
            bodies.append(bytes(body))
            body.clear()
        body += piece
    return [*bodies, bytes(body)]

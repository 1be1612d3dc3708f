"""People's long messages come in parts, in any order: joined when all are there, or given as far
as they came when the rest stays away."""

from collections.abc import Callable
from dataclasses import dataclass, field

from ..wire import gsm
from ..wire.pdu import Deliver

_SAR_NUMBER, _SAR_TOTAL, _SAR_PLACE = 0x020C, 0x020E, 0x020F
_UDH = 0x40
_JOINS = {0x00: 1, 0x08: 2}  # a header's element, and the octets its number has
_LATIN, _UCS2, _ASCII = 3, 8, 1
_BINARY = (2, 4)
_GAP = "…"
_MOST = 10_000

_Key = tuple[str, str, int, int]


@dataclass(frozen=True)
class Said:
    """What a person wrote, whole or as far as it came."""

    sender: str
    to: str
    text: str


@dataclass
class _Pile:
    since: float
    texts: dict[int, str] = field(default_factory=dict)


@dataclass
class Joiner:
    """Keeps parts for `patience` seconds by `now`, a clock that only goes forward."""

    now: Callable[[], float]
    patience: float = 120.0
    _piles: dict[_Key, _Pile] = field(default_factory=dict)

    def add(self, told: Deliver) -> Said | None:
        """The message that is whole now, or None while parts are missing."""
        octets, join = _header_of(told)
        text = text_of(octets, told.data_coding)
        if join is None:
            return Said(told.source, told.destination, text)
        number, total, place = join
        key = (told.source, told.destination, number, total)
        pile = self._piles.setdefault(key, _Pile(self.now()))
        pile.texts[place] = text
        if len(pile.texts) < total and len(self._piles) <= _MOST:
            return None
        del self._piles[key]
        return _joined(key, pile)

    def overdue(self) -> list[Said]:
        """Messages whose missing parts are no longer waited for, with a mark in each gap."""
        ends = self.now() - self.patience
        late = [key for key, pile in self._piles.items() if pile.since <= ends]
        return [_joined(key, self._piles.pop(key)) for key in late]


def _joined(key: _Key, pile: _Pile) -> Said:
    source, destination, _, total = key
    pieces = [pile.texts.get(place, _GAP) for place in range(1, total + 1)]
    return Said(source, destination, "".join(pieces))


def text_of(octets: bytes, data_coding: int) -> str:
    """Octets as text, by SMPP's data_coding; nothing of a binary message."""
    if data_coding & 0xF0 == 0xF0:  # a message class stands in the low bits
        data_coding = _BINARY[1] if data_coding & 4 else 0
    if data_coding in _BINARY:
        return ""
    if data_coding == _UCS2:
        return octets.decode("utf-16-be", "replace")
    if data_coding in (_LATIN, _ASCII):
        return octets.decode("latin-1")
    return gsm.decode(octets)


def _header_of(told: Deliver) -> tuple[bytes, tuple[int, int, int] | None]:
    """The message without its header, and (number, total, place) where it is one of several."""
    octets = told.message
    if told.esm_class & _UDH and octets:
        size = octets[0] + 1
        return octets[size:], _sane(_elements(octets[1:size]))
    sar = [told.tlvs.get(tag, b"") for tag in (_SAR_NUMBER, _SAR_TOTAL, _SAR_PLACE)]
    if all(sar):
        number, total, place = (int.from_bytes(value, "big") for value in sar)
        return octets, _sane((number, total, place))
    return octets, None


def _elements(header: bytes) -> tuple[int, int, int] | None:
    at = 0
    while at + 2 <= len(header):
        kind, size = header[at], header[at + 1]
        value, at = header[at + 2 : at + 2 + size], at + 2 + size
        width = _JOINS.get(kind, 0)
        if width and len(value) == width + 2:
            return int.from_bytes(value[:width], "big"), value[width], value[width + 1]
    return None


def _sane(join: tuple[int, int, int] | None) -> tuple[int, int, int] | None:
    return join if join and join[1] > 1 and 1 <= join[2] <= join[1] else None

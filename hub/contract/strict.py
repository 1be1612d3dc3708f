"""Reading JSON strictly: what two readers could understand differently is refused, and what would
take long or much room is refused before it is read."""

import codecs
import json
from decimal import Decimal
from typing import Any

import orjson

DEEPEST = 64
MOST_NODES = 10_000  # values and names of one request by a person or program
MOST_DELIVERED = 100_000  # of one delivery: a thousand reports, an order of a thousand lines
_LARGEST_INT = 2**63
_SPACE = b" \t\r\n"
_ALL_BUT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_ALIKE = bytes.maketrans(b"{}", b"[]")
_NINES = bytes(ord("9") if chr(n) in "0123456789" else n for n in range(256))
_LONG = b"9" * 19  # the shortest run of digits that may not fit 64 bits


class Unreadable(ValueError):
    """The bytes are no JSON that everybody reads alike; the argument is a sentence that says why,
    its subject being «It», «A name» …"""


def read(raw: bytes, *, most: int = MOST_NODES, decimals: bool = False) -> Any:
    """The document in these bytes. Raises Unreadable, and nothing else.

    It is UTF-8 (a byte order mark is passed over), at most 64 deep, of at most `most` values and
    names, without a name standing twice in an object, NaN, infinities, or whole numbers beyond 64
    bits. NUL and lone surrogates are legal in JSON and come through: whoever keeps texts cleans
    them. `decimals` gives Decimal for numbers with a fraction.
    """
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if _needs_a_look(raw, most, decimals) and _measure(_bare(raw), most, decimals):
        return _with_care(raw, decimals)
    try:
        found = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return _with_care(raw, decimals)  # for the words, and for lone surrogates
    if _quotes(orjson.dumps(found)) != _quotes(raw):
        raise Unreadable("A name stands twice in one object.")  # of which one was lost
    return found


def _needs_a_look(raw: bytes, most: int, decimals: bool) -> bool:
    """Whether anything in it might be too much, texts taken for structure: most documents are
    small and plain, and this is all that they cost."""
    opened = raw.count(b"[") + raw.count(b"{")
    values = 1 + opened + raw.count(b",") + raw.count(b":")
    numbers = raw.translate(_NINES)
    return (
        values > most
        or opened > DEEPEST
        or _LONG in numbers
        or (decimals and _has_decimals(numbers))
    )


def _has_decimals(numbers: bytes) -> bool:
    return b"9." in numbers or b"9e" in numbers or b"9E" in numbers


def _bare(raw: bytes) -> bytes:
    """The document without spaces, one quotation mark in place of each text.

    Where the bytes are no JSON this goes wrong only after the place where every parser stops.
    """
    return b'"'.join(_unescaped(raw).split(b'"')[::2]).translate(None, _SPACE)


def _quotes(raw: bytes) -> int:
    """Two for each name and each text."""
    return _unescaped(raw).count(b'"')


def _unescaped(raw: bytes) -> bytes:
    return raw.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in raw else raw


def _measure(bare: bytes, most: int, decimals: bool) -> bool:
    """Bounds what a parser would build, and how deep it would recurse, before it sees the text.
    Says whether there are numbers that the quick parser would round."""
    opened = bare.count(b"[") + bare.count(b"{")
    empty = bare.count(b"[]") + bare.count(b"{}")
    values = 1 + bare.count(b",") + opened - empty
    if values + bare.count(b":") > most:
        raise Unreadable(f"It has more than {most} values.")
    if opened > DEEPEST and not _is_shallow(bare.translate(None, _ALL_BUT_BRACKETS)):
        raise Unreadable(f"It is nested more than {DEEPEST} deep.")
    numbers = bare.translate(_NINES)
    return _LONG in numbers or (decimals and _has_decimals(numbers))


def _is_shallow(brackets: bytes) -> bool:
    left = brackets.translate(_ALIKE)
    for _ in range(DEEPEST):  # each time the innermost pairs go
        left = left.replace(b"[]", b"")
        if not left:
            return True
    depth = deepest = 0
    for bracket in brackets:
        depth += 1 if bracket in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest <= DEEPEST


def _with_care(raw: bytes, decimals: bool) -> Any:
    try:
        return json.loads(
            raw.decode("utf-8"),
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_whole,
            parse_float=_exact if decimals else _finite,
        )
    except UnicodeDecodeError:
        raise Unreadable("It is not UTF-8.") from None
    except json.JSONDecodeError as error:
        words = f"It is not JSON: line {error.lineno}, column {error.colno}."
        raise Unreadable(words) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("A name stands twice in one object.")
    return found


def _constant(word: str) -> Any:
    raise Unreadable(f"{word} is not a JSON number.")


def _whole(digits: str) -> int:
    if len(digits) > 20 or not -_LARGEST_INT <= (value := int(digits)) < _LARGEST_INT:
        raise Unreadable("A whole number does not fit 64 bits.")
    return value


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Unreadable("A number is too large.")
    return value


def _exact(digits: str) -> Decimal:
    _finite(digits)
    return Decimal(digits)

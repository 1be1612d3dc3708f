"""Counting and cutting a text as carriers do, and the STOP mention that is part of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from hub.compose.alphabet import EXTENSION, Encoding, encoding_of

# Units in a single message, and in each part of a longer one (six octets tell the parts apart).
ROOM: dict[Encoding, tuple[int, int]] = {"GSM7": (160, 153), "UCS2": (70, 67)}

# What takes two units: the escape pairs of GSM-7, the surrogate pairs of UTF-16.
_WIDE: dict[Encoding, re.Pattern[str]] = {
    "GSM7": re.compile(f"[{re.escape(EXTENSION)}]"),
    "UCS2": re.compile("[\U00010000-\U0010ffff]"),
}

# A whole word in capitals, with the number or link it goes to, or as the last word. "Non-STOP",
# "the bus STOP is" and "don't stop" are no mentions.
_STOP = re.compile(
    r"(?<![\w-])STOP(?:\s*(?:au|to|al|an|a|à|aan|:|>|=|->)?\s*(?:\d{3,8}(?!\w)|https?://\S)|\s*[.!)]?\s*\Z)"
)


@dataclass(frozen=True, slots=True)
class Count:
    """What a text costs: `units` used, `parts` billed, `left` units before one more part."""

    encoding: Encoding
    units: int
    parts: int
    left: int


def count(text: str, reserve: str = "") -> Count:
    """The cost of a text, just as it is. An empty text is one part: carriers bill one.

    `reserve` is what the carrier will append by itself, for instance " STOP 36180"; counting
    the same characters makes the figure shown equal to what the phone receives.
    """
    text += reserve
    encoding = encoding_of(text)
    single, room = ROOM[encoding]
    units = units_of(text, encoding)
    if units <= single:
        return Count(encoding, units, 1, single - units)
    starts = [0, *_cuts(text, _WIDE[encoding], room)]
    used = units_of(text[starts[-1] :], encoding)
    return Count(encoding, units, len(starts), room - used)


def room_of(encoding: Encoding, parts: int) -> int:
    """How many units so many parts hold."""
    single, room = ROOM[encoding]
    return single if parts == 1 else parts * room


def units_of(text: str, encoding: Encoding) -> int:
    """Units in this encoding, as if every character had a place in it."""
    return len(text) + len(_WIDE[encoding].findall(text))


def split(text: str) -> tuple[str, ...]:
    """The parts a phone receives; joined they are the text. No pair of units is ever cut."""
    encoding = encoding_of(text)
    wide = _WIDE[encoding]
    single, room = ROOM[encoding]
    if len(text) + len(wide.findall(text)) <= single:
        return (text,)
    edges = [0, *_cuts(text, wide, room), len(text)]
    return tuple(text[start:end] for start, end in pairwise(edges))


def _cuts(text: str, wide: re.Pattern[str], room: int) -> Iterator[int]:
    """Where each part after the first begins."""
    if wide.search(text) is None:
        yield from range(room, len(text), room)
        return
    used = 0
    for position, character in enumerate(text):
        width = 2 if wide.match(character) else 1
        if used + width > room:
            yield position
            used = 0
        used += width


def stop_mention(stop_code: str) -> str:
    """How to leave: "STOP 36180". Where short codes do not exist the code may be a link."""
    return f"STOP {stop_code.strip()}".rstrip()


def has_stop(text: str) -> bool:
    """Whether the text already says how to leave: "STOP 36180", "STOP au 36180", "...: STOP"."""
    return "STOP" in text and _STOP.search(text) is not None


def with_stop(text: str, stop_code: str) -> str:
    """The text with the STOP mention after it, unless it has one."""
    if has_stop(text):
        return text
    gap = "" if text[-1:].isspace() or not text else " "
    return text + gap + stop_mention(stop_code)

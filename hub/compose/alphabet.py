"""The GSM 03.38 alphabet: which characters are cheap, which are costly, how to spell those."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from hub.compose.spellings import REMOVED, SPELLED

Encoding = Literal["GSM7", "UCS2"]

# 3GPP TS 23.038 §6.2.1 in code order; the one gap is 0x1B, the escape to the second table.
BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = "^{}\\[~]|€\f"  # each of these costs two units

_ALL = re.escape(BASIC + EXTENSION)
_PLAIN = re.compile(f"[{_ALL}]*")
_OUTSIDE = re.compile(f"[^{_ALL}]")
_OUTSIDE_STYLED = re.compile(f"[^{_ALL}][\ufe0e\ufe0f]?")
_LINE_BREAK = re.compile("\r\n|[\r\v\u0085\u2028\u2029]")
_NO_TEXT = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f]")
_GUILLEMETS = re.compile("«[ \u00a0\u2009\u202f]?|[ \u00a0\u2009\u202f]?»")


@dataclass(frozen=True)
class Costly:
    """A character that makes the whole message UCS-2.

    `position` counts code points from 0. `suggestion` is a cheap spelling ("" means: leave it
    out, it is invisible), or None where there is none that says the same.
    """

    position: int
    character: str
    name: str
    suggestion: str | None


def tidy(text: str) -> str:
    """The text as it can be sent: NFC, line breaks as LF, no control characters.

    A lone surrogate, which no phone can receive, becomes U+FFFD.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _LINE_BREAK.sub("\n", _NO_TEXT.sub("\ufffd", text))
    return unicodedata.normalize("NFC", _CONTROL.sub("", text))


def is_gsm(text: str) -> bool:
    """Whether every character is in the basic or the extension table."""
    return _PLAIN.fullmatch(text) is not None


def encoding_of(text: str) -> Encoding:
    """What a phone network needs for this text, just as it is; one costly character decides."""
    return "GSM7" if is_gsm(text) else "UCS2"


def costly(text: str) -> tuple[Costly, ...]:
    """Every character outside GSM-7, in order."""
    return tuple(
        Costly(found.start(), found[0], name_of(found[0]), spelling(found[0]))
        for found in _OUTSIDE.finditer(text)
    )


def name_of(character: str) -> str:
    """The Unicode name in small letters ("no-break space"), or its number ("U+E000")."""
    return unicodedata.name(character, "").lower() or f"U+{ord(character):04X}"


def transliterate(text: str) -> str:
    """The same words with costly characters spelled cheaply where that is faithful.

    Emoji, other scripts and symbols without a GSM-7 spelling stay, and so does any text that
    is GSM-7 already. The result is NFC.
    """
    if is_gsm(text):
        return text
    text = unicodedata.normalize("NFC", text)
    text = _GUILLEMETS.sub('"', text)  # French puts spaces inside; English quotes have none
    return unicodedata.normalize("NFC", _OUTSIDE_STYLED.sub(_spelled, text))


def _spelled(found: re.Match[str]) -> str:
    cheap = spelling(found[0][0])
    return found[0] if cheap is None else cheap


@lru_cache(maxsize=4096)
def spelling(character: str) -> str | None:
    """How to write one costly character with GSM-7 ones; None where nothing is faithful."""
    if character in SPELLED:
        return SPELLED[character]
    if character in REMOVED or "\u0300" <= character <= "\u036f":
        return ""
    if unicodedata.category(character) == "Zs":
        return " "
    return _without_marks(character)


def _without_marks(character: str) -> str | None:
    """The letters below the accents or inside a ligature: ê is e, ﬁ is fi, Ａ is A."""
    if unicodedata.category(character)[0] not in "LNP":
        return None
    pieces = unicodedata.normalize("NFKD", character)
    bare = "".join(SPELLED.get(c, c) for c in pieces if not unicodedata.combining(c))
    faithful = bare.isascii() and bare.isprintable() and " " not in bare and bare != ""
    return bare if faithful else None

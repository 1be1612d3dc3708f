"""The phones' alphabet, GSM 03.38, one septet an octet as SMPP carries it."""

_ESCAPE = 0x1B

# 3GPP TS 23.038 section 6.2.1, one line for each column of its table.
_COLUMNS = (
    "@£$¥èéùìòÇ\nØø\rÅå",
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ",
    " !\"#¤%&'()*+,-./",
    "0123456789:;<=>?",
    "¡ABCDEFGHIJKLMNO",
    "PQRSTUVWXYZÄÖÑÜ§",
    "¿abcdefghijklmno",
    "pqrstuvwxyzäöñüà",
)
_BASIC = {char: code for code, char in enumerate("".join(_COLUMNS)) if code != _ESCAPE}
_SECOND = {
    "\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F,
    "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40, "€": 0x65,
}  # fmt: skip
_OCTETS = {char: bytes([code]) for char, code in _BASIC.items()} | {
    char: bytes([_ESCAPE, code]) for char, code in _SECOND.items()
}
_CHARS = {code: char for char, code in _BASIC.items()}
_SECOND_CHARS = {code: char for char, code in _SECOND.items()}


def octets_of(char: str) -> bytes | None:
    """One character as one octet, or two with the escape; None where the alphabet lacks it."""
    return _OCTETS.get(char)


def encode(text: str) -> bytes:
    """A text in the alphabet; what the alphabet lacks becomes a question mark."""
    return b"".join(_OCTETS.get(char, b"?") for char in text)


def decode(octets: bytes) -> str:
    """Octets as text. An escape before a code that the second table lacks is a space, as phones
    show it; an octet above 0x7F is no septet and becomes U+FFFD."""
    chars, escaped = [], False
    for code in octets:
        if code == _ESCAPE and not escaped:
            escaped = True
            continue
        known = _SECOND_CHARS.get(code) if escaped else None
        chars.append(known or (" " if code == _ESCAPE else _CHARS.get(code, "\ufffd")))
        escaped = False
    return "".join(chars)

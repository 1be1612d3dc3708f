"""Cheap spellings that Unicode's own decompositions do not give."""

_SAME_AS = {
    "'": "‘’‚‛′ʼʹʻ‹›´`ˈ",
    '"': "“”„‟″«»〝〞",
    "-": "‐‑‒–—―−⁃•",
    "/": "⁄∕",
    ".": "·‧",
    " ": "\t",
    "...": "…",
    "o": "º",
    "a": "ª",
    "x": "×",
    "d": "đð",
    "D": "ĐÐ",
    "l": "ł",
    "L": "Ł",
    "h": "ħ",
    "H": "Ħ",
    "t": "ŧ",
    "T": "Ŧ",
    "i": "ı",
    "oe": "œ",
    "OE": "Œ",
    "th": "þ",
    "Th": "Þ",
    "ß": "ẞ",
    "(c)": "©",
    "(R)": "®",
    "TM": "™",
    "No": "№",
    "->": "→➔➜",
    "<-": "←",
    "=>": "⇒",
    "<=": "≤",
    ">=": "≥",
    "~": "≈",
    "|": "¦",
}

SPELLED: dict[str, str] = {char: cheap for cheap, chars in _SAME_AS.items() for char in chars}

# Invisible: soft hyphen, zero-width space and joiners of words, byte-order mark, direction marks.
# The zero-width joiner is not here: it holds emoji together.
REMOVED = frozenset(
    "\u00ad\u200b\u2060\ufeff\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)

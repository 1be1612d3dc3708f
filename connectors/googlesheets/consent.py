"""Consent in a cell: yes and no in five languages, and telling our own word from a person's."""

import re

from .grid import Cell, text

_PAIRS: tuple[tuple[str, str], ...] = (
    ("yes", "no"),
    ("oui", "non"),
    ("sí", "no"),
    ("sì", "no"),
    ("si", "no"),
    ("ja", "nein"),
    ("TRUE", "FALSE"),
    ("vrai", "faux"),
    ("verdadero", "falso"),
    ("vero", "falso"),
    ("wahr", "falsch"),
    ("y", "n"),
    ("o", "n"),
    ("j", "n"),
    ("1", "0"),
    ("x", "-"),
    ("✓", "✗"),
    ("opt-in", "opt-out"),
    ("on", "off"),
)
_YES = frozenset(yes.casefold() for yes, _ in _PAIRS)
_NO = frozenset(no.casefold() for _, no in _PAIRS) | {"stop", "unsubscribed", "désabonné"}
_OVERRULED = "·"
_ECHO = re.compile(r"(?P<written>.{0,40}) #(?P<count>\d{1,9}) \((?P<before>.{0,200})\)", re.S)


def spoken(cell: Cell) -> bool | None:
    """What a cell says; None where it says nothing that we know."""
    word = text(cell, 20).casefold()
    return True if word in _YES else False if word in _NO else None


def word_of(cell: Cell, echo: Cell) -> tuple[str, bool]:
    """The last word of a person in this cell, for telling changes, and whether what stands there
    now is ours: `echo` is what we noted beside it when we wrote."""
    noted = _ECHO.fullmatch(text(echo))
    if noted is None:
        return text(cell, 100), False
    if text(cell, 100) == noted["written"]:
        return noted["before"], True
    return f"{text(cell, 100)}≠{noted['count']}", False


def overruled(cell: Cell, echo: Cell) -> str:
    """The note once a person wrote over our word: it then never again makes a word ours, even the
    same one. Empty where there is nothing to change."""
    noted = _ECHO.fullmatch(text(echo))
    if noted is None or noted["written"] in (_OVERRULED, text(cell, 100)):
        return ""
    return f"{_OVERRULED} #{noted['count']} ({noted['before']})"


def is_overruled(echo: Cell) -> bool:
    """Whether this note is one of `overruled`."""
    return text(echo).startswith(f"{_OVERRULED} #")


def answered(granted: bool, cell: Cell, echo: Cell, habit: Cell) -> tuple[Cell, str] | None:
    """The cell and its echo that say `granted` in the words of the sheet; None where they do.

    `habit` is how another cell of the column says yes or no, for a cell that is empty.
    """
    if spoken(cell) is granted:
        return None
    noted = _ECHO.fullmatch(text(echo))
    count = int(noted["count"]) + 1 if noted else 1
    written = _like(granted, cell if spoken(cell) is not None else habit)
    before = word_of(cell, echo)[0][:200]
    return written, f"{text(written)} #{count} ({before})"


def _like(granted: bool, model: Cell) -> Cell:
    if isinstance(model, bool):
        return granted
    if isinstance(model, int | float):
        return int(granted)
    word = text(model, 20).casefold()
    pair = next((p for p in _PAIRS if word in (p[0].casefold(), p[1].casefold())), _PAIRS[0])
    said = pair[0] if granted else pair[1]
    return said.capitalize() if text(model)[:1].isupper() and said.islower() else said

"""Findings about characters that cost: each named and underlined, the invisible ones too."""

import re
from collections.abc import Iterator

from hub.compose.alphabet import costly, name_of, spelling
from hub.compose.lint.case import Case, Check
from hub.compose.lint.repair import cheaply, sure

_MOST = 50  # underlined in one text
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_JOINING = frozenset("\u200d\ufe0e\ufe0f\u20e3") | {chr(c) for c in range(0x1F3FB, 0x1F400)}
_FLAGS = range(0x1F1E6, 0x1F200)
_INVISIBLE = frozenset({"Zs", "Cf"})


def characters(case: Case) -> Check:
    """One finding for each costly character, or for several that are drawn as one."""
    source = _COMMENT.sub(lambda found: " " * len(found[0]), case.source)
    tries = (cheaply(case.source), cheaply(case.source, quotes=False))
    told = (case.variables, case.words.event)
    mended = next((m for m in (sure(case.source, one, *told) for one in tries) if m), None)
    for number, (start, drawn) in enumerate(_drawn(source)):
        if number == _MOST:
            return
        cheap = [spelling(character) for character in drawn]
        if case.words.transliterate and None not in cheap:
            continue  # the sender spells it cheaply by itself
        yield case.finding(
            "warning",
            "costly_character",
            _said(drawn, None if None in cheap else "".join(map(str, cheap))),
            names={"character": drawn, "name": _name(drawn)},
            span=(start, start + len(drawn)),
            repair=None if None in cheap else mended,
        )


def _drawn(text: str) -> Iterator[tuple[int, str]]:
    """Costly characters by position; joined emoji, skin tones and flags are one."""
    start, drawn = 0, ""
    for one in costly(text):
        if drawn and one.position == start + len(drawn) and _joined(drawn, one.character):
            drawn += one.character
            continue
        if drawn:
            yield start, drawn
        start, drawn = one.position, one.character
    if drawn:
        yield start, drawn


def _joined(before: str, character: str) -> bool:
    if character in _JOINING or before[-1] == "\u200d":
        return True
    return len(before) == 1 and ord(before) in _FLAGS and ord(character) in _FLAGS


def _name(drawn: str) -> str:
    names = [name_of(character) for character in drawn if character not in _JOINING]
    return " with ".join(names) or name_of(drawn[0])


def _said(drawn: str, cheap: str | None) -> str:
    hidden = not drawn.strip() or all(not c.isprintable() or c.isspace() for c in drawn)
    shown = f"An invisible character ({_name(drawn)})" if hidden else f"«{drawn}» ({_name(drawn)})"
    dear = f"{shown} makes every part 70 characters instead of 160."
    if cheap is None:
        return f"{dear} Leave it out, or accept the price."
    return f"{dear} Write «{cheap}»." if cheap.strip() else f"{dear} Use a plain space or none."

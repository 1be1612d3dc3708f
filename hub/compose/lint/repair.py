"""Mending a source in one go: the same template with one fault less, or nothing where unsure."""

import re
from collections.abc import Iterable

from hub.compose.alphabet import spelling, transliterate
from hub.compose.faults import TemplateError
from hub.compose.language import Variable, compile_template

_TAG = re.compile(r"(\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\})", re.DOTALL)
_QUOTES = "\"'"


def cheaply(source: str, *, quotes: bool = True) -> str:
    """Costly characters spelled cheaply, outside tags as the sender does it. Within tags each by
    itself; a quote there may end a constant, so it can be left as it is."""
    pieces = _TAG.split(source)
    return "".join(_in_tag(p, quotes) if n % 2 else transliterate(p) for n, p in enumerate(pieces))


def _in_tag(tag: str, quotes: bool) -> str:
    cheap = ((character, spelling(character)) for character in tag)
    kept = "" if quotes else _QUOTES
    return "".join(old if new is None or (new and new in kept) else new for old, new in cheap)


def cut(source: str, start: int, end: int, instead: str) -> str:
    """Other characters in place of some."""
    return source[:start] + instead + source[end:]


def sure(source: str, mended: str, variables: Iterable[Variable], event: str) -> str | None:
    """The mended source where it says something new and still compiles."""
    if mended == source:
        return None
    try:
        compile_template(mended, variables, event=event)
    except TemplateError:
        return None
    return mended

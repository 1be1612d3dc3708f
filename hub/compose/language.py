"""The template language: Jinja2's syntax, an allow-list, and no hole in any text."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from hub.compose.alphabet import name_of, tidy
from hub.compose.faults import (
    EmptyText,
    MissingVariable,
    RenderError,
    TemplateError,
    TooLong,
    UnfitValue,
)
from hub.compose.filters import KINDS, Scope, Shorten
from hub.compose.grammar import build
from hub.compose.names import Names, Reference, Variable, reference_of
from hub.compose.outputs import Part

__all__ = [
    "EmptyText",
    "MissingVariable",
    "RenderError",
    "Rendered",
    "Shorten",
    "Template",
    "TemplateError",
    "TooLong",
    "UnfitValue",
    "Variable",
    "compile_template",
    "render",
]

LONGEST_SOURCE = 4000  # characters
LONGEST_TEXT = 4000  # characters; RCS takes 3,072, ten SMS 1,530

_HIDDEN = re.compile("[\0-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# A line with one {% tag %} and nothing else leaves no empty line in the text. Its line break goes
# inside the tag, so that errors keep their line numbers.
_TAG_ALONE = re.compile(r"^[ \t]*(\{%(?:(?!%\})[^\n])*?)([-+]?%\})[ \t]*\n", re.MULTILINE)
_NO_DEFAULTS: Mapping[str, str] = MappingProxyType({})

_Declared = tuple[str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Template:
    """A checked template; `names` are the variables it speaks of, in a text or in an «if»."""

    source: str
    names: frozenset[str]
    _words: Part = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The text, and the variables that a default stood in for."""

    text: str
    defaulted: tuple[str, ...] = ()


def compile_template(
    source: str, variables: Iterable[Variable], *, event: str = "", each: str = ""
) -> Template:
    """Check a template against the variables of an event; the same again costs a look-up.

    `each` names a list variable that the text is repeated for: «item» is one of its items.
    Raises TemplateError(line, words) for whatever the language does not have: see grammar.
    """
    declared = tuple((v.name, v.kind, tuple(v.fields)) for v in variables)
    return _compiled(source, declared, event, each)


@lru_cache(maxsize=1024)
def _compiled(source: str, variables: tuple[_Declared, ...], event: str, each: str) -> Template:
    names = names_of(variables, event, each)
    words = build(prepared(source), names)
    return Template(source, frozenset(names.used), words)


def names_of(variables: Iterable[_Declared], event: str, each: str = "") -> Names:
    """What a template may say."""
    known = {name: _reference(name, kind, fields) for name, kind, fields in variables}
    if not each:
        return Names(known, event)
    return Names(known, event, "item", known[each].fields, {each})


def prepared(source: str) -> str:
    """The source as it is parsed. Raises TemplateError where it cannot be a message's."""
    _check(source)
    return _TAG_ALONE.sub(r"\1\n\2", tidy(source))


def _reference(name: str, kind: str, fields: tuple[str, ...]) -> Reference:
    if kind not in KINDS:
        raise ValueError(f"«{kind}», the kind of «{name}», is none of {', '.join(sorted(KINDS))}.")
    return reference_of(name, kind, fields)


def _check(source: str) -> None:
    if len(source) > LONGEST_SOURCE:
        words = f"The template has {len(source)} characters, more than {LONGEST_SOURCE}."
        raise TemplateError(1, f"{words} Shorten it.")
    if not source.strip():
        raise TemplateError(1, "The template is empty. Write the message.")
    hidden = _HIDDEN.search(source)
    if hidden:
        line = source.count("\n", 0, hidden.start()) + 1
        raise TemplateError(line, f"There is a hidden character ({name_of(hidden[0])}). Delete it.")


def render(
    template: Template,
    values: Mapping[str, object],
    *,
    language: str,
    zone: str,
    defaults: Mapping[str, str] = _NO_DEFAULTS,
    shorten: Shorten | None = None,
    item: object = None,
) -> Rendered:
    """The text for one person.

    `values`: money as {"amount": "25.00", "currency": "EUR"}, a datetime in ISO 8601 with its
    offset, shown in `zone` ("Europe/Paris") as `language` ("fr") writes it; a list as a list of
    texts or of dicts. A missing value takes the default() of the template, else its entry in
    `defaults`. `shorten(address, label)` makes the links of «short»; `item` is the one that a
    text is repeated for. Raises RenderError: MissingVariable, UnfitValue, TooLong, EmptyText.
    """
    scope = Scope(values, language, zone, defaults, shorten, item)
    text = template._words(scope)
    if scope.missing:
        raise MissingVariable(*dict.fromkeys(scope.missing))
    if len(text) > LONGEST_TEXT:
        raise TooLong(len(text), LONGEST_TEXT)
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise EmptyText("The message is empty for this person. Add words outside the «if».")
    return Rendered(text, tuple(dict.fromkeys(scope.filled)))

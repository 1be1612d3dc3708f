"""Sentences that rooms and connectors wrote in English, told in the reader's language.

Rows keep a sentence as it was said, once, whoever reads it later. A sentence is known by its shape:
«Sent through {1}; accepted {2}.» has its translation, and what stands in the holes is told by the
same rules. The shapes are found in the sources; a test sees that none is without its translation.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from flask_babel import get_locale

from hub.config import CHECKOUT

_HOME = CHECKOUT / "hub" / "web" / "translations"
_HOLE = re.compile(r"\{(\w*)\}")
_NAME = re.compile(r"«\{(\w*)\}»")
_ENDS = re.compile(r"(?<=[.!?»…:]) (?=\S)")
_DATE = re.compile(r"\b[A-Z][a-z]+\b")
_CLOCK = re.compile(r"\bat (\d\d:\d\d(?::\d\d)?)")
_AT, _NOT_SENT = "at {1}", "Not sent: "
_QUOTED = re.compile(r"«([^«»]+)»(?:: ([^,]+)(.*))?", re.DOTALL)
_LIST = re.compile(r"([^.:;«»]+) (and|or) ([^.:;«»,]+)")
_PROSE = re.compile(r"[a-z]{2,} [a-z]")
_VERBS = ("is ", "contains ")  # of a condition, whose field stands before
# A time begins with «on» or «at»: without that a name of two words would end too early.
_KINDS = {"at": "((?:on|at) .*?)", "field": r"([a-z_]\w*)"}
_DEEPEST = 5
_JOINT = 10  # letters: a shape with fewer only joins; it is no sign that the language is known
_TELLING = 24  # letters: so many of a sentence that began with «Not sent:» are surely one
_LONGEST = 4000  # characters; what is longer is a document, not a sentence


@dataclass(frozen=True)
class Shape:
    """A sentence with holes: how it is known in English, how it is said in the other language."""

    known: re.Pattern[str]
    said: str
    holes: tuple[str, ...]
    names: frozenset[str]  # holes between «guillemets»: what somebody called something stays
    weight: int


@dataclass(frozen=True)
class Book:
    """One language: whole sentences, shapes by their first word, and shapes that begin with a
    hole; both with the most telling first. `dates` are months and days of the week, `at` what
    stands before a time."""

    whole: Mapping[str, str]
    by_word: Mapping[str, Sequence[Shape]]
    open: Sequence[Shape]
    dates: Mapping[str, str]
    at: str


def told(sentence: str) -> str:
    """The same in the language of whoever reads the page; as it is where nobody translated it."""
    language = str(get_locale() or "en")
    return sentence if language == "en" or not sentence else retold(language, str(sentence))


@lru_cache(maxsize=20_000)
def retold(language: str, sentence: str) -> str:
    """The same in a language."""
    if len(sentence) > _LONGEST:
        return sentence
    return _told(_book(language), sentence, 0)


def _told(book: Book, text: str, depth: int) -> str:
    if not text.strip() or depth > _DEEPEST:
        return text
    if text[:2] in (": ", ". "):
        return text[:2] + _told(book, text[2:], depth + 1)
    found = _listed(book, text, depth) or _whole(book, text, depth)
    if found:
        return found
    why = _whole(book, f"{_NOT_SENT}{text}", depth, _TELLING) if depth else None
    if why is not None:
        return why.partition(":")[2].strip()
    parts = _ENDS.split(text)
    for end in range(len(parts) - 1, 0, -1):
        found = _whole(book, " ".join(parts[:end]), depth)
        if found is not None:
            return f"{found} {_told(book, ' '.join(parts[end:]), depth + 1)}"
    if len(parts) > 1:
        return f"{_dated(book, parts[0])} {_told(book, ' '.join(parts[1:]), depth + 1)}"
    return _dated(book, text)


def _whole(book: Book, text: str, depth: int, least: int = 0) -> str | None:
    """Where all of it is one known sentence, with so many letters of its own at least."""
    if text in book.whole:
        return book.whole[text]
    if said := _inside(book, text) or _quoted(book, text, depth):
        return said
    first = text.split(" ", 1)[0]
    for shape in (*book.by_word.get(first, ()), *book.open):
        match = shape.known.fullmatch(text) if shape.weight >= least else None
        if match and (filled := _filled(book, shape, match, depth)):
            return filled
    return None


def _listed(book: Book, text: str, depth: int) -> str:
    """«a, b and c» where all of them are known."""
    match = _LIST.fullmatch(text)
    if not match:
        return ""
    parts = [*match[1].split(", "), match[3]]
    known = [_whole(book, part, depth + 1) for part in parts]
    if not all(known):
        return ""
    *first, last = map(str, known)
    joined = book.whole.get(f"{match[2]} …", f"{match[2]} …").removesuffix("…")
    return f"{', '.join(first)} {joined}{last}"


def _inside(book: Book, text: str) -> str:
    """A sentence that stands within another: it begins small, and may have lost its full stop."""
    whole = f"{text[:1].upper()}{text[1:].removesuffix('.')}."
    said = book.whole.get(whole, "")
    if not said:
        return ""
    return f"{said[:1].lower()}{said[1:].removesuffix('.')}" + ("." if text.endswith(".") else "")


def _quoted(book: Book, text: str, depth: int) -> str:
    """A sentence between guillemets, then perhaps what it is about: «…»: order 12, 64.90 €."""
    match = _QUOTED.fullmatch(text)
    said = book.whole.get(f"{match[1]}.", "") if match else ""
    if not match or not said:
        return ""
    about = f": {_told(book, match[2], depth + 1)}{match[3]}" if match[2] else ""
    return f"«{said.removesuffix('.')}»{about}"


def _filled(book: Book, shape: Shape, match: re.Match[str], depth: int) -> str | None:
    """None where a mere «and» would join words that nobody knows: half of a sentence is none."""
    values = {
        name: value if name in shape.names else _told(book, value, depth + 1)
        for name, value in zip(shape.holes, match.groups(), strict=True)
    }
    if shape.weight < _JOINT and any(
        values[name] == value and _PROSE.search(value)
        for name, value in zip(shape.holes, match.groups(), strict=True)
    ):
        return None
    return _HOLE.sub(lambda hole: values.get(hole[1], hole[0]), shape.said)


def _dated(book: Book, text: str) -> str:
    dated = _DATE.sub(lambda word: book.dates.get(word[0], word[0]), text)
    return _CLOCK.sub(lambda clock: book.at.replace("{1}", clock[1]), dated)


@lru_cache(maxsize=8)
def _book(language: str) -> Book:
    known = {english: said for english, said in _written(language) if said}
    whole = {english: said for english, said in known.items() if not _HOLE.search(english)}
    by_word: dict[str, list[Shape]] = {}
    opened: list[Shape] = []
    for english, said in known.items():
        for shape, first in _shapes(english, said):
            by_word.setdefault(first, []).append(shape) if first else opened.append(shape)
    for shapes in (*by_word.values(), opened):
        shapes.sort(key=lambda shape: -shape.weight)
    return Book(whole, by_word, opened, _dates(language), known.get(_AT, _AT))


def _shapes(english: str, said: str) -> Iterator[tuple[Shape, str]]:
    """A piece that others are joined to has a hole where they join."""
    if english[:1] in " ,":
        english, said = "{_}" + english, "{_}" + said
    elif english[-1:] == " ":
        english, said = english + "{_}", said + "{_}"
    elif english.startswith(_VERBS):
        yield from _shapes(f"{{field}} {english}", f"{{field}} {said}")
    elif not _HOLE.search(english):
        return
    pieces = _HOLE.split(english)
    literal, holes = pieces[::2], tuple(pieces[1::2])
    kinds = [_KINDS.get(hole, "(.*?)") for hole in holes]
    pattern = "".join(map("".join, zip(map(re.escape, literal), [*kinds, ""], strict=True)))
    # Of two holes side by side the first takes all: what the second adds is a piece that is joined.
    pattern = pattern.replace("(.*?)(.*?)", "(.+)(.*?)")
    weight = sum(len(piece) for piece in literal)
    first = literal[0].split(" ", 1)[0] if " " in literal[0] else ""
    names = frozenset(_NAME.findall(english))
    yield Shape(re.compile(pattern, re.DOTALL), said, holes, names, weight), first


def _written(language: str) -> Iterator[tuple[str, str]]:
    """What is translated: the hub's own sentences, then those of each connector's folder."""
    yield from _read(_HOME / language / "sentences.json").items()
    for found in sorted((CHECKOUT / "connectors").glob("*/words.json")):
        yield from _read(found).get(language, {}).items()


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return found


def _dates(language: str) -> dict[str, str]:
    english, other = Locale("en"), Locale(language)
    found = {english.months["format"]["wide"][n]: other.months["format"]["wide"][n]
             for n in range(1, 13)}  # fmt: skip
    for width in ("wide", "abbreviated"):
        days = english.days["format"][width]
        found |= {days[n]: other.days["format"][width][n] for n in range(7)}
    return found

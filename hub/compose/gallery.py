"""The gallery of ready-made messages: one folder per scenario, one file per language.

`scenario.txt` holds what the languages share, `fr.sms.txt` a French SMS: lines of "key: value",
then "---", then the text. Both are meant to be read and written by a merchant.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

Kind = Literal["marketing", "transactional"]

_KINDS = ("marketing", "transactional")
_SHARED = "scenario.txt"
_TEXT_FILE = re.compile(r"(?P<language>[a-z]{2})\.(?P<channel>sms)\.txt")
_LATER = re.compile(
    r"[a-z]{2}\.rcs\.json|README\.md|\..*"
)  # not texts of this gallery, yet welcome
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class GalleryError(ValueError):
    """A file of the gallery is wrong: which one, on which line (from 1), and why."""

    def __init__(self, file: Path, line: int, words: str) -> None:
        super().__init__(f"{file.parent.name}/{file.name}, line {line}: {words}")
        self.file = file
        self.line = line
        self.words = words


@dataclass(frozen=True)
class Text:
    """One language's message: its title and advice to the merchant, defaults, template source."""

    language: str
    channel: str
    title: str
    advice: str
    source: str
    defaults: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """A situation worth a message: the events that start it, its kind, the variables it offers.

    No event means that the hub itself sends it (the answer to STOP).
    """

    slug: str
    events: tuple[str, ...]
    kind: Kind
    variables: tuple[str, ...]
    texts: tuple[Text, ...]

    def text(self, language: str, channel: str = "sms") -> Text | None:
        """The message in that language, if the gallery has it."""
        return next((t for t in self.texts if (t.language, t.channel) == (language, channel)), None)


@dataclass(frozen=True)
class _Lines:
    """The "key: value" lines of a file, with the line each stands on."""

    file: Path
    values: Mapping[str, tuple[int, str]]

    def need(self, key: str) -> str:
        """The value of a key that must be there."""
        if key not in self.values:
            raise GalleryError(self.file, 1, f"«{key}:» is missing. Add the line.")
        return self.values[key][1]

    def line(self, key: str) -> int:
        """Where the key stands, for an error about its value."""
        return self.values[key][0]


def load(folder: Path) -> tuple[Scenario, ...]:
    """Every scenario under the folder, by slug. Raises GalleryError at the first wrong file."""
    folders = sorted(f for f in folder.iterdir() if f.is_dir() and f.name[0] not in "._")
    return tuple(_scenario(one) for one in folders)


def _scenario(folder: Path) -> Scenario:
    shared = folder / _SHARED
    if not _SLUG.fullmatch(folder.name):
        raise GalleryError(shared, 1, "A folder's name has small letters, digits and hyphens only.")
    if not shared.is_file():
        raise GalleryError(shared, 1, "The file is missing. Write kind and variables in it.")
    lines = _keys(shared, _read(shared).split("\n"), ("event", "kind", "variables"))
    kind = lines.need("kind")
    if kind not in _KINDS:
        raise GalleryError(shared, lines.line("kind"), f"The kind is {' or '.join(_KINDS)}.")
    events = _listed(lines, "event") if "event" in lines.values else ()
    variables = _listed(lines, "variables")
    for name in variables:
        if not _NAME.fullmatch(name):
            raise GalleryError(shared, lines.line("variables"), f"«{name}» is not a variable name.")
    texts = tuple(_text(file, variables) for file in sorted(folder.iterdir()) if _is_text(file))
    return Scenario(folder.name, events, cast("Kind", kind), variables, texts)


def _is_text(file: Path) -> bool:
    if _TEXT_FILE.fullmatch(file.name):
        return True
    if file.name != _SHARED and not _LATER.fullmatch(file.name):
        raise GalleryError(file, 1, "The name is not like «fr.sms.txt». Rename or remove the file.")
    return False


def _text(file: Path, variables: tuple[str, ...]) -> Text:
    head, line, body = _parted(file, _read(file).split("\n"))
    lines = _keys(file, head, ("title", "advice"), ("default ",))
    if not body:
        raise GalleryError(file, line, "There is no text below «---». Write the message.")
    language, channel, _ = file.name.split(".")
    title, advice = lines.need("title"), lines.need("advice")
    return Text(language, channel, title, advice, body, _defaults(lines, variables))


def _defaults(lines: _Lines, variables: tuple[str, ...]) -> dict[str, str]:
    """From lines like "default first_name: dear customer"."""
    defaults = {}
    for key, (line, value) in lines.values.items():
        prefix, _, name = key.partition(" ")
        if prefix == "default" and name not in variables:
            words = f"«{name}» is not one of the scenario's variables."
            raise GalleryError(lines.file, line, words)
        if prefix == "default":
            defaults[name] = value
    return defaults


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = fault.object.count(b"\n", 0, fault.start) + 1
        raise GalleryError(file, line, "This is not UTF-8 text. Save the file as UTF-8.") from None


def _parted(file: Path, lines: list[str]) -> tuple[list[str], int, str]:
    """The header, the line of the rule below it, the text."""
    if "---" not in lines:
        raise GalleryError(file, 1, "A line «---» must stand between the header and the text.")
    rule = lines.index("---")
    return lines[:rule], rule + 1, "\n".join(lines[rule + 1 :]).strip()


def _keys(
    file: Path, lines: list[str], known: tuple[str, ...], prefixes: tuple[str, ...] = ()
) -> _Lines:
    values: dict[str, tuple[int, str]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        key, colon, value = (piece.strip() for piece in line.partition(":"))
        if not colon or not value:
            raise GalleryError(file, number, "A header line is «key: value».")
        if key not in known and not key.startswith(prefixes):
            raise GalleryError(file, number, f"«{key}» is not known. The keys: {', '.join(known)}.")
        if key in values:
            raise GalleryError(file, number, f"«{key}» is here twice. Keep one.")
        values[key] = (number, value)
    return _Lines(file, values)


def _listed(lines: _Lines, key: str) -> tuple[str, ...]:
    return tuple(piece.strip() for piece in lines.need(key).split(",") if piece.strip())

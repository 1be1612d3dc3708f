"""Cases of bad input, one JSON object a line: `id`, what is sent, the class that is expected, a
note. What is sent is a text, bytes in base64, or named for making: megabytes are not kept."""

import base64
import gzip
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.config import CHECKOUT

FOLDER = CHECKOUT / "tests" / "corpus"
SECTIONS = ("4.1", "4.2", "4.3", "4.4", "4.5", "4.6")
SHARED = ("H", "J", "S")


@dataclass(frozen=True)
class Case:
    """One input at one surface; `expected` is one of the classes that file's test knows, several
    joined with a bar where each is right. `fields` is the whole line."""

    id: str
    surface: str
    expected: str
    fields: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.surface}-{self.id}"

    @property
    def raw(self) -> bytes:
        """The bytes that are sent."""
        if "bytes" in self.fields:
            return base64.b64decode(self.fields["bytes"])
        if "make" in self.fields:
            how, *given = self.fields["make"]
            return _MAKERS[how](*given)
        # Lone surrogates are written as they would come out of an escape.
        return str(self.fields["text"]).encode("utf-8", "surrogatepass")

    @property
    def text(self) -> str:
        """The same as a text."""
        return self.raw.decode("utf-8", "surrogatepass")

    def allows(self, verdict: object) -> bool:
        """Whether this is what was expected."""
        return str(verdict) in self.expected.split("|")


def cases(name: str, surface: str) -> list[Case]:
    """The cases of one file at a surface: «J» at «4.1», or a section's own."""
    found = []
    for line in lines(name):
        expected = line["expect"]
        if isinstance(expected, str):
            expected = {name: expected}
        if surface in expected:
            found.append(Case(line["id"], surface, expected[surface], line))
    return found


def lines(name: str, folder: Path = FOLDER) -> Iterator[dict[str, Any]]:
    """The lines of a file as they stand."""
    for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines():
        if line:
            yield json.loads(line)


def _zipped(size: int, times: int) -> bytes:
    made = b"0" * size
    for _ in range(times):
        made = gzip.compress(made, 9, mtime=0)
    return made


def _keys(count: int) -> bytes:
    return b"{" + b",".join(b'"k%d":1' % n for n in range(count)) + b"}"


_MAKERS: Mapping[str, Callable[..., bytes]] = {
    "repeat": lambda part, times, end="": part.encode() * times + end.encode(),
    "list": lambda item, count: b"[" + b",".join([item.encode()] * count) + b"]",
    "keys": _keys,
    "between": lambda start, part, times, end: (start + part * times + end).encode(),
    "encoded": lambda text, code: text.encode(code),
    "zipped": _zipped,
}

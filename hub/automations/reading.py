"""Reads a JSON document field by field and gathers every problem, each by the field's path."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing wrong: the field's path ("conditions[0].field") and what to do, in words."""

    field: str
    words: str

    def __str__(self) -> str:
        return f"{self.field}: {self.words}" if self.field else self.words


class DocumentError(ValueError):
    """A document that cannot be used; `problems` holds all that is wrong with it, in order."""

    def __init__(self, problems: Collection[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass(frozen=True)
class Section:
    """One object of a document. A wrong field is noted in `problems`, a stand-in is returned."""

    values: Mapping[str, Any]
    path: str
    problems: list[Problem]

    def where(self, name: str) -> str:
        """The path of a field of this object."""
        return f"{self.path}.{name}" if self.path else name

    def complain(self, name: str, words: str) -> None:
        """Notes what is wrong with a field."""
        self.problems.append(Problem(self.where(name), words))

    def knows(self, *names: str) -> None:
        """Refuses every field that is not one of these."""
        for name in self.values:
            if name not in names:
                self.complain(str(name)[:80], f"is not a field here.{meant(str(name), names)}")

    def text(self, name: str, longest: int = 100) -> str:
        """A short text that must be there."""
        value = self.values.get(name)
        if not isinstance(value, str) or not value.strip():
            self.complain(name, "must be a text." if name in self.values else "is missing.")
            return ""
        if len(value) > longest or not value.isprintable():
            self.complain(name, f"must be one line of at most {longest} characters.")
        return value

    def choice(self, name: str, choices: Collection[str], default: str = "") -> str:
        """One word of a closed list; with a default it may be left out."""
        value = self.values.get(name, default)
        if value in choices and isinstance(value, str):
            return value
        if name not in self.values:
            self.complain(name, "is missing.")
        else:
            known = ", ".join(f"«{c}»" for c in choices)
            self.complain(name, f"must be one of {known}.{meant(str(value), choices)}")
        return next(iter(choices))

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        value = self.values.get(name, default)
        if not isinstance(value, bool):
            self.complain(name, "must be true or false.")
            return default
        return value

    def whole(self, name: str, most: int, default: int | None = None) -> int:
        """A whole number from 0 to `most`."""
        value = self.values.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            words = f"must be a whole number from 0 to {most}."
            self.complain(name, "is missing." if value is None else words)
            return 0
        return value

    def section(self, name: str, required: bool = True) -> "Section":
        """A nested object; its own fields are not complained about when it is no object."""
        value = self.values.get(name)
        if isinstance(value, Mapping):
            return Section(value, self.where(name), self.problems)
        if name in self.values:
            self.complain(name, "must be an object.")
        elif required:
            self.complain(name, "is missing.")
        return Section({}, self.where(name), [])

    def rows(self, name: str) -> tuple["Section", ...]:
        """A list of objects, empty where it is left out."""
        value = self.values.get(name, [])
        if not isinstance(value, list | tuple):
            self.complain(name, "must be a list.")
            return ()
        rows = []
        for place, row in enumerate(value):
            path = f"{name}[{place}]"
            if isinstance(row, Mapping):
                rows.append(Section(row, self.where(path), self.problems))
            else:
                self.complain(path, "must be an object.")
        return tuple(rows)


def opened(document: object) -> Section:
    """The document as a section with no problems yet. Raises DocumentError when it is no object."""
    if not isinstance(document, Mapping):
        raise DocumentError([Problem("", "The document must be an object.")])
    return Section(document, "", [])


def meant(word: str, known: Collection[str]) -> str:
    """« Did you mean …?» when one known word is close, else nothing."""
    close = get_close_matches(word[:80], known, n=1)
    return f" Did you mean «{close[0]}»?" if close else ""

"""Reading a document's pieces: strings become checked templates, every problem is kept by path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hub.compose.extent.widths import most_characters
from hub.compose.faults import TemplateError
from hub.compose.language import Template, Variable, compile_template

Problems = list[tuple[str, str]]


@dataclass(frozen=True)
class Desk:
    """What a document is read with. `each` is the list that a card is repeated for."""

    variables: Sequence[Variable]
    event: str = ""
    each: str = ""
    problems: Problems = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def within(self, each: str) -> "Desk":
        """The same, inside a card for each item."""
        return replace(self, each=each)

    def fault(self, path: str, words: str) -> None:
        """Keep a problem."""
        self.problems.append((path, words))

    def words(self, path: str, source: Any, most: int) -> Template | None:
        """A template that never says more than `most` characters; None with its problem kept."""
        if not isinstance(source, str) or not source.strip():
            self.fault(path, "Write words here.")
            return None
        try:
            made = compile_template(source, self.variables, event=self.event, each=self.each)
        except TemplateError as error:
            self.fault(path, error.words)
            return None
        self.names.update(made.names)
        longest = most_characters(source, self.variables, event=self.event, each=self.each)
        if longest > most:
            words = f"This takes up to {longest} characters, and RCS shows {most} here."
            self.fault(path, f"{words} Shorten it, or cut a variable with truncate_gsm.")
        return made

    def optional(self, path: str, within: Mapping[str, Any], key: str, most: int) -> Any:
        """The template under a key, None where the key is not there."""
        found = within.get(key)
        return None if found is None or found == "" else self.words(f"{path}.{key}", found, most)

    def shape(self, path: str, found: Any, known: Sequence[str]) -> Mapping[str, Any] | None:
        """An object with no keys but these; None with its problem kept."""
        if not isinstance(found, Mapping):
            self.fault(path, "This must be an object, { … }.")
            return None
        for name in found:
            if name not in known:
                self.fault(joined(path, name), f"This is not known here. Use {', '.join(known)}.")
        return found

    def listed(self, path: str, found: Any, most: int) -> Sequence[Any]:
        """A list of at most so many; empty where it is none."""
        if found is None:
            return ()
        if not isinstance(found, list):
            self.fault(path, "This must be a list, [ … ].")
            return ()
        if len(found) > most:
            self.fault(path, f"There are {len(found)}, and RCS shows {most} here. Remove some.")
        return found


def joined(path: str, name: str) -> str:
    """A path one step on."""
    return f"{path}.{name}" if path else str(name)

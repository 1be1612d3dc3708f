"""Pages as they are declared: an address, who may come there, what is shown or where it leads."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from hub.accounts.roles import May

# Who may come: anybody at all, whoever has given a password and still owes a code, whoever is
# signed in, or whose role in their workspace allows it.
Who = Literal["anybody", "half", "anyone"] | May


@dataclass(frozen=True)
class Shown:
    """A page or a part of one: a template, what stands in it, and how the answer is marked."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Go:
    """On to another page; `token` is a session to keep in the browser, "" to end the one there;
    `said` is for that page, `keeps` are choices for this browser (language, theme)."""

    to: str
    token: str | None = None
    said: str = ""
    keeps: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """A download: its name, its type, its content in pieces; nothing of it is kept by browsers."""

    name: str
    mimetype: str
    content: Iterable[str] | Iterable[bytes] | bytes


class Missing(LookupError):
    """There is no such thing here, or it is another workspace's: both look alike."""


Act = Callable[..., "Shown | Go | File"]


@dataclass(frozen=True)
class Way:
    """One way in. With `fresh` the password must have been given within minutes."""

    method: str
    path: str
    may: Who
    act: Act
    wing: str
    fresh: bool = False

    @property
    def name(self) -> str:
        """Its endpoint: "messages_one"."""
        return f"{self.wing}_{self.act.__name__}"


@dataclass(frozen=True)
class Wing:
    """The ways of one noun, in the order they are declared."""

    name: str
    ways: list[Way] = field(default_factory=list)

    def way(self, line: str, *, may: Who, fresh: bool = False) -> Callable[[Act], Act]:
        """Declare one: `line` is its method and path, "GET /messages/<uuid:id>"."""
        method, path = line.split(" ")

        def declare(act: Act) -> Act:
            self.ways.append(Way(method, path, may, act, self.name, fresh))
            return act

        return declare

"""How a route is declared: what it asks, what it answers, which scope it needs."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.ground import Ground
from hub.web.api.paging import Cursors

Schema = Mapping[str, Any]


@dataclass(frozen=True)
class Ask:
    """One request by a known key: its workspace, its query, its body as read and as sent.

    `db` is the transaction that the answer of an idempotent route is kept in; others open theirs.
    """

    ground: Ground
    workspace_id: UUID
    args: Mapping[str, str]
    body: Any = None
    raw: bytes = b""
    scopes: Sequence[str] = ()
    db: Connection | None = None

    @property
    def transaction(self) -> Connection:
        """The transaction of an idempotent route."""
        if self.db is None:
            raise RuntimeError("This route was not declared as idempotent.")
        return self.db

    def begin(self) -> AbstractContextManager[Connection]:
        """A transaction that sees this workspace's rows alone."""
        return self.ground.database.begin(self.workspace_id)

    @property
    def sees_numbers(self) -> bool:
        """Whether phone numbers are shown whole; a number that the caller gave always is."""
        return "numbers" in self.scopes

    def cursors(self, noun: str) -> Cursors:
        """The cursors of one list of this workspace."""
        return Cursors(self.ground.vault.key, f"{self.workspace_id}:{noun}")


@dataclass(frozen=True)
class Answer:
    """What is answered; `rings` names the arrows to wake once it is committed."""

    body: Any
    status: int = 200
    rings: tuple[str, ...] = ()


Act = Callable[..., Answer]


@dataclass(frozen=True)
class Route:
    """One operation. `path` is written as OpenAPI has it: "/templates/{slug}"."""

    method: str
    path: str
    scope: str
    act: Act
    tag: str
    answers: Mapping[int, Schema | None]
    takes: Schema | None = None
    query: tuple[str, ...] = ()
    idempotent: bool = False

    @property
    def name(self) -> str:
        """Its operation id: "templates_put"."""
        return f"{self.tag}_{self.act.__name__}"

    @property
    def rule(self) -> str:
        """The path as Flask has it."""
        return self.path.replace("{", "<").replace("}", ">")

    @property
    def says(self) -> str:
        """What it does: the first line of its function's docstring."""
        return (self.act.__doc__ or "").strip().split("\n", maxsplit=1)[0]


@dataclass(frozen=True)
class Desk:
    """The routes of one noun, in the order they are declared."""

    tag: str
    routes: list[Route] = field(default_factory=list)

    def route(
        self,
        line: str,
        *,
        scope: str,
        answers: Mapping[int, Schema | None],
        takes: Schema | None = None,
        query: tuple[str, ...] = (),
        idempotent: bool = False,
    ) -> Callable[[Act], Act]:
        """Declare one: `line` is its method and path, "GET /templates/{slug}"."""
        method, path = line.split(" ")

        def declare(act: Act) -> Act:
            made = Route(method, path, scope, act, self.tag, answers, takes, query, idempotent)
            self.routes.append(made)
            return act

        return declare

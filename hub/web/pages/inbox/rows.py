"""The lines of the inbox: who, their last words, what the hub made of them, who looks after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from uuid import UUID

from sqlalchemy import Connection

from hub.accounts.roles import may
from hub.store import users
from hub.store.database import Row
from hub.web.pages.inbox.words import did, said
from hub.web.pages.messages.one import shower
from hub.web.pages.messages.rows import opened, person_of
from hub.web.pages.messages.words import name_of
from hub.web.pages.states import State
from hub.web.pages.visits import Visit


@dataclass(frozen=True)
class Line:
    """One thread. `answered` names who answered since, `assignee` who looks after it; "" where
    nobody."""

    id: UUID
    phone: str
    who: str
    person: str
    words: str
    did: State
    at: datetime
    waits: bool
    answered: str
    assignee: str


def team(visit: Visit) -> dict[UUID, Row]:
    """The workspace's people by id. Users belong to no workspace: this asks beside the desk."""
    with visit.ground.database.begin() as db:
        return {one["id"]: one for one in users.team(db, visit.workspace_id)}


def answerers(found: Mapping[UUID, Row]) -> list[tuple[str, str]]:
    """Who may be assigned a thread, as a choice offers them."""
    return [(str(i), one["name"]) for i, one in found.items() if may(one["role"], "answer")]


def lines_of(
    visit: Visit, db: Connection, found: Sequence[Row], known: Mapping[UUID, Row]
) -> list[Line]:
    """Rows of hub.store.threads.page as lines."""
    seen, show = opened(visit, db, found), shower(visit, db)
    return [_line(one, seen, said(one, show(one["body"])), known) for one in found]


def mark_of(found: Sequence[Line]) -> str:
    """Changes with anything that the list shows."""
    told = "|".join(f"{one.id}{one.waits}{one.answered}{one.assignee}" for one in found)
    return blake2b(told.encode(), digest_size=12).hexdigest()


def _line(row: Row, seen: Mapping[str, str], words: str, known: Mapping[UUID, Row]) -> Line:
    person = person_of(row, seen)
    later = row["answered_at"] is not None and row["answered_at"] > row["received_at"]
    return Line(
        row["id"], row["phone"], name_of(row) or person, person, words, did(row),
        row["received_at"], row["waits"],
        name_in(known, row["answered_by"]) if later else "", name_in(known, row["assignee"]),
    )  # fmt: skip


def name_in(known: Mapping[UUID, Row], user_id: UUID | None) -> str:
    """A member's name; "" for nobody, or for who has left."""
    return str(known[user_id]["name"]) if user_id and user_id in known else ""

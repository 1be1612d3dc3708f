"""Changes: the audit chain of one workspace as its people look through it, newest first."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, row, rows

# The first word of what was done: «webhook» of «webhook.added», «templates» of «templates_put».
_NOUN = "split_part(translate(a.what, '_', '.'), '.', 1)"

_KNOWN = re.compile(r"(?:user|key):[0-9a-f-]{36}|clock")
_ID = """CASE WHEN a.who ~ '^{0}:[0-9a-f-]{{36}}$'
    THEN CAST(substr(a.who, length('{0}:') + 1) AS uuid) END"""


@dataclass(frozen=True)
class Asked:
    """Which lines: by whom ("user:<id>"), about which nouns, at which time; before which line."""

    who: str = ""
    nouns: Sequence[str] = ()
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def page(db: Connection, workspace_id: UUID, asked: Asked, limit: int) -> Sequence[Row]:
    """The lines, with the names of whoever did it; asked on the road, where users are."""
    first, last = _bounds(db, workspace_id, asked)
    # Each condition is in words only where it is asked, its value with it: a plan for any value
    # reads all that is usual to find what is rare.
    wheres = ["a.workspace_id = :workspace_id", "a.n >= :first", "a.n < :last"]
    values: dict[str, object] = {"first": first, "last": last, "limit": limit}
    if asked.who:
        known = _KNOWN.fullmatch(asked.who) is not None
        wheres.append(f"a.who = '{asked.who}'" if known else "a.who = :who")
        values |= {} if known else {"who": asked.who}
    if nouns := [noun for noun in asked.nouns if noun.isidentifier()]:
        told = "', '".join(nouns)
        wheres.append(f"{_NOUN} IN ('{told}')")
    return rows(
        db,
        f"""SELECT a.n, a.at, a.who, a.what, a.object, a.detail, k.name AS key_name,
                u.name AS user_name
            FROM audit a
            LEFT JOIN api_keys k ON k.id = {_ID.format("key")}
            LEFT JOIN users u ON u.id = {_ID.format("user")}
            WHERE {" AND ".join(wheres)} ORDER BY a.n DESC LIMIT :limit""",  # noqa: S608 - ours
        workspace_id=workspace_id,
        **values,
    )


def _bounds(db: Connection, workspace_id: UUID, asked: Asked) -> tuple[int, int]:
    """From which line to before which: lines stand in the order of time."""
    last = asked.before if asked.before is not None else 1 << 62
    first = 0
    if asked.since is not None:
        first = _beside(db, workspace_id, "at >= :at ORDER BY at, n", asked.since, 1 << 62)
    if asked.until is not None:
        ends = _beside(db, workspace_id, "at < :at ORDER BY at DESC, n DESC", asked.until, -1)
        last = min(last, ends + 1)
    return first, last


def _beside(db: Connection, workspace_id: UUID, where: str, at: datetime, none: int) -> int:
    found = row(
        db,
        f"SELECT n FROM audit WHERE workspace_id = :id AND {where} LIMIT 1",  # noqa: S608 - ours
        id=workspace_id,
        at=at,
    )
    return int(found["n"]) if found else none

"""People as a page lists them: found by number, name or address and by where they stand. No
question looks further than REACH people back; where it stopped is told, and one goes on there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, row, rows

REACH = 20_000  # people that one question looks at, the newest first
COUNTED = 1000  # people that are counted; beyond them it is «or more»
DEAD_AFTER = 3  # permanent failures that show a number to be no number
STANDINGS = ("agreed", "refused", "never", "stopped", "blocked")

# The same as hub.store.consent judges: the newest word of each source, one «no» outweighs.
_STANDS = """LATERAL (SELECT CASE WHEN bool_or(w.verdict = 'stopped') THEN 'stopped'
        WHEN bool_or(w.verdict = 'withdrawn') THEN 'refused'
        WHEN count(*) > 0 THEN 'agreed' ELSE 'never' END AS standing
    FROM (SELECT DISTINCT ON (c.scope) c.verdict FROM (
        SELECT verdict, said_at, id, CASE WHEN verdict IN ('stopped', 'resumed') THEN 'stop '
            ELSE 'of ' || source END AS scope
        FROM consents WHERE workspace_id = :workspace_id AND phone = p.phone) c
        ORDER BY c.scope, c.said_at DESC, c.id DESC) w) s"""
# Named first, one by one: asked for in their order, PostgreSQL would walk along all there are.
_AGAINST = """p.phone = ANY(ARRAY(SELECT phone FROM consents
    WHERE workspace_id = :workspace_id AND verdict = '{}'))"""
_BEGINS = """p.found_{0} <> '' AND p.found_{0} >= lower(CAST(:{1} AS text)) COLLATE "C"
    AND p.found_{0} < (lower(CAST(:{1} AS text)) || chr(1114111)) COLLATE "C" """
_THOSE = f"""ARRAY(SELECT p.id FROM people p WHERE p.workspace_id = :workspace_id AND {{}}
    LIMIT {REACH})"""  # noqa: S608 - our own words


def _named(*ways: Sequence[tuple[str, str]]) -> str:
    """Whose columns begin as asked, in any of these ways: (column, value) pairs."""
    each = [_THOSE.format(" AND ".join(_BEGINS.format(*pair) for pair in way)) for way in ways]
    return f"p.id = ANY({' || '.join(each)})"


_ONE = _named([("first", "first")], [("last", "first")])
_BOTH = _named(
    [("first", "first"), ("last", "last")],
    [("first", "last"), ("last", "first")],
)
_INDEXED = {
    "phone": "p.phone = :phone",
    "email": _named([("email", "email")]),
    "stopped": _AGAINST.format("stopped"),
    "refused": _AGAINST.format("withdrawn"),
    "blocked": f"p.failures > 0 AND p.failures >= {DEAD_AFTER}",
}


@dataclass(frozen=True)
class Wanted:
    """What is asked for; empty is everybody. `phone` is a token; `first` and `last` are how two
    names begin, in whichever order; `standing` is one of STANDINGS."""

    standing: str = ""
    country: str = ""
    language: str = ""
    phone: str = ""
    email: str = ""
    first: str = ""
    last: str = ""


class Found(NamedTuple):
    """Ids, the newest first; `beyond` is where looking ended before they were enough."""

    ids: list[UUID]
    beyond: UUID | None


def page(
    db: Connection,
    workspace_id: UUID,
    wanted: Wanted,
    *,
    before: UUID | None = None,
    limit: int,
) -> Found:
    """Those asked for whose id is below `before`."""
    among = " AND ".join(["p.workspace_id = :workspace_id", *_within(wanted, before)])
    among = f"""SELECT p.id, p.phone, p.country, p.language FROM people p WHERE {among}
        ORDER BY p.id DESC"""  # noqa: S608 - our own words
    values = _values(workspace_id, wanted, before)
    found = rows(
        db,
        f"""SELECT p.id FROM ({among} LIMIT {REACH}) p {_joined(wanted)}
            ORDER BY p.id DESC LIMIT :limit""",  # noqa: S608 - our own words
        limit=limit,
        **values,
    )
    if len(found) >= limit:
        return Found([one["id"] for one in found], None)
    end = f"SELECT p.id FROM ({among} OFFSET {REACH - 1} LIMIT 1) p"  # noqa: S608 - our own words
    last = row(db, end, **values)
    return Found([one["id"] for one in found], last["id"] if last else None)


def _within(wanted: Wanted, before: UUID | None) -> list[str]:
    """What decides who is looked at: each has an index, as row-level security lets it be used."""
    found = ["p.id < :before"] if before else []
    found += [sql for name, sql in _INDEXED.items() if getattr(wanted, name, "")]
    if wanted.standing in _INDEXED:
        found.append(_INDEXED[wanted.standing])
    if wanted.first:
        found.append(_BOTH if wanted.last else _ONE)
    return found


def _joined(wanted: Wanted) -> str:
    asked = [
        f"p.{name} = :{name}" for name in ("country", "language") if getattr(wanted, name)
    ]  # fmt: skip
    stands = wanted.standing and wanted.standing != "blocked"
    if stands:
        asked.append("s.standing = :standing")
    where = f"WHERE {' AND '.join(asked)}" if asked else ""
    return f"{', ' + _STANDS if stands else ''} {where}"


def _values(workspace_id: UUID, wanted: Wanted, before: UUID | None) -> dict[str, Any]:
    given = {name: value for name, value in vars(wanted).items() if value}
    if wanted.standing == "blocked":
        del given["standing"]
    return {"workspace_id": workspace_id, **given, **({"before": before} if before else {})}


def whole(db: Connection, workspace_id: UUID, ids: Sequence[UUID]) -> Sequence[Row]:
    """These people with their standing, in this order."""
    return rows(
        db,
        f"""SELECT p.id, p.workspace_id, p.phone, p.country, p.first_name, p.last_name, p.email,
                p.language, p.zone, p.failures, p.created_at, s.standing
            FROM unnest(CAST(:ids AS uuid[])) WITH ORDINALITY AS wanted(id, place)
            JOIN people p ON p.id = wanted.id AND p.workspace_id = :workspace_id, {_STANDS}
            ORDER BY wanted.place""",  # noqa: S608 - our own words
        ids=list(ids),
        workspace_id=workspace_id,
    )


def one(db: Connection, workspace_id: UUID, person_id: UUID) -> Row | None:
    """One person with their standing."""
    found = whole(db, workspace_id, [person_id])
    return found[0] if found else None

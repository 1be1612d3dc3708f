"""Spend: what has been spent by workspace, automation, country and range of numbers, day by day
and month by month, and the limits (caps) it is held against."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, jsonb, rows, run

PERIODS: Mapping[str, tuple[str, ...]] = {
    "workspace": ("day", "month"),
    "automation": ("day", "month"),
    "country": ("day", "month"),
    "prefix": ("day",),  # one row for almost every number: a day of them is enough
}
_FIELDS = "workspace_id, scope, key, period, since"
_GIVEN = """jsonb_to_recordset(:given) AS g(workspace_id uuid, scope text, key text, period text,
    since date, micros bigint, messages int)"""


# Counted for the guard, by automation: what arrived of a day's messages, and what did not.
ARRIVED, LOST = "arrived", "lost"


class Stood(NamedTuple):
    """What is on a line: money in micros, and messages."""

    micros: int
    messages: int


class Line(NamedTuple):
    """One thing that is added up: `key` is "", an automation's slug, a country or a range; `since`
    the first day of the period, in the workspace's zone."""

    workspace_id: UUID
    scope: str
    key: str
    period: str
    since: date


Changes = Mapping[Line, tuple[int, int]]  # micros, messages


def lines_of(workspace_id: UUID, keys: Iterable[str], day: date) -> tuple[Line, ...]:
    """The lines that keys such as "country:FR" add to on this day."""
    return _lines_of(workspace_id, tuple(keys), day)


@lru_cache(maxsize=10_000)
def _lines_of(workspace_id: UUID, keys: tuple[str, ...], day: date) -> tuple[Line, ...]:
    parted = [key.partition(":")[::2] for key in keys]
    first = {"day": day, "month": day.replace(day=1)}
    return tuple(
        Line(workspace_id, scope, key, period, first[period])
        for scope, key in parted
        for period in PERIODS[scope]
    )


def lock(db: Connection, lines: Iterable[Line]) -> dict[Line, Stood]:
    """What stands on these lines; nobody else adds to them until this transaction ends.
    All are locked in one order, so that two never wait for each other."""
    given = jsonb([line._asdict() for line in set(lines)])
    run(
        db,
        f"""INSERT INTO spend ({_FIELDS}) SELECT {_FIELDS} FROM {_GIVEN}
            ORDER BY {_FIELDS} ON CONFLICT DO NOTHING""",  # noqa: S608 - our own column names
        given=given,
    )
    found = rows(
        db,
        f"""SELECT s.* FROM spend s JOIN {_GIVEN} USING ({_FIELDS})
            ORDER BY {_FIELDS} FOR UPDATE OF s""",  # noqa: S608 - our own column names
        given=given,
    )
    return {
        Line(*(r[name] for name in Line._fields)): Stood(r["micros"], r["messages"]) for r in found
    }


# In one order, as `lock` does it. What stands there is not asked: where no limit is, only added.
POUR = f"""INSERT INTO spend AS s ({_FIELDS}, micros, messages)
    SELECT {_FIELDS}, micros, messages FROM {_GIVEN} ORDER BY {_FIELDS}
    ON CONFLICT ({_FIELDS}) DO UPDATE
        SET micros = s.micros + excluded.micros, messages = s.messages + excluded.messages"""  # noqa: S608 - our own column names


def add(db: Connection, changes: Changes) -> None:
    """Add (micros, messages) to lines; nobody else adds to them until this transaction ends."""
    poured = given(changes)
    if poured:
        run(db, POUR, given=jsonb(poured))


def given(changes: Changes) -> list[dict[str, Any]]:
    """These changes as `POUR` takes them."""
    return [
        {**line._asdict(), "micros": micros, "messages": messages}
        for line, (micros, messages) in changes.items()
        if micros or messages
    ]


def of_day(db: Connection, workspace_id: UUID, day: date) -> Sequence[Row]:
    """What a workspace has spent on a day and in its month, the most first."""
    return rows(
        db,
        """SELECT * FROM spend WHERE workspace_id = :id AND (micros <> 0 OR messages <> 0)
           AND scope <> ALL(:counted) AND since = CASE period WHEN 'day' THEN CAST(:day AS date)
               ELSE date_trunc('month', CAST(:day AS date))::date END
           ORDER BY period, scope DESC, micros DESC, messages DESC, key LIMIT 500""",
        id=workspace_id,
        day=day,
        counted=[ARRIVED, LOST],
    )


def count_ends(db: Connection, ends: Sequence[Mapping[str, Any]]) -> None:
    """Count what became of messages: {workspace_id, automation_id, scope, since, messages} each."""
    if not ends:
        return
    run(
        db,
        """INSERT INTO spend (workspace_id, scope, key, period, since, messages)
           SELECT e.workspace_id, e.scope, a.slug, 'day', e.since, e.messages
           FROM jsonb_to_recordset(:ends) AS e(workspace_id uuid, automation_id uuid, scope text,
               since date, messages int)
           JOIN automations a ON a.id = e.automation_id
           ORDER BY e.workspace_id, e.scope, a.slug, e.since
           ON CONFLICT (workspace_id, scope, key, period, since)
           DO UPDATE SET messages = spend.messages + excluded.messages""",
        ends=jsonb(list(ends)),
    )


def of_automations(db: Connection, ids: Sequence[UUID], since: date) -> Sequence[Row]:
    """What these automations sent, and what became of it, day by day since then: id, slug, scope,
    since, messages."""
    return rows(
        db,
        """SELECT a.id, a.slug, s.scope, s.since, s.messages FROM automations a
           JOIN spend s ON s.workspace_id = a.workspace_id AND s.key = a.slug AND s.period = 'day'
               AND s.scope = ANY(:scopes) AND s.since >= :since
           WHERE a.id = ANY(:ids)""",
        ids=list(ids),
        scopes=["automation", ARRIVED, LOST],
        since=since,
    )


def surges(
    db: Connection, workspace_id: UUID | None, day: date, times: int, least: int
) -> Sequence[Row]:
    """Ranges that had more messages on a day than so many `times` their daily mean of the week
    before, and at least `least`: key, messages, usual."""
    return rows(
        db,
        """SELECT t.key, t.messages, coalesce(sum(p.messages), 0) / 7.0 AS usual FROM spend t
           LEFT JOIN spend p ON p.workspace_id = t.workspace_id AND p.scope = t.scope
               AND p.key = t.key AND p.period = t.period
               AND p.since >= t.since - 7 AND p.since < t.since
           WHERE t.scope = 'prefix' AND t.since = :day AND t.messages >= :least
           AND (CAST(:id AS uuid) IS NULL OR t.workspace_id = :id)
           GROUP BY t.workspace_id, t.key, t.messages
           HAVING t.messages > :times * coalesce(sum(p.messages), 0) / 7.0
           ORDER BY t.messages DESC, t.key LIMIT 5""",
        id=workspace_id,
        day=day,
        times=times,
        least=least,
    )


def forget_ranges(db: Connection, before: date) -> int:
    """What ranges of numbers had on days this old is of no use, nor what arrived then. How many
    lines were forgotten."""
    return run(
        db,
        "DELETE FROM spend WHERE scope = ANY(:scopes) AND since < :before",
        scopes=["prefix", ARRIVED, LOST],
        before=before,
    )


Cap = tuple[UUID, str, str, str]  # workspace, scope, key, period


def caps_of(db: Connection, workspace_ids: Iterable[UUID]) -> dict[Cap, int]:
    """The limits of these workspaces in micros. A country, range or automation without a name is
    each one that has no limit of its own."""
    found = rows(
        db,
        "SELECT * FROM caps WHERE workspace_id = ANY(:ids) ORDER BY scope DESC, key, period",
        ids=list(set(workspace_ids)),
    )
    return {(r["workspace_id"], r["scope"], r["key"], r["period"]): r["micros"] for r in found}


def replace_caps(db: Connection, workspace_id: UUID, lines: Sequence[Mapping[str, Any]]) -> None:
    """All limits anew: {scope, key, period, micros} each."""
    run(db, "DELETE FROM caps WHERE workspace_id = :id", id=workspace_id)
    run(
        db,
        """INSERT INTO caps (workspace_id, scope, key, period, micros)
           SELECT :id, scope, key, period, micros FROM jsonb_to_recordset(:lines)
               AS c(scope text, key text, period text, micros bigint)""",
        id=workspace_id,
        lines=jsonb(list(lines)),
    )


# Why the sender itself keeps a message until a person changes a limit, a price or their mind.
KEPT_FOR = ("spend_cap", "no_price", "message_cap", "paused", "surge", "few_arrive")


def waiting(db: Connection, workspace_id: UUID | None) -> dict[str, int]:
    """How many messages are kept so, by reason, in one workspace or (None) in all."""
    found = rows(
        db,
        """SELECT reason, count(*) AS n FROM messages
           WHERE state = 'held' AND reason = ANY(:reasons)
           AND (CAST(:id AS uuid) IS NULL OR workspace_id = :id) GROUP BY reason""",
        id=workspace_id,
        reasons=list(KEPT_FOR),
    )
    return {r["reason"]: r["n"] for r in found}


def wake(db: Connection, workspace_id: UUID, now: datetime) -> int:
    """A limit, a price or a rule has changed: what it kept is looked at again at once."""
    return run(
        db,
        """UPDATE messages SET due_at = :now
           WHERE workspace_id = :id AND state = 'held' AND reason = ANY(:reasons)
           AND due_at > :now""",
        id=workspace_id,
        now=now,
        reasons=list(KEPT_FOR),
    )

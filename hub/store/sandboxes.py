"""Sandboxes: a workspace's own place to try everything. Its rows are its own, its people are those
of the workspace it belongs to, and its clock can be moved ahead."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, event

from hub.store import automations, templates, workspaces
from hub.store.database import DESK, Database, Row, connect, row, rows, run
from hub.store.ground import Ground

# The pretend people's phones are there, wherever the merchant is.
_COUNTRIES = ("FR", "GB")
_MANY = 200  # a person may be texted so often in a day: people try
ANY_HOUR = {"preset": "always"}


def of(db: Connection, workspace_id: UUID) -> UUID | None:
    """The sandbox of a real workspace, if it has one; asked on the road."""
    sql = "SELECT id FROM workspaces WHERE sandbox_of = :id AND sandbox_ended_at IS NULL"
    found = row(db, sql, id=workspace_id)
    return found["id"] if found else None


def is_one(db: Connection, workspace_id: UUID) -> bool:
    """Whether it is a sandbox."""
    found = row(db, "SELECT sandbox_of FROM workspaces WHERE id = :id", id=workspace_id)
    return found is not None and found["sandbox_of"] is not None


def make(db: Connection, workspace_id: UUID) -> UUID:
    """A new sandbox of a workspace: named, spoken and counted as it is, open at any hour; the one
    there is, where somebody else was quicker. Raises LookupError."""
    sql = "SELECT * FROM workspaces WHERE id = :id AND sandbox_of IS NULL FOR UPDATE"
    real = row(db, sql, id=workspace_id)
    if real is None:
        raise LookupError(workspace_id)
    known = of(db, workspace_id)
    return known or _made(db, real)


def _made(db: Connection, real: Row) -> UUID:
    made = workspaces.add(
        db,
        name=real["name"],
        brand=real["brand"],
        country=real["country"],
        language=real["language"],
        zone=real["zone"],
        sending_window=ANY_HOUR,
        stop_code=real["stop_code"] or "36034",
        sender=real["sender"],
        countries=sorted({*real["countries"], real["country"], *_COUNTRIES}),
        daily_cap=_MANY,
    )
    sql = "UPDATE workspaces SET sandbox_of = :real, currency = :currency WHERE id = :id"
    run(db, sql, real=real["id"], currency=real["currency"], id=made)
    return made


def end(db: Connection, sandbox_id: UUID, now: datetime) -> None:
    """It is started over: nobody sees this one any more, and no vendor is called for it."""
    sql = "UPDATE workspaces SET sandbox_ended_at = :now WHERE id = :id AND sandbox_of IS NOT NULL"
    run(db, sql, id=sandbox_id, now=now)
    disconnect(db, sandbox_id)


def disconnect(db: Connection, sandbox_id: UUID) -> None:
    """None of its vendors is there any more."""
    run(
        db,
        """UPDATE connections SET state = 'removed', secrets = NULL, poll_due_at = NULL,
               check_due_at = NULL WHERE workspace_id = :id AND simulator IS NOT NULL""",
        id=sandbox_id,
    )


def advance(db: Connection, sandbox_id: UUID, by: timedelta) -> timedelta:
    """Move its clock ahead; how far it is then."""
    found = row(
        db,
        """UPDATE workspaces SET clock_ahead = clock_ahead + :by
           WHERE id = :id AND sandbox_of IS NOT NULL RETURNING clock_ahead""",
        id=sandbox_id,
        by=by,
    )
    return found["clock_ahead"] if found else timedelta(0)


def keep_hours(db: Connection, sandbox_id: UUID, window: Mapping[str, Any]) -> None:
    """Its sending hours."""
    workspaces.change(db, sandbox_id, sending_window=window)


def connected(db: Connection, sandbox_id: UUID) -> dict[str, Row]:
    """Its active connections by connector: id and the port where the vendor is played."""
    found = rows(
        db,
        """SELECT id, connector, simulator, signed_out FROM connections
           WHERE workspace_id = :id AND simulator IS NOT NULL
           AND state IN ('active', 'attention') ORDER BY id""",
        id=sandbox_id,
    )
    return {r["connector"]: r for r in found}


def ahead_of(ground: Ground, ahead: timedelta) -> Ground:
    """The same ground by a clock that is ahead."""
    clock = ground.clock
    return replace(ground, clock=lambda: clock() + ahead) if ahead else ground


def at_desk(url: str, sandbox_id: UUID) -> Database:
    """A small pool of which every transaction is at this sandbox's desk: whoever works with it sees
    no other workspace's rows."""
    database = connect(url, pool=2)

    def take_the_desk(raw: Any, _record: Any) -> None:
        sql = "SELECT set_config('role', %s, false), set_config('hub.workspace', %s, false)"
        raw.execute(sql, (DESK, str(sandbox_id)))
        raw.commit()

    event.listen(database.engine, "connect", take_the_desk)
    return database


def lately(db: Connection, sandbox_id: UUID, limit: int) -> list[UUID]:
    """The newest roads worth showing: every answer of an automation whose conditions held, and what
    the hub said by itself."""
    found = rows(
        db,
        """(SELECT id FROM decisions WHERE workspace_id = :id AND reason <> 'conditions'
               ORDER BY id DESC LIMIT :limit)
           UNION ALL (SELECT id FROM messages WHERE workspace_id = :id AND decision_id IS NULL
               AND stands_in_for IS NULL ORDER BY id DESC LIMIT :limit)
           ORDER BY id DESC LIMIT :limit""",
        id=sandbox_id,
        limit=limit,
    )
    return [r["id"] for r in found]


def waiting(db: Connection, sandbox_id: UUID, limit: int) -> Sequence[Row]:
    """What will be sent there, soonest first: `title`, `due_at`, `state`, `first_name`."""
    return rows(
        db,
        """SELECT m.id, m.due_at, m.state, v.title,
               coalesce(m.variables ->> 'first_name', '') AS first_name
           FROM messages m JOIN template_versions v
               ON v.template_id = m.template_id AND v.version = m.template_version
           WHERE m.workspace_id = :id AND m.state IN ('scheduled', 'held')
           ORDER BY m.due_at LIMIT :limit""",
        id=sandbox_id,
        limit=limit,
    )


def next_due(db: Connection, sandbox_id: UUID, after: datetime, until: datetime) -> datetime | None:
    """When something is next due there: a message that waits, or a doubt."""
    found = row(
        db,
        """SELECT min(due_at) AS at FROM messages WHERE workspace_id = :id
           AND state IN ('scheduled', 'held', 'uncertain') AND due_at > :after
           AND due_at <= :until""",
        id=sandbox_id,
        after=after,
        until=until,
    )
    return found["at"] if found else None


def carry_over(db: Connection, old: UUID, new: UUID, now: datetime) -> None:
    """Templates and automations as they stand in one, into another that has none."""
    for one in templates.listed(db, old):
        words = {name: one[name] for name in ("kind", "title", "texts", *templates.USUAL)}
        templates.save(db, new, one["slug"], **words)
    for one in automations.by_workspaces(db, [old]):
        automations.save(db, new, one["slug"], one["document"], one["state"], now)

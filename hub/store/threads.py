"""Threads: what people wrote back, person by person, and what the team made of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, row, rows, run

Tab = Literal["needs", "mine", "done", "all"]
TABS: tuple[Tab, ...] = ("needs", "mine", "done", "all")

# Spelled as the index replies_open has it.
_OPEN = """{r}.settled_at IS NULL AND ({r}.keyword = 'other' OR {r}.asked_again)
    AND {r}.body <> '' AND {r}.phone <> ''"""
_WAITS, _NEWER_WAITS, _ANY_WAITS = (_OPEN.format(r=name) for name in ("r", "n", "w"))
# One look along an index for each reply: as NOT EXISTS, PostgreSQL would read them all.
_ANY = f"""(SELECT w.id FROM replies w WHERE w.workspace_id = r.workspace_id
    AND w.phone = r.phone AND {_ANY_WAITS} LIMIT 1)"""  # noqa: S608 - our own words
_NEWEST = """r.id = (SELECT n.id FROM replies n WHERE n.workspace_id = r.workspace_id
    AND n.phone = r.phone {also} ORDER BY n.received_at DESC, n.id DESC LIMIT 1)"""
_LAST = f"r.phone <> '' AND {_NEWEST.format(also='')}"
_WHICH = {
    "needs": f"{_WAITS} AND {_NEWEST.format(also=f'AND {_NEWER_WAITS}')}",
    "mine": f"{_LAST} AND t.assignee = :me",
    "done": f"{_LAST} AND t.done_at IS NOT NULL AND {_ANY} IS NULL",
    "all": _LAST,
}
_TOUCHED = "LEFT JOIN threads t ON t.workspace_id = r.workspace_id AND t.phone = r.phone"
# What a booking's own row says that a reply did to it.
_BOOKING = """LEFT JOIN LATERAL (SELECT b.title, b.starts_at, b.answer FROM bookings b
    WHERE b.workspace_id = r.workspace_id AND b.phone = r.phone
    AND b.answered_at = r.received_at LIMIT 1) b ON r.keyword <> 'stop'"""


def page(
    db: Connection,
    workspace_id: UUID,
    tab: Tab,
    me: UUID,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[Row]:
    """A page of threads, newest reply first: the reply with its person's names, what it did to a
    booking (`title`, `starts_at`, `answer`), who looks after it and whether it `waits`. `before`
    is the last reply's (received_at, id) of the page before."""
    return rows(
        db,
        f"""SELECT r.id, r.workspace_id, r.phone, r.body, r.keyword, r.received_at, t.assignee,
                t.done_at, t.answered_at, t.answered_by, p.first_name, p.last_name,
                b.title, b.starts_at, b.answer, {_ANY} IS NOT NULL AS waits
            FROM (SELECT r.* FROM replies r {_TOUCHED}
                WHERE r.workspace_id = :workspace_id AND {_WHICH[tab]}
                {"AND (r.received_at, r.id) < (:at, :id)" if before else ""}
                ORDER BY r.received_at DESC, r.id DESC LIMIT :limit) r
            {_TOUCHED}
            LEFT JOIN people p ON p.workspace_id = r.workspace_id AND p.phone = r.phone
            {_BOOKING}
            ORDER BY r.received_at DESC, r.id DESC""",  # noqa: S608 - our own words
        workspace_id=workspace_id,
        limit=limit,
        **({"me": me} if tab == "mine" else {}),
        **({"at": before[0], "id": before[1]} if before else {}),
    )


def open_count(db: Connection, workspace_id: UUID, most: int = 100) -> int:
    """How many people wait for an answer; counted up to `most`."""
    found = row(
        db,
        f"""SELECT count(*) AS n FROM (SELECT 1 FROM replies r
            WHERE r.workspace_id = :workspace_id AND {_WHICH["needs"]} LIMIT :most) c""",  # noqa: S608
        workspace_id=workspace_id,
        most=most,
    )
    return int(found["n"]) if found else 0


def replies_of(db: Connection, workspace_id: UUID, phone: str, limit: int) -> Sequence[Row]:
    """What this person wrote, newest first, each with what it did to a booking and whether it
    `waits`."""
    return rows(
        db,
        f"""SELECT r.*, b.title, b.starts_at, b.answer, {_WAITS} AS waits
            FROM replies r {_BOOKING}
            WHERE r.workspace_id = :workspace_id AND r.phone = :phone
            ORDER BY r.received_at DESC, r.id DESC LIMIT :limit""",  # noqa: S608 - our own words
        workspace_id=workspace_id,
        phone=phone,
        limit=limit,
    )


def written_to(
    db: Connection, workspace_id: UUID, phone: str, answers: str, limit: int
) -> Sequence[Row]:
    """What was sent to this person, newest first, and every answer of the team's (messages of the
    template `answers`), those on their way and those that did not go included."""
    return rows(
        db,
        """SELECT m.*, t.slug = :answers AS by_hand FROM messages m
           JOIN templates t ON t.id = m.template_id
           WHERE m.workspace_id = :workspace_id AND m.phone = :phone
           AND (t.slug = :answers OR (m.state NOT IN ('skipped', 'cancelled')
                AND (m.body <> '' OR m.rich IS NOT NULL)))
           ORDER BY coalesce(m.sending_at, m.due_at) DESC, m.id DESC LIMIT :limit""",
        workspace_id=workspace_id,
        phone=phone,
        answers=answers,
        limit=limit,
    )


def get(db: Connection, workspace_id: UUID, phone: str) -> Row | None:
    """What the team made of a thread; None where nobody has touched it."""
    sql = "SELECT * FROM threads WHERE workspace_id = :workspace_id AND phone = :phone"
    return row(db, sql, workspace_id=workspace_id, phone=phone)


def hold(db: Connection, workspace_id: UUID, phone: str) -> Row:
    """The same, held until this transaction ends, so that two who answer come one after the
    other."""
    run(
        db,
        """INSERT INTO threads (workspace_id, phone) VALUES (:workspace_id, :phone)
           ON CONFLICT DO NOTHING""",
        workspace_id=workspace_id,
        phone=phone,
    )
    held = row(
        db,
        """SELECT * FROM threads WHERE workspace_id = :workspace_id AND phone = :phone
           FOR UPDATE""",
        workspace_id=workspace_id,
        phone=phone,
    )
    if held is None:
        raise LookupError(phone)
    return held


def assign(db: Connection, workspace_id: UUID, phone: str, user_id: UUID | None) -> None:
    """Somebody looks after it, or nobody."""
    run(
        db,
        """INSERT INTO threads (workspace_id, phone, assignee)
           VALUES (:workspace_id, :phone, :user_id)
           ON CONFLICT (workspace_id, phone) DO UPDATE SET assignee = excluded.assignee""",
        workspace_id=workspace_id,
        phone=phone,
        user_id=user_id,
    )


def answered(
    db: Connection, workspace_id: UUID, phone: str, user_id: UUID, key: str, now: datetime
) -> None:
    """Somebody answered, by the form with this key; the thread is held."""
    run(
        db,
        """UPDATE threads SET answered_at = :now, answered_by = :user_id, answer_key = :key
           WHERE workspace_id = :workspace_id AND phone = :phone""",
        workspace_id=workspace_id,
        phone=phone,
        user_id=user_id,
        key=key,
        now=now,
    )


def settle(db: Connection, workspace_id: UUID, phone: str, upto: datetime, now: datetime) -> None:
    """Done: what came until `upto` needs no answer any more; a newer reply still does."""
    run(
        db,
        """UPDATE replies SET settled_at = :now, asked_again = false
           WHERE workspace_id = :workspace_id AND phone = :phone AND settled_at IS NULL
           AND received_at <= :upto""",
        workspace_id=workspace_id,
        phone=phone,
        upto=upto,
        now=now,
    )
    run(
        db,
        """INSERT INTO threads (workspace_id, phone, done_at)
           VALUES (:workspace_id, :phone, :now)
           ON CONFLICT (workspace_id, phone) DO UPDATE SET done_at = excluded.done_at""",
        workspace_id=workspace_id,
        phone=phone,
        now=now,
    )


def reopen(db: Connection, workspace_id: UUID, phone: str) -> bool:
    """The last reply needs an answer again, whatever a keyword made of it; False where its words
    were forgotten."""
    return bool(
        run(
            db,
            """UPDATE replies SET settled_at = NULL, asked_again = true WHERE id = (
                   SELECT id FROM replies WHERE workspace_id = :workspace_id AND phone = :phone
                   ORDER BY received_at DESC, id DESC LIMIT 1) AND body <> ''""",
            workspace_id=workspace_id,
            phone=phone,
        )
    )


def took(db: Connection, reply_id: UUID, at: datetime) -> None:
    """The hub understood a reply that is no keyword: the number of an option."""
    run(db, "UPDATE replies SET settled_at = :at WHERE id = :id", id=reply_id, at=at)

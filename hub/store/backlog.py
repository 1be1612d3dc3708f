"""What waits on each arrow: for the sweep, for the gauges, for «is anything stuck?»."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.store.callbacks import RIPE
from hub.store.database import first_id, row, rows
from hub.store.tellings import DUE as LISTENED
from hub.store.write_backs import DUE as TELLING

# The first of each shelf, in the order of its index: «is there any?» would walk the whole table
# whenever PostgreSQL remembers a day on which half of it was waiting.
_FIRST = "coalesce((SELECT {at} FROM {shelf} ORDER BY {at} LIMIT 1) <= :now, false)"
_WAITS = "messages WHERE state IN ('scheduled', 'held') AND kind ="
_ORDERS = "type IN ('order.created', 'order.paid')"
_SHELVES = {
    "open": ("due_at", "intakes WHERE state = 'new' AND road = 'events'"),
    "settle": ("due_at", "intakes WHERE state = 'new' AND road = 'carrier'"),
    "decide": ("due_at", "events WHERE state = 'new'"),
    "send_transactional": ("due_at", f"{_WAITS} 'transactional'"),
    "send_marketing": ("due_at", f"{_WAITS} 'marketing'"),
    "doubt": ("due_at", "messages WHERE state = 'uncertain' AND final_at IS NULL"),
    "expire": (
        "expires_at", "messages WHERE expires_at IS NOT NULL AND state IN ('sent', 'uncertain')"
    ),
    "attribute": ("due_at", f"events WHERE NOT attributed AND state = 'decided' AND {_ORDERS}"),
    "mint": ("due_at", "coupons WHERE state = 'new'"),
    "reconcile": ("due_at", "checks"),
}  # fmt: skip
_AWAKE = "state <> 'removed' AND coalesce(paused_until, :now) <= :now"
_ANY = {
    "clicks": "SELECT 1 FROM clicks WHERE state = 'new'",
    "write_back": f"SELECT 1 FROM {TELLING}",  # noqa: S608 - our own words, here and below
    "tell": f"SELECT 1 FROM {LISTENED}",  # noqa: S608
    "complete": RIPE,
    "pull": f"SELECT 1 FROM connections WHERE poll_due_at <= :now AND {_AWAKE}",  # noqa: S608
    "look_after": f"SELECT 1 FROM connections WHERE check_due_at <= :now AND {_AWAKE}",  # noqa: S608
}
_DUE = {
    **{arrow: _FIRST.format(at=at, shelf=shelf) for arrow, (at, shelf) in _SHELVES.items()},
    **{arrow: f"EXISTS ({query})" for arrow, query in _ANY.items()},
}


def due(db: Connection, now: datetime, among: Iterable[str] = tuple(_DUE)) -> list[str]:
    """Those of these arrows that have something to do now, in one query."""
    wanted = set(among)
    asked = [f"{has} AS {arrow}" for arrow, has in _DUE.items() if arrow in wanted]
    found = row(db, f"SELECT {', '.join(asked)}", now=now) if asked else None
    return [arrow for arrow, waits in found.items() if waits] if found else []


_WAITING = """
    SELECT 'intakes' AS what, count(*) AS n, min(received_at) AS oldest
        FROM intakes WHERE state = 'new'
    UNION ALL SELECT 'events', count(*), min(received_at) FROM events WHERE state = 'new'
    UNION ALL SELECT 'messages_due', count(*), min(due_at)
        FROM messages WHERE state IN ('scheduled', 'held') AND due_at <= :now
    UNION ALL SELECT 'messages_planned', count(*), min(created_at)
        FROM messages WHERE state IN ('scheduled', 'held') AND due_at > :now
    UNION ALL SELECT 'sending', count(*), min(sending_at) FROM messages WHERE state = 'sending'
    UNION ALL SELECT 'uncertain', count(*), min(sending_at)
        FROM messages WHERE state = 'uncertain'
    UNION ALL SELECT 'write_backs', count(*), min(created_at)
        FROM write_backs WHERE state = 'new'
    UNION ALL SELECT 'tellings', count(*), min(t.due_at)
        FROM tellings t JOIN endpoints e ON e.id = t.endpoint_id AND e.state = 'on'
        WHERE t.state = 'new' AND t.due_at <= :now
    UNION ALL SELECT 'dead_intakes', count(*), min(received_at)
        FROM intakes WHERE state IN ('dead', 'bad')
    UNION ALL SELECT 'dead_write_backs', count(*), min(created_at)
        FROM write_backs WHERE state = 'dead'"""


def waiting(db: Connection, now: datetime) -> Mapping[str, tuple[int, float]]:
    """How many wait on each shelf, and the age of the oldest in seconds."""
    found = rows(db, _WAITING, now=now)
    return {r["what"]: (r["n"], _age(r["oldest"], now)) for r in found}


def _age(oldest: Any, now: datetime) -> float:
    return max((now - oldest).total_seconds(), 0.0) if oldest else 0.0


def states(db: Connection, now: datetime) -> Mapping[tuple[str, str], int]:
    """How many messages of the last day stand in each state, by kind."""
    found = rows(
        db,
        """SELECT kind, state, count(*) AS n FROM messages WHERE id > :earliest
           GROUP BY kind, state""",
        earliest=first_id(now - timedelta(days=1)),
    )
    return {(r["kind"], r["state"]): r["n"] for r in found}


def planned(db: Connection, workspace_id: UUID, most: int) -> int:
    """How many messages of a workspace wait, counted up to `most`."""
    found = row(
        db,
        """SELECT count(*) AS n FROM (SELECT 1 FROM messages WHERE workspace_id = :id
           AND state IN ('scheduled', 'held') LIMIT :most) waiting""",
        id=workspace_id,
        most=most,
    )
    return int(found["n"]) if found else 0

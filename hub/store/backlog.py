"""What waits on each arrow: for the sweep, for the gauges, for «is anything stuck?»."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from hub.store.callbacks import RIPE
from hub.store.database import row, rows
from hub.store.write_backs import DUE as TELLING

_DUE = f"""SELECT
    EXISTS (SELECT 1 FROM intakes WHERE state = 'new' AND road = 'events' AND due_at <= :now)
        AS open,
    EXISTS (SELECT 1 FROM intakes WHERE state = 'new' AND road = 'carrier' AND due_at <= :now)
        AS settle,
    EXISTS (SELECT 1 FROM events WHERE state = 'new' AND due_at <= :now) AS decide,
    EXISTS (SELECT 1 FROM messages WHERE state IN ('scheduled', 'held')
        AND kind = 'transactional' AND due_at <= :now) AS send_transactional,
    EXISTS (SELECT 1 FROM messages WHERE state IN ('scheduled', 'held')
        AND kind = 'marketing' AND due_at <= :now) AS send_marketing,
    EXISTS (SELECT 1 FROM messages WHERE state = 'uncertain' AND due_at <= :now) AS doubt,
    EXISTS (SELECT 1 FROM messages WHERE expires_at <= :now AND state IN ('sent', 'uncertain'))
        AS expire,
    EXISTS (SELECT 1 FROM events WHERE NOT attributed AND state = 'decided'
        AND type IN ('order.created', 'order.paid') AND due_at <= :now) AS attribute,
    EXISTS (SELECT 1 FROM coupons WHERE state = 'new' AND due_at <= :now) AS mint,
    EXISTS (SELECT 1 FROM clicks WHERE state = 'new') AS clicks,
    EXISTS (SELECT 1 FROM write_backs w JOIN connections c ON c.id = w.connection_id
        WHERE {TELLING}) AS write_back,
    EXISTS ({RIPE}) AS complete,
    EXISTS (SELECT 1 FROM connections WHERE poll_due_at <= :now AND state <> 'removed'
        AND coalesce(paused_until, :now) <= :now) AS pull,
    EXISTS (SELECT 1 FROM connections WHERE check_due_at <= :now AND state <> 'removed'
        AND coalesce(paused_until, :now) <= :now) AS look_after"""  # noqa: S608 - our own words


def due(db: Connection, now: datetime) -> list[str]:
    """The arrows that have something to do now."""
    found = row(db, _DUE, now=now)
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


def states(db: Connection) -> Mapping[tuple[str, str], int]:
    """How many messages stand in each state, by kind."""
    found = rows(db, "SELECT kind, state, count(*) AS n FROM messages GROUP BY kind, state")
    return {(r["kind"], r["state"]): r["n"] for r in found}

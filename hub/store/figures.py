"""Figures: how many of what on a day, by automation, template, channel and wording. A day is
counted from the rows as they stand, so that counting it again gives the same."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, first_id, row, rows, run

WITHIN = timedelta(days=7)  # an order this long after an answer counts where people are compared
# Lines of messages that may still change by themselves.
_MOVING = """(what IN ('planned', 'tried', 'sent')
    AND state IN ('scheduled', 'held', 'sending', 'uncertain', 'sent'))"""

# `went` are messages whose last attempt was on this day, `made` those that were planned on it.
# Names tell when a row was made: decisions and events are found by nothing else. OFFSET 0 keeps
# each carrier's attempts a question of its own: others' would be read too.
_ROWS = """went AS MATERIALIZED (
    SELECT m.id, m.automation_id, m.template_id, m.channel, m.variant, m.state, m.reason,
        m.sent_at IS NOT NULL AS accepted, m.clicks
    FROM connections c CROSS JOIN LATERAL (SELECT message_id, n FROM attempts a
        WHERE a.carrier_id = c.id AND a.started_at >= :since AND a.started_at < :until
        OFFSET 0) t
    JOIN messages m ON m.id = t.message_id AND m.tries = t.n
    WHERE c.workspace_id = :workspace_id),
made AS MATERIALIZED (
    SELECT automation_id, template_id, channel, variant,
        CASE WHEN tries = 0 THEN state ELSE '' END AS state,
        CASE WHEN tries = 0 THEN reason ELSE '' END AS reason
    FROM messages WHERE workspace_id = :workspace_id AND id >= :low AND id < :high
    AND stands_in_for IS NULL AND resends IS NULL),
answered AS MATERIALIZED (
    SELECT automation_id, action, reason, phone, event_id, decided_at FROM decisions
    WHERE workspace_id = :workspace_id AND id >= :low AND id < :high),
leaving AS MATERIALIZED (
    SELECT DISTINCT automation_id FROM answered WHERE reason = 'holdout')"""


def _line(what: str, of: str, source: str, n: str = "count(*)", amount: str = "0") -> str:
    """Lines of one kind; `of` are the columns that they are counted by, in the table's order."""
    return f"SELECT {what}, {of}, {n}, {amount} FROM {source} GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"  # noqa: S608 - our own words


_MINE = "workspace_id = :workspace_id AND id >= :low AND id < :high"
_OF = "w.automation_id, w.template_id, w.channel, w.variant"
_PLAIN = f"{_OF}, '', '', ''"
_ONES = "count(DISTINCT w.id)"
_NOBODY = "NULL::uuid, NULL::uuid, '', ''"
_ANSWERS = "w.automation_id, NULL::uuid, '', '', w.action"
_REPLIES = "went w JOIN replies r ON r.message_id = w.id"
_ORDERS = "went w JOIN conversions v ON v.message_id = w.id"
# Whether somebody ordered anything else within the week after an answer.
_ORDERED = """CASE WHEN EXISTS (SELECT 1 FROM events e WHERE e.workspace_id = :workspace_id
    AND e.phone = w.phone AND e.phone <> '' AND e.occurred_at > w.decided_at
    AND e.occurred_at <= w.decided_at + CAST(:within AS interval)
    AND e.type IN ('order.created', 'order.paid') AND e.subject IS DISTINCT FROM (
        SELECT o.subject FROM events o WHERE o.id = w.event_id)) THEN 'ordered' ELSE '' END"""
_LINES = (
    _line("'events'", f"{_NOBODY}, '', type, ''", f"events WHERE {_MINE}"),
    _line("'decided'", f"{_ANSWERS}, w.reason, ''", "answered w"),
    _line("'planned'", f"{_OF}, w.state, w.reason, ''", "made w"),
    _line("CASE WHEN w.accepted THEN 'sent' ELSE 'tried' END", f"{_OF}, w.state, w.reason, ''",
          "went w"),
    _line("'clicked'", _PLAIN, "went w WHERE w.clicks > 0"),
    _line("'replied'", _PLAIN, _REPLIES, _ONES),
    _line("'stopped'", _PLAIN, f"{_REPLIES} AND r.keyword = 'stop'", _ONES),
    _line("'bought'", _PLAIN, _ORDERS, _ONES),
    _line("'cost'", f"{_OF}, '', '', k.currency",
          "went w JOIN costs k ON k.message_id = w.id AND k.state <> 'released'",
          amount="sum(k.micros) / 1000000.0"),
    _line("'revenue'", f"{_OF}, '', v.how, v.currency", _ORDERS,
          amount="coalesce(sum(v.amount), 0)"),
    # Where an automation leaves people out: those left out beside those let through.
    _line("'compared'", f"{_ANSWERS}, {_ORDERED}, ''",
          "answered w JOIN leaving USING (automation_id) "
          "WHERE w.action = 'send' OR w.reason = 'holdout'"),
)  # fmt: skip
_ALL = " UNION ALL ".join(_LINES)
_COUNT = f"""WITH {_ROWS}
    INSERT INTO figures (workspace_id, day, what, automation_id, template_id, channel, variant,
        state, reason, currency, n, amount)
    SELECT CAST(:workspace_id AS uuid), CAST(:day AS date), f.* FROM ({_ALL}) f"""  # noqa: S608 - our own words


class Day(NamedTuple):
    """A day of a workspace's own zone: from one instant, up to another without it."""

    workspace_id: UUID
    day: date
    since: datetime
    until: datetime


def count(db: Connection, day: Day) -> int:
    """Count a day anew, in place of what stood there; how many of its messages may still change."""
    run(
        db,
        "DELETE FROM figures WHERE workspace_id = :workspace_id AND day = :day",
        workspace_id=day.workspace_id,
        day=day.day,
    )
    run(
        db,
        _COUNT,
        workspace_id=day.workspace_id,
        day=day.day,
        since=day.since,
        until=day.until,
        low=first_id(day.since),
        high=first_id(day.until),
        within=WITHIN,
    )
    found = row(
        db,
        f"""SELECT coalesce(sum(n), 0)::bigint AS n FROM figures
            WHERE workspace_id = :workspace_id AND day = :day AND {_MOVING}""",  # noqa: S608
        workspace_id=day.workspace_id,
        day=day.day,
    )
    return int(found["n"]) if found else 0


def sums(
    db: Connection, workspace_id: UUID, first: date, last: date, before: date
) -> Sequence[Row]:
    """Everything from `before` to `last`, added up; `now` says that it is no earlier than `first`.

    Rows are {now, what, automation_id, template_id, channel, variant, state, reason, currency, n,
    amount}.
    """
    return rows(
        db,
        """SELECT day >= :first AS now, what, automation_id, template_id, channel, variant, state,
               reason, currency, sum(n)::bigint AS n, sum(amount) AS amount
           FROM figures WHERE workspace_id = :workspace_id AND day >= :before AND day <= :last
           GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9""",
        workspace_id=workspace_id,
        first=first,
        last=last,
        before=before,
    )


def days(
    db: Connection,
    workspace_id: UUID,
    first: date,
    last: date,
    *,
    automation_id: UUID | None = None,
    template_id: UUID | None = None,
    channel: str | None = None,
) -> Sequence[Row]:
    """What a line over time is drawn of, of all messages or some: {day, what, state, currency, n,
    amount}."""
    return rows(
        db,
        """SELECT day, what, state, currency, sum(n)::bigint AS n, sum(amount) AS amount
           FROM figures WHERE workspace_id = :workspace_id AND day >= :first AND day <= :last
           AND what IN ('sent', 'clicked', 'revenue')
           AND (CAST(:automation_id AS uuid) IS NULL OR automation_id = :automation_id)
           AND (CAST(:template_id AS uuid) IS NULL OR template_id = :template_id)
           AND (CAST(:channel AS text) IS NULL OR channel = :channel)
           GROUP BY 1, 2, 3, 4""",
        workspace_id=workspace_id,
        first=first,
        last=last,
        automation_id=automation_id,
        template_id=template_id,
        channel=channel,
    )


def bookings(db: Connection, workspace_id: UUID, since: datetime, until: datetime) -> Sequence[Row]:
    """Bookings that start between these instants: {state, answer, n}."""
    return rows(
        db,
        """SELECT state, answer, count(*) AS n FROM bookings
           WHERE workspace_id = :workspace_id AND starts_at >= :since AND starts_at < :until
           GROUP BY state, answer""",
        workspace_id=workspace_id,
        since=since,
        until=until,
    )


def names(db: Connection, workspace_id: UUID) -> Sequence[Row]:
    """What automations and templates are called: {id, slug, kind}."""
    return rows(
        db,
        """SELECT id, slug, 'automation' AS kind FROM automations WHERE workspace_id = :workspace_id
           UNION ALL
           SELECT id, slug, 'template' FROM templates WHERE workspace_id = :workspace_id""",
        workspace_id=workspace_id,
    )

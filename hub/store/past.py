"""The past: what came in, was kept and was sent, as it stood at an earlier moment; read only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, first_id, row, rows

_EVENT = """id, workspace_id, connection_id, type, key, subject, cart, occurred_at, received_at,
    data, person, phone"""
# What was erased tells nothing any more, and what could not be read was never decided.
_TELLS = "state <> 'dead' AND (data <> '{}' OR person <> '{}')"
_EACH_TYPE = "FROM unnest(CAST(:types AS text[])) AS t(type) CROSS JOIN LATERAL"
_LEFT = "('sending', 'uncertain', 'sent', 'delivered', 'read')"
_AMONG = 200_000  # of a merchant's newest messages; a template's own may be rare among millions


class Place(NamedTuple):
    """Where in the order of their coming an event stands."""

    at: datetime
    id: UUID


def newest(
    db: Connection, workspace_id: UUID, types: Sequence[str], since: datetime, limit: int
) -> Sequence[Row]:
    """The newest events of these types since then, newest first."""
    return rows(
        db,
        f"""SELECT e.* {_EACH_TYPE} (
                SELECT {_EVENT} FROM events WHERE workspace_id = :workspace_id AND type = t.type
                AND received_at >= :since AND {_TELLS}
                ORDER BY received_at DESC, id DESC LIMIT :limit) e
            ORDER BY e.received_at DESC, e.id DESC LIMIT :limit""",  # noqa: S608 - our own words
        types=list(types),
        workspace_id=workspace_id,
        since=since,
        limit=limit,
    )


def beyond(
    db: Connection, workspace_id: UUID, types: Sequence[str], since: datetime, most: int
) -> Place | None:
    """The newest event of these types that is one too many; None where all since then are few
    enough."""
    found = row(
        db,
        f"""SELECT e.received_at, e.id {_EACH_TYPE} (
                SELECT received_at, id FROM events
                WHERE workspace_id = :workspace_id AND type = t.type AND received_at >= :since
                ORDER BY received_at DESC, id DESC LIMIT :most + 1) e
            ORDER BY e.received_at DESC, e.id DESC OFFSET :most LIMIT 1""",  # noqa: S608
        types=list(types),
        workspace_id=workspace_id,
        since=since,
        most=most,
    )
    return Place(found["received_at"], found["id"]) if found else None


def after(
    db: Connection,
    workspace_id: UUID,
    types: Sequence[str],
    place: Place,
    until: datetime,
    limit: int,
) -> Sequence[Row]:
    """The events of these types that came in after this place, until then, in order."""
    return rows(
        db,
        f"""SELECT e.* {_EACH_TYPE} (
                SELECT {_EVENT} FROM events WHERE workspace_id = :workspace_id AND type = t.type
                AND (received_at, id) > (:at, :id) AND received_at <= :until AND {_TELLS}
                ORDER BY received_at, id LIMIT :limit) e
            ORDER BY e.received_at, e.id LIMIT :limit""",  # noqa: S608 - our own words
        types=list(types),
        workspace_id=workspace_id,
        at=place.at,
        id=place.id,
        until=until,
        limit=limit,
    )


def facts_of(db: Connection, events: Sequence[UUID]) -> dict[UUID, Row]:
    """What a decision on each of these events knew, as its record keeps it: `decided_at`, `facts`.
    Any automation's decision knew the person, the consent and the sending rules."""
    found = rows(
        db,
        """SELECT DISTINCT ON (event_id) event_id, decided_at, record -> 'facts' AS facts
           FROM decisions WHERE event_id = ANY(:ids) AND record -> 'facts' IS NOT NULL
           ORDER BY event_id, id""",
        ids=list(events),
    )
    return {one["event_id"]: one for one in found}


def sent_to(
    db: Connection,
    workspace_id: UUID,
    phones: Sequence[str],
    since: datetime,
    but: UUID | None,
    but_from: datetime,
) -> dict[str, list[Row]]:
    """What these people were sent since then, or would have been: `one`, `kind`, `created_at`, `at`
    (when it left or was due), `gone_at` (when it turned out not to go). What the automation `but`
    planned from `but_from` on is left out."""
    if not phones:
        return {}
    one = f"""SELECT phone, kind, coalesce(stands_in_for, id) AS one, created_at,
            coalesce(sending_at, due_at) AS at,
            CASE WHEN state NOT IN ('scheduled', 'held') AND state NOT IN {_LEFT}
                THEN changed_at END AS gone_at
        FROM messages WHERE workspace_id = :workspace_id AND phone = ANY(:phones)
        AND (decision_id IS NOT NULL OR stands_in_for IS NOT NULL)
        AND (automation_id IS DISTINCT FROM :but OR created_at < :but_from)"""  # noqa: S608
    found = rows(
        db,
        f"""{one} AND sending_at > :since
            UNION ALL {one} AND sending_at IS NULL AND created_at > :since""",
        workspace_id=workspace_id,
        phones=list(phones),
        since=since,
        but=but,
        but_from=but_from,
    )
    lines: dict[str, list[Row]] = {}
    for line in found:
        lines.setdefault(line["phone"], []).append(line)
    return lines


def answered(
    db: Connection, automation_id: UUID, keys: Sequence[str], before: datetime
) -> dict[str, Row]:
    """The messages that an automation had planned before then under these once-keys: `id`,
    `occurred_at` of their event, `left_at` (None for one that still waits)."""
    if not keys:
        return {}
    found = rows(
        db,
        """SELECT m.once_key, m.id, e.occurred_at, CASE WHEN m.state IN ('scheduled', 'held')
               THEN NULL ELSE coalesce(m.sending_at, m.changed_at) END AS left_at
           FROM messages m JOIN events e ON e.id = m.event_id
           WHERE m.once_key IS NOT NULL AND m.state <> 'cancelled' AND m.stands_in_for IS NULL
           AND m.resends IS NULL AND m.automation_id = :id AND m.once_key = ANY(:keys)
           AND m.created_at < :before""",
        id=automation_id,
        keys=list(set(keys)),
        before=before,
    )
    return {one["once_key"]: one for one in found}


def of_template(
    db: Connection, workspace_id: UUID, template_id: UUID, since: datetime, limit: int
) -> tuple[Sequence[Row], bool]:
    """The newest messages of a template since then, newest first, that were or are to be sent, with
    the type and time of their event; and whether that is all of them."""
    found: Sequence[dict[str, Any] | Row] = rows(
        db,
        f"""WITH lately AS (
                SELECT * FROM messages WHERE workspace_id = :workspace_id AND id >= :first
                ORDER BY id DESC LIMIT {_AMONG}),
            own AS (
                SELECT * FROM lately WHERE template_id = :template_id AND created_at >= :since
                AND variables <> '{{}}' AND stands_in_for IS NULL AND (
                    state NOT IN ('skipped', 'cancelled') OR reason IN ('no_text', 'too_long'))
                ORDER BY id DESC LIMIT :limit + 1)
            SELECT m.id, m.event_id, m.phone, m.kind, m.language, m.zone, m.variables, m.variant,
                m.state, m.subject, coalesce(m.sending_at, m.due_at) AS leaves, m.created_at,
                coalesce(e.type, '') AS type, coalesce(e.occurred_at, m.created_at) AS occurred_at,
                coalesce(n.country, '') AS country, (SELECT count(*) FROM lately) AS among
            FROM own m LEFT JOIN events e ON e.id = m.event_id
            LEFT JOIN numbers n ON n.workspace_id = m.workspace_id AND n.phone = m.phone
            ORDER BY m.id DESC""",  # noqa: S608 - our own words
        workspace_id=workspace_id,
        template_id=template_id,
        first=first_id(since),
        since=since,
        limit=limit,
    )
    whole = len(found) <= limit and all(one["among"] < _AMONG for one in found[:1])
    return found[:limit], whole

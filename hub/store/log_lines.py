"""The log's lines: what one line of a list shows of a message, a decision, an event; and what there
is to choose among."""

from collections.abc import Sequence
from itertools import chain
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import Row, rows

_MESSAGES = """SELECT m.id, m.decision_id, m.event_id, m.channel, m.phone, m.state, m.reason,
        m.sentence, m.parts, m.due_at, m.created_at, m.sending_at, m.sent_at, m.changed_at,
        m.subject, m.price, m.currency, m.clicks, m.clicked_at, m.final_at, m.settled_as,
        m.body <> '' AS is_written, m.stands_in_for, m.resends, m.workspace_id, m.kind,
        m.variables ->> 'order_number' AS number, m.carrier_id, m.language,
        t.slug AS template, v.title, a.slug AS automation, w.document ->> 'name' AS named,
        coalesce(nullif(p.first_name, ''), m.variables ->> 'first_name') AS first_name, p.last_name,
        e.type, c.micros, c.in_currency, r.replied, b.told
    FROM messages m JOIN templates t ON t.id = m.template_id
    JOIN template_versions v ON v.template_id = m.template_id AND v.version = m.template_version
    LEFT JOIN automations a ON a.id = m.automation_id
    LEFT JOIN automation_versions w ON w.automation_id = a.id AND w.version = a.version
    LEFT JOIN people p ON p.workspace_id = m.workspace_id AND p.phone = m.phone
    LEFT JOIN events e ON e.id = m.event_id
    LEFT JOIN LATERAL (SELECT sum(micros) AS micros, max(currency) AS in_currency FROM costs
        WHERE message_id = m.id AND state <> 'released') c ON true
    LEFT JOIN LATERAL (SELECT true AS replied FROM replies WHERE message_id = m.id LIMIT 1) r
        ON true
    LEFT JOIN LATERAL (SELECT CASE WHEN bool_or(state IN ('dead', 'refused')) THEN 'stopped'
            WHEN bool_or(state = 'new') THEN 'waiting' WHEN count(*) > 0 THEN 'done' END AS told
        FROM write_backs WHERE message_id = m.id) b ON true"""
_DECISIONS = """SELECT d.*, d.phone AS phone, a.slug AS automation, e.type, e.subject,
        e.data ->> 'order_number' AS number, d.record #>> '{automation,name}' AS named,
        d.record #>> '{automation,send,template}' AS template, p.first_name, p.last_name
    FROM decisions d LEFT JOIN automations a ON a.id = d.automation_id
    LEFT JOIN events e ON e.id = d.event_id
    LEFT JOIN people p ON p.workspace_id = d.workspace_id AND p.phone = d.phone"""


def whole(db: Connection, found: Sequence[tuple[UUID, str]]) -> list[Row]:
    """The rows of these ids, in their order, each with its `table`: what one line of a list shows,
    the cost and how far its road came included."""
    known: dict[UUID, Row] = {}
    for table, sql in (("messages", _MESSAGES), ("decisions", _DECISIONS)):
        ids = [one for one, of in found if of == table]
        if ids:
            lines = rows(db, f"{sql} WHERE {table[0]}.id = ANY(:ids)", ids=ids)
            known |= {line["id"]: {**line, "table": table} for line in lines}
    return [known[one] for one, _ in found if one in known]


def of_events(db: Connection, ids: Sequence[UUID]) -> list[Row]:
    """The messages of these events, oldest first, as `whole` has them."""
    sql = "SELECT id FROM messages WHERE event_id = ANY(:ids) ORDER BY id LIMIT 500"
    return whole(db, [(one["id"], "messages") for one in rows(db, sql, ids=list(ids))])


def recent_events(db: Connection, workspace_id: UUID, limit: int) -> Sequence[Row]:
    """What arrived last and was understood, newest first; with who it is about, and an automation's
    first answer where no message came of it."""
    return rows(
        db,
        """SELECT e.id, e.workspace_id, e.type, e.subject, e.phone, e.state, e.received_at,
               e.data ->> 'order_number' AS number,
               coalesce(nullif(p.first_name, ''), e.person ->> 'first_name') AS first_name,
               p.last_name, d.id AS decision_id, d.reason, d.named
           FROM events e
           LEFT JOIN people p ON p.workspace_id = e.workspace_id AND p.phone = e.phone
           LEFT JOIN LATERAL (SELECT id, reason, record #>> '{automation,name}' AS named
               FROM decisions WHERE event_id = e.id ORDER BY reason = 'conditions', id LIMIT 1) d
               ON true
           WHERE e.workspace_id = :workspace_id ORDER BY e.id DESC LIMIT :limit""",
        workspace_id=workspace_id,
        limit=limit,
    )


def events_about(db: Connection, workspace_id: UUID, subjects: Sequence[str]) -> tuple[UUID, ...]:
    """Events about these records, such as "order:1043"; 500 at most."""
    found = rows(
        db,
        """SELECT id FROM events WHERE workspace_id = :workspace_id AND subject = ANY(:subjects)
           LIMIT 500""",
        workspace_id=workspace_id,
        subjects=list(subjects),
    )
    return tuple(one["id"] for one in found)


def choices(db: Connection, workspace_id: UUID) -> dict[str, list[Row]]:
    """What there is to choose from: automations and templates by slug, connections by id."""
    asked = {
        "automation": """SELECT a.id, a.slug AS value, v.document ->> 'name' AS words
            FROM automations a JOIN automation_versions v
                ON v.automation_id = a.id AND v.version = a.version
            WHERE a.workspace_id = :id ORDER BY words""",
        "template": """SELECT t.id, t.slug AS value, v.title AS words FROM templates t
            JOIN template_versions v ON v.template_id = t.id AND v.version = t.version
            WHERE t.workspace_id = :id ORDER BY words""",
        "connection": """SELECT c.id, c.id::text AS value, c.connector, c.label,
                c.label AS words FROM connections c
            WHERE c.workspace_id = :id ORDER BY c.connector, c.label""",
    }
    return {name: list(rows(db, sql, id=workspace_id)) for name, sql in asked.items()}


def sent_by(db: Connection, workspace_id: UUID, template: str) -> tuple[UUID, ...]:
    """The automations that send this template, or did in an earlier version; 20 at most."""
    found = rows(
        db,
        """SELECT DISTINCT a.id FROM automations a JOIN automation_versions v
               ON v.automation_id = a.id AND v.document #>> '{send,template}' = :template
           WHERE a.workspace_id = :workspace_id LIMIT 20""",
        workspace_id=workspace_id,
        template=template,
    )
    return tuple(one["id"] for one in found)


def ids_between(
    db: Connection, workspace_id: UUID, low: UUID, high: UUID
) -> list[tuple[str, UUID]]:
    """Messages, decisions and events with ids from one to the other, as (noun, id): five of each at
    most."""
    found = (
        rows(
            db,
            f"""SELECT '{noun}' AS noun, id FROM {noun}s WHERE workspace_id = :workspace_id
                AND id BETWEEN :low AND :high ORDER BY id DESC LIMIT 5""",  # noqa: S608 - our own names
            workspace_id=workspace_id,
            low=low,
            high=high,
        )
        for noun in ("message", "decision", "event")
    )
    return [(one["noun"], one["id"]) for one in chain.from_iterable(found)]

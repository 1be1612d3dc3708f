"""Every row that one road is made of, found from any id along it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import Connection

from hub.store import (
    clicks,
    connections,
    conversions,
    costs,
    coupons,
    decisions,
    events,
    intakes,
    messages,
    receipts,
    sending,
    settlements,
    stand_ins,
    templates,
    workspaces,
    write_backs,
)
from hub.store.database import Row, row, rows

SHORTEST_PREFIX = 8  # characters of an id


@dataclass(frozen=True)
class Trail:
    """The rows of one road; a row that does not exist, or not yet, is None."""

    shop: Row
    intake: Row | None = None
    event: Row | None = None
    decision: Row | None = None
    message: Row | None = None
    template: Row | None = None
    source: Row | None = None
    attempts: Sequence[Row] = ()
    receipts: Sequence[Row] = ()
    replies: Sequence[Row] = ()
    told: Sequence[Row] = ()
    clicks: Sequence[Row] = ()
    conversions: Sequence[Row] = ()
    costs: Sequence[Row] = ()
    coupon: Row | None = None
    beneath: Row | None = None
    above: Row | None = None
    settled: Row | None = None
    target: Row | None = None
    ids: dict[str, UUID] = field(default_factory=dict)


def trails(db: Connection, found: UUID, workspace_id: UUID | None) -> tuple[Trail, ...]:
    """The roads that this id of a message, decision, event or intake lies on."""
    message = messages.get(db, workspace_id, found)
    if message is not None:
        return (_of_message(db, message),)
    decision = decisions.get(db, workspace_id, found)
    if decision is not None:
        return (_of_decision(db, decision),)
    event = events.get(db, workspace_id, found)
    if event is not None:
        return _of_event(db, event)
    intake = intakes.get(db, found)
    if intake is None or workspace_id not in (None, intake["workspace_id"]):
        return ()
    return _of_intake(db, intake)


def ids_like(db: Connection, prefix: str, workspace_id: UUID | None = None) -> Sequence[Row]:
    """Ids that begin so, as rows (noun, id), at most five; dashes may be left out."""
    digits = prefix.replace("-", "").lower()
    if not SHORTEST_PREFIX <= len(digits) <= 32 or not set(digits) <= set("0123456789abcdef"):
        return []
    tables = {
        "message": "messages",
        "decision": "decisions",
        "event": "events",
        "intake": "intakes",
    }
    parts = [
        f"SELECT '{noun}' AS noun, id FROM {table} WHERE id BETWEEN :low AND :high AND "  # noqa: S608 - our own names
        "(CAST(:workspace_id AS uuid) IS NULL OR workspace_id = :workspace_id)"
        for noun, table in tables.items()
    ]
    return rows(
        db,
        " UNION ALL ".join(parts) + " LIMIT 5",
        low=UUID(digits.ljust(32, "0")),
        high=UUID(digits.ljust(32, "f")),
        workspace_id=workspace_id,
    )


def _of_message(db: Connection, message: Row) -> Trail:
    decision = decisions.get(db, None, message["decision_id"]) if message["decision_id"] else None
    return _whole(db, message["workspace_id"], message["event_id"], decision, message)


def _of_decision(db: Connection, decision: Row) -> Trail:
    message = messages.get(db, None, decision["message_id"]) if decision["message_id"] else None
    return _whole(db, decision["workspace_id"], decision["event_id"], decision, message)


def _of_event(db: Connection, event: Row) -> tuple[Trail, ...]:
    made = decisions.of_event(db, event["id"])
    if made:
        return tuple(_of_decision(db, decision) for decision in made)
    return (_whole(db, event["workspace_id"], event["id"], None, None),)


def _of_intake(db: Connection, intake: Row) -> tuple[Trail, ...]:
    meant = events.of_intake(db, intake["id"])
    if meant:
        return tuple(trail for event in meant for trail in _of_event(db, event))
    known = row(
        db,
        """SELECT message_id FROM receipts WHERE intake_id = :id AND message_id IS NOT NULL
           UNION ALL SELECT message_id FROM replies
           WHERE intake_id = :id AND message_id IS NOT NULL LIMIT 1""",
        id=intake["id"],
    )
    message = messages.get(db, intake["workspace_id"], known["message_id"]) if known else None
    if message is not None:
        return (_of_message(db, message),)
    bare = _whole(db, intake["workspace_id"], None, None, None)
    source = _connection(db, intake["connection_id"])
    return (replace(bare, intake=intake, source=source, ids={"intake": intake["id"]}),)


def _whole(
    db: Connection,
    workspace_id: UUID,
    event_id: UUID | None,
    decision: Row | None,
    message: Row | None,
) -> Trail:
    shop = workspaces.get(db, workspace_id)
    if shop is None:
        raise LookupError(workspace_id)
    event = events.get(db, None, event_id) if event_id else None
    intake = intakes.get(db, event["intake_id"]) if event else None
    chain = {"intake": intake, "event": event, "decision": decision, "message": message}
    before = Trail(
        shop=shop,
        intake=intake,
        event=event,
        decision=decision,
        message=message,
        source=_connection(db, event["connection_id"] if event else None),
        ids={noun: found["id"] for noun, found in chain.items() if found is not None},
    )
    return before if message is None else _with_message(db, before, message)


def _with_message(db: Connection, trail: Trail, message: Row) -> Trail:
    pin = (message["template_id"], message["template_version"])
    above = message["stands_in_for"]
    first = above or message["resends"] or message["id"]
    told = write_backs.of_message(db, message["id"])
    # A cart has no record of its own in a shop; the order that it became has.
    home = message["source_id"] or next((one["connection_id"] for one in told), None)
    return replace(
        trail,
        template=templates.pinned(db, [pin]).get(pin),
        attempts=sending.attempts(db, message["id"]),
        receipts=receipts.of_message(db, message["id"]),
        replies=receipts.replies_to(db, message["id"]),
        told=told,
        target=_connection(db, home),
        clicks=clicks.of_message(db, message["id"]),
        conversions=conversions.of_message(db, message["id"]),
        costs=costs.of_message(db, message["id"]),
        coupon=coupons.of_messages(db, [first]).get(first),
        beneath=stand_ins.beneath(db, message["id"]),
        above=messages.get(db, None, above) if above else None,
        settled=settlements.of_message(db, message["id"]),
    )


def _connection(db: Connection, connection_id: UUID | None) -> Row | None:
    return connections.by_ids(db, [connection_id]).get(connection_id) if connection_id else None

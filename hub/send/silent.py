"""Silent: messages whose receipt is later than this carrier's receipts ever are. The carrier is
asked how they stand, many in one turn; its answer counts as the receipt that got lost."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from hub.contract import Carrier, ConnectorError, Found, Receipt
from hub.send.progress import apply
from hub.store import connections, messages, numbers, silences
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

EVERY = timedelta(minutes=5)
AT_ONCE = 100  # messages asked about in one turn
ENOUGH = 50  # receipts that say how long they take
LEAST, USUAL, LONGEST = 600.0, 3600.0, 86400.0  # seconds
_ENDS = ("delivered", "read", "failed", "expired")


def ask_silent(ground: Ground) -> int:
    """Ask each carrier whose turn it is about its overdue receipts; how many messages it told the
    end of."""
    now = ground.clock()
    slugs = [slug for slug, c in ground.connectors.items() if c.carrier is not None]
    with ground.database.begin() as db:
        silences.plan(db, slugs, now)
        due = silences.claim(db, now, now + EVERY)
        found = connections.by_ids(db, [one["connection_id"] for one in due])
    return sum(_ask(ground, one, found[one["connection_id"]]) for one in due)


def patience(told: int, p99: float) -> float:
    """How long a receipt is waited for, in seconds, where so many came within `p99`."""
    return min(max(p99, LEAST), LONGEST) if told >= ENOUGH else USUAL


def _ask(ground: Ground, standing: Row, connection: Row) -> int:
    now = ground.clock()
    connector = ground.connectors.get(connection["connector"])
    carrier = connector.carrier if connector else None
    with ground.database.begin() as db:
        told, p99 = silences.usual(db, connection["id"], now)
        seconds = patience(told, p99)
        until = now - timedelta(seconds=seconds)
        overdue = silences.silent(db, connection["id"], standing["asked_until"], until, AT_ONCE)
        named = [(m["workspace_id"], m["carrier_message_id"] or "") for m in overdue]
        names = numbers.whole(db, ground.vault, named)
    asked = list(zip(overdue, names, strict=True))
    ended = _ask_each(ground, carrier, connection, asked) if carrier else {}
    more = len(overdue) == AT_ONCE
    reached = overdue[-1]["started_at"] if more else max(until, standing["asked_until"])
    # One that never tells anything cannot be told apart from one that works.
    expected = told > 0 or bool(ended)
    left = len(overdue) - len(ended) if expected else 0
    with ground.database.begin() as db:
        locked = messages.lock(db, list(ended))
        apply(db, [(ended[id], message) for id, message in locked.items()], now)
        due = now if more else now + EVERY
        silences.keep(db, connection["id"], reached, due, seconds, left)
    return len(ended)


def _ask_each(
    ground: Ground, carrier: Carrier, connection: Row, asked: Sequence[tuple[Row, str]]
) -> dict[UUID, Receipt]:
    ended: dict[UUID, Receipt] = {}
    try:
        for message, name in asked:
            found = _look(ground, carrier, connection, message, name)
            if found is not None and found.state in _ENDS:
                ended[message["id"]] = _as_receipt(ground, message, found)
    except ConnectorError as error:
        log.warning("silent.not_asked", extra={"carrier": connection["id"], "why": error.words})
    except Exception:  # a connector's mistake must not keep what was told before it
        log.exception("silent.failed", extra={"carrier": connection["id"]})
    return ended


def _look(
    ground: Ground, carrier: Carrier, connection: Row, message: Row, name: str
) -> Found | None:
    status, find = carrier.status, carrier.find
    if status and name:
        return ground.call(connection, lambda ctx: status(ctx, name))
    if find:
        return ground.call(connection, lambda ctx: find(ctx, str(message["id"])))
    return None


def _as_receipt(ground: Ground, message: Row, found: Found) -> Receipt:
    name = numbers.tokened(ground.vault, message["workspace_id"], found.carrier_message_id)
    return Receipt(name, str(message["id"]), found.state, code=found.code)

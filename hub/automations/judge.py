"""Judge: the last look before a message leaves. What may have changed since the decision (a STOP,
an order, closed hours) is asked again, for a whole batch at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.checks import recheck
from hub.automations.document import Automation
from hub.automations.facts import Verdict
from hub.automations.gather import Gathered, Live, gather, read
from hub.contract import Phone
from hub.store import automations, events, templates
from hub.store.database import Row

DIRECT = "workflow.requested"


def judge(db: Connection, due: Sequence[Row], now: datetime) -> Mapping[UUID, Verdict]:
    """A verdict for each due message: send, hold until, or skip with a reason."""
    told = events.by_ids(db, [m["event_id"] for m in due if m["event_id"]])
    stand_ins = {m["id"]: told.get(m["event_id"]) or stand_in(m) for m in due}
    known = gather(db, list(stand_ins.values()), now)
    made = automations.by_ids(db, [m["automation_id"] for m in due if m["automation_id"]])
    pinned = templates.pinned(db, [(m["template_id"], m["template_version"]) for m in due])
    return {
        m["id"]: _judge(
            m,
            stand_ins[m["id"]],
            _live(m, made, pinned[m["template_id"], m["template_version"]]["slug"]),
            known,
            now,
        )
        for m in due
    }


def _judge(message: Row, event: Any, live: Live, known: Gathered, now: datetime) -> Verdict:
    others = known.marketing.get((message["workspace_id"], message["phone"]), 0)
    mine = 1 if message["kind"] == "marketing" else 0
    facts = known.facts(event, live, now, recent_marketing=max(others - mine, 0))
    return recheck(live.document, facts)


def _live(message: Row, made: Mapping[UUID, Row], template: str) -> Live:
    row = made.get(message["automation_id"])
    live = read(row) if row is not None else None
    if live is not None:
        return live
    document = Automation("Direct", DIRECT, template, message["kind"])
    return Live(_DIRECT_ROW, document)


_DIRECT_ROW: Any = {"state": "live", "live_since": None}


def stand_in(message: Row) -> Any:
    """An event's shape for a message that no event caused."""
    phone = Phone.of(message["phone"])
    return {
        "workspace_id": message["workspace_id"],
        "connection_id": message["source_id"],
        "type": DIRECT,
        "key": str(message["id"]),
        "subject": message["subject"],
        "cart": message["cart"],
        "occurred_at": message["created_at"],
        "received_at": message["created_at"],
        "data": message["variables"],
        "person": {"country": phone.country, "kind": phone.kind},
        "phone": message["phone"],
    }

"""Decisions: one automation's answer to one event, with every check and the record behind it."""

from hub.automations.records import checks_of
from hub.store import decisions
from hub.web.api.problems import not_found
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import id_of, picked
from hub.web.api.schemas import CHECK, ID, TIME, listed, one_of, optional, shape, text

desk = Desk("decisions")

_DECISION = {
    "id": ID,
    "event_id": optional(ID),
    "automation_id": optional(ID),
    "version": {"type": ["integer", "null"]},
    "action": one_of("send", "skip"),
    "reason": text(),
    "checks": listed(CHECK),
    "record": {"type": "object"},
    "message_id": optional(ID),
    "decided_at": TIME,
}


@desk.route("GET /decisions/{decision_id}", scope="read", answers={200: shape(_DECISION)})
def one(ask: Ask, decision_id: str) -> Answer:
    """Look at one decision; from its record alone the answer can be computed again."""
    with ask.begin() as db:
        found = decisions.get(db, ask.workspace_id, id_of(decision_id, "decision"))
    if found is None:
        raise not_found("decision")
    checks = [check._asdict() for check in checks_of(found)]
    return Answer({**picked(found, tuple(_DECISION)), "checks": checks})

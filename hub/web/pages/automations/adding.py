"""One condition, step or ending more in a document, or one less."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from hub.automations.conditions import variables_of
from hub.automations.document import SAME
from hub.automations.operators import OPERATORS
from hub.contract import VOCABULARY
from hub.web.pages.automations.drawn import Document, drawn, listed, section
from hub.web.pages.automations.values import within

_MOST_ROWS = 20


def added(document: Document, what: str) -> dict[str, Any]:
    """The document with one more condition, step or ending."""
    made: dict[str, Any] = deepcopy(dict(document))
    above = within(made, "delay") if what == "steps" else made
    rows = above.get(what)
    rows = rows if isinstance(rows, list) else []
    if what in _NEW and len(rows) < _MOST_ROWS:
        above[what] = [*rows, _NEW[what](made)]
    return made


def removed(document: Document, what: str, place: int) -> dict[str, Any]:
    """The document without the condition, step or ending in this place."""
    made: dict[str, Any] = deepcopy(dict(document))
    above = within(made, "delay") if what == "steps" else made
    rows = above.get(what)
    if isinstance(rows, list) and place < len(rows):
        above[what] = rows[:place] + rows[place + 1 :]
    if what == "steps" and not above.get(what):
        above.pop("steps", None)
        above["minutes"] = 0
    return made


def _new_condition(document: Document) -> dict[str, Any]:
    event = VOCABULARY.get(drawn(document)["event"])
    field = variables_of(event)[0] if event else None
    if field is None:
        return {"field": "", "is": "is_known", "value": True}
    return {"field": field.name, "is": next(iter(OPERATORS[field.kind])), "value": ""}


def _new_step(document: Document) -> dict[str, Any]:
    taken_days = {step.get("days") for step in listed(section(document, "delay"), "steps")}
    return {"days": next(day for day in range(1, 90) if day not in taken_days)}


def _new_ending(document: Document) -> dict[str, Any]:
    return {"event": "order.created", "same": SAME[-1]}


_NEW: Mapping[str, Callable[[Document], dict[str, Any]]] = {
    "conditions": _new_condition,
    "steps": _new_step,
    "cancel_on": _new_ending,
}

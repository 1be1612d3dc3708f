"""Conditions on an event's typed variables: read from a document, said in words, evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hub.automations.facts import Check
from hub.automations.operators import OPERATORS, described, seen_as
from hub.automations.reading import Section, meant
from hub.automations.wanted import Unfit
from hub.automations.wording import shown
from hub.contract import EventType, Money, Variable
from hub.contract.events import PERSON

PERSON_VARIABLES = (
    *(v for v in PERSON if v.name != "brand"),  # the same for everyone: nothing to ask
    Variable("country", "text", "FR", "The country of the person's phone number"),
    Variable("language", "text", "fr", "The language of the person's messages"),
)


MOVED = Variable("moved", "flag", True, "Whether the booking was given another time")


@dataclass(frozen=True)
class Condition:
    """`field` is a variable, `kind` its kind, `operator` one of OPERATORS[kind].

    `value`: a text, a tuple of texts, a number, a pair of numbers, Money, a flag, or hours.
    """

    field: str
    kind: str
    operator: str
    value: Any

    def __str__(self) -> str:
        return f"{self.field} {described(self.kind, self.operator, self.value)}"


def read_condition(section: Section, event: EventType | None) -> Condition | None:
    """One condition of a document; None, with the problems noted, where it cannot be used."""
    section.knows("field", "is", "value")
    name = section.text("field")
    variable = _variable(section, name, event) if name and event else None
    if variable is None:
        return None
    operators = OPERATORS[variable.kind]
    noted = len(section.problems)
    operator = section.choice("is", tuple(operators))
    if len(section.problems) > noted:
        return None
    try:
        value = operators[operator].read(
            section.values.get("value", True if operator == "is_known" else None)
        )
    except Unfit as unfit:
        section.complain("value", str(unfit) if "value" in section.values else "is missing.")
        return None
    return Condition(name, variable.kind, operator, value)


def variables_of(event: EventType) -> tuple[Variable, ...]:
    """All that conditions on this event may ask about."""
    own = (MOVED,) if event.name == "booking.changed" else ()
    return (*event.variables, *own, *PERSON_VARIABLES)


def _variable(section: Section, name: str, event: EventType) -> Variable | None:
    known = {v.name: v for v in variables_of(event)}
    if name not in known:
        words = f"«{name}» is not a variable of {event.name}.{meant(name, known)}"
        section.complain("field", words)
    return known.get(name)


def condition_json(condition: Condition) -> dict[str, Any]:
    """The document's form of a condition."""
    match condition.operator, condition.value:
        case (("before" | "after"), hours):
            value: Any = {"hours": hours}
        case _, Money() as money:
            value = money.as_json()
        case _, tuple() as several:
            value = list(several)
        case _, plain:
            value = plain
    return {"field": condition.field, "is": condition.operator, "value": value}


def evaluate(condition: Condition, values: Mapping[str, Any], now: datetime) -> Check:
    """Whether the event's values meet the condition. Never raises; a missing value does not."""
    value = values.get(condition.field)
    missing = value is None or value == "" or value == []
    met, why = _answer(condition, value, missing, now)
    seen = "nothing" if missing else shown(value)
    data = {"check": "conditions", "field": condition.field}
    asked = f"Is it true that {condition}?"
    if met:
        return Check(asked, seen, "yes", f"{condition}, as asked: it is {seen}.", data)
    sentence = (
        f"Not sent: the automation asks that {condition}; {condition.field} {why} "
        "If this one should have gone out, change the condition."
    )
    return Check(asked, seen, "no", sentence, {**data, "reason": "conditions"})


def _answer(condition: Condition, value: Any, missing: bool, now: datetime) -> tuple[bool, str]:
    if condition.operator == "is_known":
        return condition.value is not missing, "is missing." if missing else "is there."
    if missing:
        return False, "is missing."
    try:
        seen = seen_as(condition.kind, value)
        met = OPERATORS[condition.kind][condition.operator].holds(seen, condition.value, now)
    except (Unfit, OverflowError) as unfit:
        return False, str(unfit) if isinstance(unfit, Unfit) else "cannot be compared."
    return met, f"is {shown(value)}."

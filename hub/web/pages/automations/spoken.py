"""What two versions differ in, said in the reader's language; where the hub has no words of its own
for a value, those that came with the difference."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from babel.lists import format_list
from flask_babel import get_locale, gettext

from hub.automations.conditions import variables_of
from hub.automations.differing import Change
from hub.contract import VOCABULARY
from hub.web.pages.automations import choices
from hub.web.pages.automations.drawn import Document, anchor_of, drawn, listed, said
from hub.web.pages.automations.values import kind_of
from hub.web.pages.retold import told


class Told(NamedTuple):
    """A difference: where (`path` of the document) and both sides in words, "" for nothing."""

    path: str
    before: str
    after: str


def changes_told(changes: list[Change], event: str) -> list[Told]:
    """Every difference between two versions of an automation of this event."""
    return [
        Told(
            one.path,
            _words(one.path, one.before, one.said_before, event),
            _words(one.path, one.after, one.said_after, event),
        )
        for one in changes
    ]


def condition_words(row: Document, event: str) -> str:
    """«the cart's total is at least 20 EUR»."""
    texts = drawn({"trigger": {"event": event}, "conditions": [row]})
    name, operator = texts["conditions.0.field"], texts["conditions.0.is"]
    kind = VOCABULARY.get(event)
    says = {v.name: choices.inline(v.says) for v in variables_of(kind)} if kind else {}
    words = dict(choices.operators(event, name)).get(operator, operator)
    value = _value(texts, operator, kind_of(event, name))
    return f"{says.get(name, name)} {words} {value}".strip()


def _value(texts: Mapping[str, str], operator: str, kind: str) -> str:
    value = texts.get("conditions.0.value", "")
    if operator == "is_known" or kind == "flag":
        return str(gettext("yes") if value == "yes" else gettext("no"))
    if operator == "between":
        high = texts.get("conditions.0.upto", "")
        return str(gettext("%(low)s and %(high)s", low=value, high=high))
    if kind == "datetime":
        return str(gettext("%(count)s hours", count=value))
    return f"{value} {texts.get('conditions.0.currency', '')}".strip()


def _words(path: str, value: Any, usual: str, event: str) -> str:
    """One side of one difference."""
    first = path.partition("[")[0]
    if value is None:
        return ""
    if first == "conditions" and isinstance(value, Mapping):
        return condition_words(value, event)
    if first == "cancel_on" and isinstance(value, Mapping):
        same = dict(choices.SAME).get(said(value.get("same")), "")
        return f"{choices.happens(said(value.get('event')))} {same}".strip()
    if first == "delay" and isinstance(value, Mapping):
        return _delay(value)
    if path == "trigger.event":
        return choices.happens(said(value))
    if path == "if_late.drop_after_minutes" and isinstance(value, int):
        return choices.length(value)
    known = choices.WORDS.get(path, {})
    return str(known.get(said(value)) or told(usual))


def _delay(delay: Document) -> str:
    anchor = str(choices.ANCHORS.get(anchor_of(delay), anchor_of(delay)))
    steps = listed(delay, "steps")
    lengths = [_step(step) for step in steps] if steps else [_step(delay)]
    return f"{format_list(lengths, locale=get_locale())} {anchor}"


def _step(step: Document) -> str:
    days, minutes = step.get("days"), step.get("minutes", 0)
    found = days * 1440 if isinstance(days, int) else minutes
    words = choices.length(found) if isinstance(found, int) else said(found)
    clock = said(step.get("at"))
    return f"{words} ({clock})" if clock else words

"""What each word of the sentence can be changed to, in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from babel.units import format_unit
from flask_babel import get_locale, gettext, lazy_gettext

from hub.automations.conditions import variables_of
from hub.automations.operators import OPERATORS
from hub.contract import VOCABULARY
from hub.store.database import Row
from hub.web.pages.automations.drawn import Texts
from hub.web.pages.automations.fitting import anchors, once_per
from hub.web.pages.automations.values import kind_of
from hub.web.pages.retold import told

Options = Sequence[tuple[str, Any]]

_OPERATORS = {
    "is": lazy_gettext("is"),
    "is_not": lazy_gettext("is not"),
    "is_one_of": lazy_gettext("is one of"),
    "contains": lazy_gettext("contains"),
    "starts_with": lazy_gettext("starts with"),
    "equals": lazy_gettext("is exactly"),
    "at_least": lazy_gettext("is at least"),
    "at_most": lazy_gettext("is at most"),
    "above": lazy_gettext("is above"),
    "below": lazy_gettext("is below"),
    "between": lazy_gettext("is between"),
    "before": lazy_gettext("is nearer than"),
    "after": lazy_gettext("is further away than"),
    "contains_item": lazy_gettext("has an item whose name contains"),
    "is_known": lazy_gettext("is known:"),
}
ANCHORS = {
    "after:occurred_at": lazy_gettext("after it happened"),
    "before:starts_at": lazy_gettext("before it starts"),
    "after:starts_at": lazy_gettext("after it starts"),
    "before:ends_at": lazy_gettext("before it ends"),
    "after:ends_at": lazy_gettext("after it ends"),
    "before:closes_at": lazy_gettext("before it closes"),
    "after:closes_at": lazy_gettext("after it closes"),
    "before:due_at": lazy_gettext("before its date"),
    "after:due_at": lazy_gettext("after its date"),
}
_ONCE = {
    "event": lazy_gettext("for each event"),
    "subject": lazy_gettext("for each record, such as an order or a booking"),
    "cart": lazy_gettext("for each cart"),
    "person": lazy_gettext("for each person, ever"),
    "status": lazy_gettext("for each status that a record reaches"),
    "slot": lazy_gettext("for each booking, its time and each step"),
    "series": lazy_gettext("for each series of bookings"),
}
SAME = {
    "subject": lazy_gettext("about the same record"),
    "cart": lazy_gettext("for the same cart"),
    "person": lazy_gettext("for the same person"),
}
WORDS: Mapping[str, Mapping[str, Any]] = {
    "once_per": _ONCE,
    "send.kind": {
        "marketing": lazy_gettext("the person agreed to marketing"),
        "transactional": lazy_gettext("the message is about their own order or booking"),
    },
    "window": {
        "wait": lazy_gettext("wait until they open"),
        "drop": lazy_gettext("do not send it"),
    },
    "restart": {
        "no": lazy_gettext("changes nothing"),
        "yes": lazy_gettext("takes its place, and the wait begins again"),
    },
    "on_uncertain": {
        "hold": lazy_gettext("leave it for a person to look at"),
        "again": lazy_gettext("send it again"),
    },
    "yes": {"yes": lazy_gettext("yes"), "no": lazy_gettext("no")},
}
_UNITS = {
    "minutes": lazy_gettext("minutes"),
    "hours": lazy_gettext("hours"),
    "days": lazy_gettext("days"),
}


def inline(sentence: str) -> str:
    """A sentence that a room wrote, as the middle of another one: «a cart was left …»."""
    words = told(sentence).rstrip(".")
    return words[:1].lower() + words[1:]


def happens(event: str) -> str:
    """What happens, after «when»."""
    kind = VOCABULARY.get(event)
    return inline(kind.says) if kind else event


def length(minutes: int) -> str:
    """«45 minutes», «2 hours», in the reader's language."""
    for unit, size in (("day", 1440), ("hour", 60)):
        if minutes and minutes % size == 0:
            return _unit(minutes // size, unit)
    return _unit(minutes, "minute")


def _unit(count: int, name: str) -> str:
    return str(format_unit(count, f"duration-{name}", locale=get_locale()))


def of_sentence(texts: Texts, templates: Iterable[Row]) -> dict[str, Options]:
    """The options of each kind of control."""
    event = texts["event"]
    stepped = any(name.startswith("steps.") for name in texts)
    return {
        "event": _with(texts["event"], [(name, happens(name)) for name in VOCABULARY]),
        "field": _fields(event),
        "anchor": _with(texts["delay.anchor"], _named(ANCHORS, anchors(event, stepped))),
        "unit": list(_UNITS.items()),
        "once": _with(texts["once_per"], _named(_ONCE, once_per(event))),
        "same": list(SAME.items()),
        "template": _templates(texts["template"], templates),
        "kind": _options("send.kind"),
        "window": _options("window"),
        "hour": _hours(),
        "restart": _options("restart"),
        "uncertain": _options("on_uncertain"),
        "yes": _options("yes"),
    }


def operators(event: str, field: str) -> Options:
    """What can be asked of a variable of this event."""
    return _named(_OPERATORS, OPERATORS[kind_of(event, field)])


def _fields(event: str) -> Options:
    kind = VOCABULARY.get(event)
    return [(v.name, inline(v.says)) for v in variables_of(kind)] if kind else []


def _named(words: Mapping[str, Any], names: Iterable[str]) -> Options:
    return [(name, words.get(name, name)) for name in names]


def _with(chosen: str, options: Options) -> Options:
    """What stands there is among them, even if it does not fit any more."""
    known = {name for name, _ in options}
    return options if chosen in known or not chosen else [*options, (chosen, chosen)]


def _templates(chosen: str, templates: Iterable[Row]) -> Options:
    there = [(row["slug"], row["title"] or row["slug"]) for row in templates]
    none = [] if chosen else [("", gettext("choose a template"))]
    return _with(chosen, [*none, *there])


def _options(name: str) -> Options:
    return list(WORDS[name].items())


def _hours() -> Options:
    hours = [(str(hour), gettext("at %(clock)s", clock=f"{hour:02}:00")) for hour in range(24)]
    return [("", gettext("at any hour")), *hours]

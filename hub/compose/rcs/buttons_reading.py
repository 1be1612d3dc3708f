"""Reading the buttons of an RCS document: each does one thing, named by its first word."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hub.compose.language import Template
from hub.compose.rcs.desk import Desk, joined
from hub.compose.rcs.numbers import dialable
from hub.compose.rcs.parts import SuggestionTemplate
from hub.compose.values import LONGEST_VALUE
from hub.contract.rich import (
    MOST_CALENDAR_TEXT,
    MOST_CALENDAR_TITLE,
    MOST_LABEL,
    MOST_PLACE,
)

SUPPORT = "support"  # an address that helps: opening it is no step towards an order
_LONGEST_WORD = 100  # that an answer means, in characters
_KEYS: Mapping[str, tuple[str, ...]] = {
    "answer": ("means",),
    "open": ("url", "kind"),
    "dial": ("phone",),
    "place": ("latitude", "longitude", "label"),
    "calendar": ("title", "from", "to", "description"),
}


def suggestions_of(desk: Desk, path: str, found: Sequence[Any]) -> tuple[SuggestionTemplate, ...]:
    """The buttons that can be read; the problems of the others are kept."""
    read = [_one(desk, f"{path}[{n}]", one) for n, one in enumerate(found)]
    return tuple(one for one in read if one is not None)


def _one(desk: Desk, path: str, document: Any) -> SuggestionTemplate | None:
    kinds = [kind for kind in _KEYS if isinstance(document, Mapping) and kind in document]
    if len(kinds) != 1:
        desk.fault(path, f"A suggestion has one of {', '.join(_KEYS)}, with its words.")
        return None
    kind = kinds[0]
    desk.shape(path, document, (kind, *_KEYS[kind]))
    label = desk.words(joined(path, kind), document[kind], MOST_LABEL)
    reading = {
        "answer": _answer,
        "open": _open,
        "dial": _dial,
        "place": _place,
        "calendar": _calendar,
    }
    made = reading[kind](desk, path, document)
    return _labelled(made, label) if made and label else None


def _labelled(made: SuggestionTemplate, label: Template) -> SuggestionTemplate:
    return replace(made, words={"label": label, **made.words})


def _answer(desk: Desk, path: str, found: Mapping[str, Any]) -> SuggestionTemplate | None:
    means = found.get("means", "")
    if not isinstance(means, str) or len(means) > _LONGEST_WORD:
        desk.fault(joined(path, "means"), f"A word of at most {_LONGEST_WORD} characters.")
        return None
    return SuggestionTemplate("answer", {}, means)


def _open(desk: Desk, path: str, found: Mapping[str, Any]) -> SuggestionTemplate | None:
    at, source = joined(path, "url"), found.get("url")
    url = desk.words(at, source, LONGEST_VALUE)
    if url and not str(source).startswith(("https://", "{{")):
        desk.fault(at, "An address begins with https://, or is a variable that holds one.")
    if url and "|short" in str(source).replace(" ", ""):
        desk.fault(at, "A button's address is made short by itself. Remove «short».")
    leads = found.get("kind", "")
    if leads not in ("", SUPPORT):
        desk.fault(joined(path, "kind"), f"The kind is «{SUPPORT}», or is left out.")
        return None
    return SuggestionTemplate("open", {"url": url}, leads=leads) if url else None


def _dial(desk: Desk, path: str, found: Mapping[str, Any]) -> SuggestionTemplate | None:
    at, source = joined(path, "phone"), found.get("phone")
    number = desk.words(at, source, LONGEST_VALUE)
    if number and "{" not in str(source) and not dialable(str(source)):
        desk.fault(at, "Write the number with + and its country, as in +33 6 39 98 01 23.")
    return SuggestionTemplate("dial", {"phone": number}) if number else None


def _place(desk: Desk, path: str, found: Mapping[str, Any]) -> SuggestionTemplate | None:
    degrees = []
    for name, most in (("latitude", 90), ("longitude", 180)):
        value = found.get(name)
        fits = isinstance(value, int | float) and not isinstance(value, bool)
        if not fits or not -most <= float(value or 0) <= most:
            desk.fault(joined(path, name), f"Degrees from -{most} to {most}.")
            return None
        degrees.append(float(value or 0))
    label = desk.optional(path, found, "label", MOST_PLACE)
    words = {"place": label} if label else {}
    return SuggestionTemplate("place", words, at=(degrees[0], degrees[1]))


def _calendar(desk: Desk, path: str, found: Mapping[str, Any]) -> SuggestionTemplate | None:
    title = desk.words(joined(path, "title"), found.get("title"), MOST_CALENDAR_TITLE)
    about = desk.optional(path, found, "description", MOST_CALENDAR_TEXT)
    moments = [v.name for v in desk.variables if v.kind == "datetime"]
    for name in ("from", "to"):
        if found.get(name, "" if name == "to" else None) not in (*moments, *_none(name)):
            listed = ", ".join(moments) or "the event has none"
            desk.fault(joined(path, name), f"Name a variable that is a time: {listed}.")
            return None
    desk.names.update(n for n in (found["from"], found.get("to", "")) if n)
    words = {"title": title, "description": about}
    kept = {name: template for name, template in words.items() if template}
    return SuggestionTemplate(
        "calendar", kept, times=(str(found["from"]), str(found.get("to", "")))
    )


def _none(name: str) -> tuple[str, ...]:
    return ("",) if name == "to" else ()

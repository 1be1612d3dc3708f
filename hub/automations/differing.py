"""Differing: what two versions of an automation or a template do not have in common, field by
field, ready to be shown."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

import orjson

from hub.automations.delays import delay_json, in_words
from hub.automations.document import Automation, DocumentError, as_json, parse
from hub.store import templates

Kind = Literal["added", "removed", "changed"]
Piece = tuple[Literal["same", "gone", "new"], str]
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True)
class Change:
    """One field: `path` is where it is ("conditions[1]", "send.template", "texts.fr"), counted in
    the newer version unless it was removed. `before` and `after` are its JSON; `said_before` and
    `said_after` the same in words. What is not there is None and ""."""

    path: str
    kind: Kind
    before: Any
    after: Any
    said_before: str
    said_after: str


@dataclass(frozen=True)
class _Said:
    """A field's JSON with its words."""

    json: Any
    words: str


_Fields = Mapping[str, _Said | Sequence[_Said]]


def automation_changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Change]:
    """What became of an automation's document. What is usual is written out on both sides, so that
    only true differences are named; a document that cannot be read is compared as it stands."""
    try:
        old, new = (_fields(parse(one)) if one is not None else {} for one in (before, after))
    except DocumentError:
        old, new = _plain(before or {}), _plain(after)
    return list(_changes(old, new))


def template_changes(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[Change]:
    """What became of a template, as it is published; each language is a field of its own."""
    old = _plain(_whole(before)) if before is not None else {}
    return list(_changes(old, _plain(_whole(after))))


def pieces(before: str, after: str) -> list[Piece]:
    """One text beside another, word by word: joined without the new it is the old one, joined
    without what is gone it is the new one."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    found: list[Piece] = []
    for how, i, j, k, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(("same", "".join(old[i:j])))
            continue
        gone, came = "".join(old[i:j]), "".join(new[k:n])
        found += [("gone", gone)] if gone else []
        found += [("new", came)] if came else []
    return found


def _fields(automation: Automation) -> _Fields:
    """The fields of an automation: those that are many as lists, the others by their own path."""
    document = as_json(automation)
    conditions = zip(document.pop("conditions"), automation.conditions, strict=True)
    cancels = document.pop("cancel_on")
    delay = delay_json(automation.delay)
    document.pop("delay")
    return {
        **_plain(document),
        "conditions": [_Said(json, str(one)) for json, one in conditions],
        "delay": _Said(delay, _waits(automation)),
        "cancel_on": [_Said(c, f"{c['event']}: the same {c['same']}") for c in cancels],
    }


def _whole(wanted: Mapping[str, Any]) -> dict[str, Any]:
    """A template with what is usual where it says nothing, its words first."""
    return {**wanted, **{n: v for n, v in templates.USUAL.items() if n not in wanted}}


def _waits(automation: Automation) -> str:
    return in_words(automation.delay).strip().removesuffix(", then") or "at once"


def _plain(document: Mapping[str, Any], above: str = "") -> dict[str, _Said]:
    """A document's values by path; an object of one level down is taken apart, no deeper."""
    found: dict[str, _Said] = {}
    for name, value in document.items():
        if isinstance(value, Mapping) and not above:
            found |= _plain(value, f"{name}.")
        elif value not in (None, "", {}, []):
            found[f"{above}{name}"] = _Said(value, _words(value))
    return found


def _words(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case str() | int() | float():
            return str(value)
        case _:
            return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()


def _changes(old: _Fields, new: _Fields) -> Iterator[Change]:
    for path in dict.fromkeys([*new, *old]):
        one, other = old.get(path), new.get(path)
        if isinstance(one, Sequence) or isinstance(other, Sequence):
            yield from _listed(path, _many(one), _many(other))
        elif one is None or other is None or one.json != other.json:
            yield _change(path, one, other)


def _many(found: "_Said | Sequence[_Said] | None") -> Sequence[_Said]:
    return found if isinstance(found, Sequence) else [found] if found else []


def _listed(path: str, old: Sequence[_Said], new: Sequence[_Said]) -> Iterator[Change]:
    """One that is put between others is one more, and does not change those after it."""
    key: Callable[[_Said], bytes] = lambda one: orjson.dumps(  # noqa: E731
        one.json, option=orjson.OPT_SORT_KEYS
    )
    matched = SequenceMatcher(None, list(map(key, old)), list(map(key, new)), autojunk=False)
    for how, i, j, k, n in matched.get_opcodes():
        if how == "equal":
            continue
        both = min(j - i, n - k)
        for at in range(both):
            yield _change(f"{path}[{k + at}]", old[i + at], new[k + at])
        for at in range(i + both, j):
            yield _change(f"{path}[{at}]", old[at], None)
        for at in range(k + both, n):
            yield _change(f"{path}[{at}]", None, new[at])


def _change(path: str, old: _Said | None, new: _Said | None) -> Change:
    kind: Kind = "changed" if old and new else "added" if new else "removed"
    before, after = (one.json if one else None for one in (old, new))
    said = [one.words if one else "" for one in (old, new)]
    return Change(path, kind, before, after, *said)

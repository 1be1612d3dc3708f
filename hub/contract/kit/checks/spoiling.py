"""Genuine bodies spoilt in one place at a time: JSON field by field, XML element by element."""

import json
from collections.abc import Collection, Iterator, Sequence
from typing import Any
from xml.etree import ElementTree

from hub.contract import Request
from hub.contract.kit.bench import Door

_WRONG: tuple[Any, ...] = (None, True, [], {}, "", "x" * 5_000, -1, 1.5, 10**30, [None], {"a": []})
_WORDS = ("", "x" * 5_000, "-1", "é", "<", "2026-13-45T99:00:00", "1e999")


def spoilt(body: bytes, known: Collection[str] = ()) -> Iterator[tuple[str, bytes]]:
    """Where it was spoilt, but for the `known` places, and the body; nothing for a body that is
    neither JSON nor XML."""
    document = _json(body)
    for path, wrong in _spoilt(document):
        if path not in known:
            yield path, json.dumps(wrong).encode()
    if document is None and body.lstrip().startswith(b"<"):
        yield from _spoilt_xml(body)


def unlike(found: Sequence[tuple[Door, Request]]) -> list[tuple[Door, Request]]:
    """One request of each shape: the same door, the same fields and kinds."""
    shapes = {(d.name, _shape(_json(r.body)) or r.body[:300]): (d, r) for d, r in reversed(found)}
    return list(reversed(shapes.values()))


def _shape(document: Any) -> Any:
    if isinstance(document, dict):
        return tuple((name, _shape(value)) for name, value in document.items())
    if isinstance(document, list):
        return ("list", _shape(document[0]) if document else "")
    return type(document).__name__ if document is not None else ""


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _spoilt(document: Any, depth: int = 2) -> Iterator[tuple[str, Any]]:
    if depth == 0 or not document or not isinstance(document, dict | list):
        return
    names = list(document) if isinstance(document, dict) else [0]
    for name in names:
        for value in _WRONG:
            yield str(name), _replaced(document, name, value)
        if isinstance(document, dict):
            yield f"{name}, missing", {k: v for k, v in document.items() if k != name}
        inner = document[name]
        # A list is no level of its own: what counts is the object in it.
        below = depth if isinstance(inner, list) or isinstance(document, list) else depth - 1
        for path, wrong in _spoilt(inner, below):
            yield f"{name}.{path}", _replaced(document, name, wrong)


def _replaced(document: Any, name: Any, value: Any) -> Any:
    if isinstance(document, dict):
        return {**document, name: value}
    return [value, *document[1:]]


def _spoilt_xml(body: bytes) -> Iterator[tuple[str, bytes]]:
    count = sum(1 for _ in ElementTree.fromstring(body).iter())  # noqa: S314  our own simulator's
    for at in range(count):
        for word in (None, *_WORDS):
            root = ElementTree.fromstring(body)  # noqa: S314
            parents = {child: parent for parent in root.iter() for child in parent}
            element = list(root.iter())[at]
            if word is not None:
                element.text = word
            elif element in parents:
                parents[element].remove(element)
            yield element.tag.rpartition("}")[2], ElementTree.tostring(root)

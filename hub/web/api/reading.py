"""Reading a body strictly: what two readers could understand differently is refused."""

import json
import re
from collections.abc import Iterator
from typing import Any

from hub.web.api.problems import Problem

LARGEST = 1024 * 1024  # bytes
DEEPEST = 64
MOST_NODES = 10_000
_LARGEST_INT = 2**63
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_BRACKET = re.compile(r"[\[\]{}]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class _Unfit(ValueError):
    """The argument ends the sentence that refuses the body."""


def read_json(raw: bytes, content_type: str) -> Any:
    """The document in a request's body. Raises Problem: not-json, too-large or bad-json."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise Problem("not-json", "Send the body with Content-Type: application/json.")
    if len(raw) > LARGEST:
        raise Problem("too-large", "The body has more than 1 MiB. Send less at once.")
    try:
        return _parse(raw)
    except _Unfit as unfit:
        raise Problem("bad-json", f"{unfit} Correct the body.") from None


def _parse(raw: bytes) -> Any:
    try:
        text = raw.decode("utf-8")
        _measure(text)
        found = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_whole,
            parse_float=_decimal,
        )
    except UnicodeDecodeError:
        raise _Unfit("It is not UTF-8.") from None
    except json.JSONDecodeError as error:
        words = f"It is not JSON: line {error.lineno}, column {error.colno}."
        raise _Unfit(words) from None
    for count, value in enumerate(_nodes(found), 1):
        if count > MOST_NODES:
            raise _Unfit(f"It has more than {MOST_NODES} values.")
        if isinstance(value, str):
            _plain(value)
    return found


def _measure(text: str) -> None:
    """Depth is bounded before the parser, which would recurse, sees the text."""
    depth = 0
    for bracket in _BRACKET.findall(_TEXT.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > DEEPEST:
            raise _Unfit(f"It is nested more than {DEEPEST} deep.")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Unfit("An object has the same name twice.")
    return found


def _constant(word: str) -> Any:
    raise _Unfit(f"{word} is not a JSON number.")


def _whole(digits: str) -> int:
    if len(digits) > 20 or not -_LARGEST_INT <= (value := int(digits)) < _LARGEST_INT:
        raise _Unfit("A whole number does not fit 64 bits.")
    return value


def _decimal(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise _Unfit("A number is too large.")
    return value


def _nodes(found: Any) -> Iterator[Any]:
    waiting = [found]
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, dict):
            waiting.extend(value.values())
            yield from value
        elif isinstance(value, list):
            waiting.extend(value)


def _plain(text: str) -> None:
    if "\x00" in text:
        raise _Unfit("A text holds the character NUL.")
    if _SURROGATE.search(text):
        raise _Unfit("A text holds half of a surrogate pair.")

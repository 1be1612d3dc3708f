"""Reading a body strictly: what two readers could understand differently is refused."""

import re
from collections.abc import Iterator
from typing import Any

from werkzeug.http import parse_options_header

from hub.contract import strict
from hub.contract.strict import DEEPEST, MOST_NODES
from hub.web.api.problems import Problem

__all__ = ["DEEPEST", "LARGEST", "MOST_NODES", "read_json"]

LARGEST = 1024 * 1024  # bytes
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_json(raw: bytes, content_type: str) -> Any:
    """The document in a request's body. Raises Problem: not-json, too-large or bad-json."""
    kind, options = parse_options_header(content_type)
    if kind.strip().lower() != "application/json":
        raise Problem("not-json", "Send the body with Content-Type: application/json.")
    if options.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise Problem("not-json", "JSON is UTF-8: leave the charset out.")
    if len(raw) > LARGEST:
        raise Problem("too-large", "The body has more than 1 MiB. Send less at once.")
    try:
        found = strict.read(raw)
        if b"\\u" in raw:
            _insist_on_whole_texts(found)
    except strict.Unreadable as unfit:
        raise Problem("bad-json", f"{unfit} Correct the body.") from None
    return found


def _insist_on_whole_texts(found: Any) -> None:
    """No text column takes NUL or half a pair; only an escape can have brought one."""
    for value in _nodes(found):
        if not isinstance(value, str):
            continue
        if "\x00" in value:
            raise strict.Unreadable("A text holds the character NUL.")
        if _SURROGATE.search(value):
            raise strict.Unreadable("A text holds half of a surrogate pair.")


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

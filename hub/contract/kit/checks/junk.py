"""Bodies that are genuine and make no sense: read, refused in words, and never a crash."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from hub.contract import Ignored, Pull, Request
from hub.contract.errors import Refused
from hub.contract.events import Event, faults_of
from hub.contract.kit.bench import Bench, Door, accepts, insist
from hub.contract.kit.checks.conditions import can_sign, has_door
from hub.contract.kit.score import check
from hub.contract.outcomes import Receipt, Reply

LONGEST = 1.0  # seconds of processor time for one body
_BODIES = (
    b"",
    b"null",
    b"true",
    b"[]",
    b"{}",
    b"[null]",
    b"[[]]",
    b'""',
    b"0",
    b"{",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"NaN",
    b'{"id":NaN}',
    b'{"id":Infinity}',
    b'{"id":"\\ud800"}',
    b'{"id":"\\u0000"}',
    b"\xff\xfe\x00",
    b'{"id":"\xe9"}',
    b"\xef\xbb\xbf{}",
    b"9" * 100_000,
    b'{"id":' + b"9" * 100_000 + b"}",
    b'{"id":1e999}',
    b"a=1&b=2",
    b"<xml/>",
)
_WRONG: tuple[Any, ...] = (None, True, [], {}, "", "x" * 5_000, -1, 1.5, 10**30, [None], {"a": []})
_STATES = ("", "sent", "delivered", "read", "failed", "expired")


@check("junk-bodies", "A body that makes no sense is refused in words, quickly", has_door)
def bodies(bench: Bench) -> None:
    """Empty, not JSON, deeply nested, not UTF-8, numbers beyond measure."""
    for door, request in bench.genuine():
        for body in _BODIES:
            _read(door, replace(request, body=body), f"the body {body[:20]!r}")


@check("junk-fields", "A delivery with a field of the wrong type is read or refused", has_door)
def fields(bench: Bench) -> None:
    """Each field of a genuine delivery, two levels deep, replaced by eleven wrong values."""
    for door, request in bench.genuine():
        document = _json(request.body)
        for path, spoilt in _spoilt(document):
            body = json.dumps(spoilt).encode()
            _read(door, replace(request, body=body), f"a wrong «{path}»")


@check("junk-signed", "A signed body that makes no sense raises nothing but Rejected", can_sign)
def signed(bench: Bench) -> None:
    """Verify and dedupe meet the junk too, with a valid signature."""
    sign: Callable[[bytes], Request] = getattr(bench.simulator, "sign")  # noqa: B009
    for body in _BODIES:
        request = sign(body)
        for door in bench.doors():
            if accepts(door, request, bench.secrets):
                _read(door, request, f"the signed body {body[:20]!r}")
                insist(door.dedupe(request), f"dedupe gives no name for the body {body[:20]!r}.")


def _read(door: Door, request: Request, what: str) -> None:
    began = time.thread_time()
    try:
        read = door.read(request)
    except (ValueError, Refused) as error:
        read = ()
        insist(str(error).strip(), f"The {door.name} refused {what} without a word.")
        insist(not isinstance(error, UnicodeError), f"{what}: UnicodeError is no sentence.")
    except Exception as error:
        kind = type(error).__name__
        raise AssertionError(f"The {door.name} met {what} with {kind}: {error!s:.100}") from error
    spent = time.thread_time() - began
    insist(spent < LONGEST, f"The {door.name} took {spent:.1f} s over {what}.")
    _check_kept(door, read, what)


def _check_kept(door: Door, read: Any, what: str) -> None:
    if isinstance(read, Ignored | Pull):
        return
    values = [*read[0], *read[1]] if door.name == "carrier" and read else read
    for value in values:
        fault = _fault(value)
        insist(not fault, f"The {door.name} made of {what} something that breaks the law: {fault}")


def _fault(value: Any) -> str:
    if isinstance(value, Event):
        return _event_fault(value)
    if isinstance(value, Receipt):
        naive = value.at is not None and value.at.tzinfo is None
        unknown = value.state not in _STATES
        return "its time has no zone." if naive else f"state «{value.state}»." if unknown else ""
    return "" if isinstance(value, Reply) else f"a {type(value).__name__}."


def _event_fault(event: Event) -> str:
    try:
        faults = faults_of(event)
    except (TypeError, ValueError) as error:
        return f"{event.type}: {error!s:.100}"
    texts = vars(event.person) | {"key": event.key, "subject": event.subject, "cart": event.cart}
    plain = {k: v for k, v in texts.items() if k not in ("consent", "look_up")}
    odd = [k for k, v in plain.items() if not isinstance(v, str)]
    return " ".join((*faults, *(f"«{name}» is no text." for name in odd)))


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
        for path, spoilt in _spoilt(inner, below):
            yield f"{name}.{path}", _replaced(document, name, spoilt)


def _replaced(document: Any, name: Any, value: Any) -> Any:
    if isinstance(document, dict):
        return {**document, name: value}
    return [value, *document[1:]]

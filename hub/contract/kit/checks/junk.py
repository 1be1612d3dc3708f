"""Bodies that are genuine and make no sense: read, refused in words, and never a crash."""

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from hub.contract import Ignored, Pull, Request
from hub.contract.errors import Refused
from hub.contract.events import Event, faults_of
from hub.contract.kit.bench import Bench, Door, accepts, insist
from hub.contract.kit.checks.conditions import can_be_read, can_sign
from hub.contract.kit.checks.spoiling import spoilt, unlike
from hub.contract.kit.reading import readable
from hub.contract.kit.score import check
from hub.contract.outcomes import Receipt, Reply

LONGEST = 1.0  # seconds of processor time for one body
BODIES = (
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
_STATES = ("", "sent", "delivered", "read", "failed", "expired")


@check("junk-bodies", "A body that makes no sense is refused in words, quickly", can_be_read)
def bodies(bench: Bench) -> None:
    """Empty, not JSON, deeply nested, not UTF-8, numbers beyond measure."""
    with _uncollected():
        for door, request in readable(bench, 1):
            for body in BODIES:
                _read(door, replace(request, body=body), f"the body {body[:20]!r}")


@check("junk-fields", "A delivery with a field of the wrong type is read or refused", can_be_read)
def fields(bench: Bench) -> None:
    """Each field of a genuine delivery, two levels deep, replaced by eleven wrong values; a field
    that many deliveries share is spoilt in two of them."""
    shared: Counter[tuple[str, str]] = Counter()
    for door, request in unlike(readable(bench, 1)):
        known = {path for (name, path), count in shared.items() if name == door.name and count > 1}
        paths = set()
        for path, body in spoilt(request.body, known):
            paths.add((door.name, path))
            _read(door, replace(request, body=body), f"a wrong «{path}»")
        shared.update(paths)


@check("junk-signed", "A signed body that makes no sense raises nothing but Rejected", can_sign)
def signed(bench: Bench) -> None:
    """Verify and dedupe meet the junk too, with a valid signature."""
    sign: Callable[[bytes], Request] = getattr(bench.simulator, "sign")  # noqa: B009
    with _uncollected():
        for body in BODIES:
            request = sign(body)
            for door in bench.doors():
                if accepts(door, request, bench.secrets):
                    what = f"the signed body {body[:20]!r}"
                    _read(door, request, what)
                    insist(door.dedupe(request), f"dedupe gives no name for {what}.")


@contextmanager
def _uncollected() -> Iterator[None]:
    """No garbage is collected: at the bottom of a deep nesting a finalizer has no room to run, and
    Python complains of that, not of the connector."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


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

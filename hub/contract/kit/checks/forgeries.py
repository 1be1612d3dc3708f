"""What does not come from the vendor is Rejected, and nothing else is ever raised."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from hub.contract import RECEIVED_AT, Request, utc_now
from hub.contract.kit.bench import Bench, Door, accepts, insist
from hub.contract.kit.checks.conditions import (
    has_door,
    has_signature,
    has_window,
    is_signed,
    signs_bodies,
)
from hub.contract.kit.score import check

_EVERY = 400
_STRANGE = ("", "é", "å\x90\x8d", "\x00", "a\x00b", "=", "%", "sha256=", "x" * 100_000, " ")


@check("verify-tampered", "A body with any one byte changed is rejected", signs_bodies)
def tampered(bench: Bench) -> None:
    """Every position up to 400, then a sample; and bodies cut short or drawn out.

    Not for a doorbell, nor where a key in the address is all the vendor can give.
    """
    for door, request in _signed(bench):
        if not is_signed(request):
            continue
        for changed in _changed_bodies(request.body):
            ok = not accepts(door, replace(request, body=changed), bench.secrets)
            insist(ok, f"The {door.name} accepts a body that was changed after it was signed.")


@check(
    "verify-signature", "A signature removed, cut, emptied or altered is rejected", has_signature
)
def signature(bench: Bench) -> None:
    """The header that carries it is found by altering each one; then the address is tried."""
    for door, request in _signed(bench):
        bearing = _bearing(bench, door, request)
        by_address = not bearing and not accepts(door, _at_another(request), bench.secrets)
        insist(bearing or by_address, f"Nothing of the {door.name}'s delivery matters to verify.")
        for name in bearing:
            for forged in _forged(request, name):
                ok = not accepts(door, forged, bench.secrets)
                insist(ok, f"The {door.name} accepts a delivery whose «{name}» was spoilt.")


@check(
    "verify-secret",
    "A delivery is rejected when the secret is another, empty or missing",
    has_signature,
)
def secret(bench: Bench) -> None:
    """An empty secret must close the door, not open it to everyone."""
    for door, request in _signed(bench):
        own = bench.secrets
        others: tuple[dict[str, str], ...] = (
            {},
            dict.fromkeys(own, ""),
            {k: f"{v}x" for k, v in own.items()},
        )
        for secrets in others:
            ok = not accepts(door, request, secrets)
            insist(ok, f"The {door.name} accepts a delivery without knowing the right secret.")


@check("verify-stale", "A delivery signed an hour ago, or an hour ahead, is rejected", has_window)
def stale(bench: Bench) -> None:
    """By the hub's own clock at receipt; without that clock nothing can be told, so it is shut."""
    for door, request in _signed(bench):
        if not any("timestamp" in name for name in request.headers):
            continue
        for hours in (-1, 1):
            came = (utc_now() + timedelta(hours=hours)).isoformat()
            ok = not accepts(door, _with(request, RECEIVED_AT, came), bench.secrets)
            insist(ok, f"The {door.name} accepts a delivery that is {hours} hours off.")
        timeless = _with(request, RECEIVED_AT, "")
        shut = not accepts(door, timeless, bench.secrets)
        insist(shut, f"The {door.name} accepts a delivery of which nobody knows when it came.")


@check("verify-strange", "Strange headers, methods and bodies raise nothing but Rejected", has_door)
def strange(bench: Bench) -> None:
    """Non-ASCII, NUL, huge and missing values: a stranger's request must never be a 500."""
    for door, request in bench.genuine():
        for odd in _odd(request):
            accepts(door, odd, bench.secrets)
            _greeted(bench, odd)


def _odd(request: Request) -> Iterator[Request]:
    for name in request.headers:
        for value in _STRANGE:
            yield _with(request, name, value)
    for body in (b"", b"\x00", b"\xff\xfe", b"null", b"[" * 100_000, b"x" * 1_100_000):
        yield replace(request, body=body)
        yield replace(request, body=body, headers={})
    for method in ("GET", "", "PÖST"):
        yield replace(request, method=method)


def _greeted(bench: Bench, request: Request) -> None:
    try:
        bench.greets(request)
    except Exception as error:  # a handshake is read before anything is verified
        raise AssertionError(
            f"greet raised {type(error).__name__} on a strange request."
        ) from error


def _signed(bench: Bench) -> list[tuple[Door, Request]]:
    found = bench.genuine()
    return [
        (door, request)
        for door, request in found
        if door.name != "carrier" or not accepts(door, request, {})
    ]


def _changed_bodies(body: bytes) -> Iterator[bytes]:
    step = max((len(body) - _EVERY) // 200, 1)
    for at in (*range(min(len(body), _EVERY)), *range(_EVERY, len(body), step)):
        yield body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :]
    yield body + b" "
    yield body + b"\x00"
    yield body[:-1]
    yield b""


def _at_another(request: Request) -> Request:
    # Each value of the query spoilt: a vendor that signs nothing may carry our secret there.
    query = {name: f"{value[1:]}x" for name, value in request.query.items()}
    url = request.url.partition("?")[0]
    return replace(request, query=query, url=f"{url}?{urlencode(query)}" if query else url)


def _bearing(bench: Bench, door: Door, request: Request) -> list[str]:
    spoilt = {
        name: _with(request, name, ("B" if value[:1] == "A" else "A") + value[1:])
        for name, value in request.headers.items()
    }
    return [name for name, forged in spoilt.items() if not accepts(door, forged, bench.secrets)]


def _forged(request: Request, name: str) -> Iterator[Request]:
    value = request.headers[name]
    yield replace(request, headers={k: v for k, v in request.headers.items() if k != name})
    for other in ("", value[:-5], value[:1], value[1:], value[::-1], "é" + value[1:]):
        yield _with(request, name, other)


def _with(request: Request, name: str, value: str) -> Request:
    return replace(request, headers={**request.headers, name: value})

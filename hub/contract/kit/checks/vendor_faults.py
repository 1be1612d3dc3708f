"""The vendor misbehaves: each fault becomes the one error the hub knows how to act on."""

from collections.abc import Iterator
from contextlib import contextmanager

from hub.contract import Context
from hub.contract.errors import AuthLost, ConnectorError, Throttled, Unavailable
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.calls import Call, calls, hasty, send
from hub.contract.kit.checks.conditions import has_carrier
from hub.contract.kit.score import check
from hub.contract.outcomes import Unknown

_WAIT = 7.0


@check("fault-429", "A 429 becomes Throttled, with the wait the vendor asked for")
def too_many(bench: Bench) -> None:
    """So that the hub waits as long as it is told, and no longer."""
    for name, call in _all(bench).items():
        with _fault(bench, "429", _WAIT):
            error = _raised(name, call, bench.ctx, Throttled)
        waited = error.retry_after if isinstance(error, Throttled) else 0
        insist(waited == _WAIT, f"{name} waits {waited} s where the vendor asked {_WAIT}.")


@check("fault-401", "A 401 becomes AuthLost")
def credentials_lost(bench: Bench) -> None:
    """A person must reconnect; trying again is no use."""
    for name, call in _all(bench).items():
        with _fault(bench, "401"):
            _raised(name, call, bench.ctx, AuthLost)


@check("fault-500", "A 500 and an HTML error page become Unavailable")
def broken(bench: Bench) -> None:
    """The hub tries again later."""
    for kind in ("500", "html"):
        _all_unavailable(bench, kind, bench.ctx)


@check("fault-lost", "A lost answer and an answer past the deadline become Unavailable")
def lost(bench: Bench) -> None:
    """It may have been done: `reached` stays True."""
    _all_unavailable(bench, "lost", bench.ctx)
    _all_unavailable(bench, "slow", hasty(bench))


@check("fault-garbage", "A 200 that cannot be read becomes Unavailable")
def garbage(bench: Bench) -> None:
    """A captive portal or a proxy answers 200 with a page of its own."""
    _all_unavailable(bench, "garbage", bench.ctx)


@check("fault-refused", "A refused connection is Unavailable, and known to have done nothing")
def refused(bench: Bench) -> None:
    """Only with proof that no byte was taken is `reached` False."""
    for name, call in _all(bench).items():
        error = _raised(name, call, bench.deaf, Unavailable)
        proven = isinstance(error, Unavailable) and not error.reached
        insist(proven, f"{name} does not say that a refused connection did nothing.")


@check(
    "send-doubt", "A send in doubt is answered Unknown for each message, not raised", has_carrier
)
def doubt(bench: Bench) -> None:
    """A 500, a lost or late or unreadable answer: the message may have gone out."""
    for kind in ("500", "html", "500_after", "lost", "lost_after", "garbage", "slow"):
        ctx = hasty(bench) if kind == "slow" else bench.ctx
        with _fault(bench, kind):
            results = _send_in_doubt(bench, kind, ctx)
        doubtful = len(results) == 2 and all(isinstance(r, Unknown) for r in results)
        insist(doubtful, f"send after «{kind}» answered {list(results)!r:.200}.")


def _send_in_doubt(bench: Bench, kind: str, ctx: Context) -> list[object]:
    try:
        return list(send(bench, ctx))
    except ConnectorError as error:
        said = type(error).__name__
        raise AssertionError(f"send raised {said} after «{kind}»; answer Unknown.") from error


def _all(bench: Bench) -> dict[str, Call]:
    found = calls(bench)
    if bench.connector.carrier:
        found["send"] = lambda ctx: send(bench, ctx)
    return found


def _all_unavailable(bench: Bench, kind: str, ctx: Context) -> None:
    for name, call in calls(bench).items():
        with _fault(bench, kind):
            error = _raised(name, call, ctx, Unavailable, f" after «{kind}»")
        insist(getattr(error, "reached", True), f"{name} says that «{kind}» did surely nothing.")


@contextmanager
def _fault(bench: Bench, kind: str, seconds: float = 1.0) -> Iterator[None]:
    faults = bench.simulator.faults
    faults.plan(kind, times=100, seconds=seconds)
    try:
        yield
    finally:
        faults.clear()


def _raised(
    name: str, call: Call, ctx: Context, wanted: type[ConnectorError], when: str = ""
) -> ConnectorError:
    try:
        call(ctx)
    except wanted as error:
        insist(error.words.strip(), f"{name} raised {wanted.__name__} without a word.")
        return error
    except ConnectorError as error:
        kind = type(error).__name__
        raise AssertionError(f"{name} raised {kind}, not {wanted.__name__}{when}.") from error
    except Exception as error:
        kind = type(error).__name__
        raise AssertionError(f"{name} raised {kind}{when}: {error!s:.120}") from error
    raise AssertionError(f"{name} did not raise {wanted.__name__}{when}.")

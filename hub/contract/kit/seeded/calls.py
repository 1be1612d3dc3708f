"""Faults of every call to the vendor: errors misread, credentials not tried, secrets told."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from hub.contract import Account, Connector, Context
from hub.contract.errors import AuthLost, ConnectorError, Refused, Throttled, Unavailable
from hub.contract.kit.mutants import Seeded

Misread = Callable[[ConnectorError, Context], ConnectorError]
_PARTS = (
    *(("webhook", "subscribe"), ("poll", "pull"), ("target", "write")),
    *(("carrier", "send"), ("coupons", "mint")),
)

_log = logging.getLogger(__name__)


def seeded(connector: Connector) -> Iterator[Seeded]:
    """Each error misread in every call, then what is wrong with a check."""
    for name, laws, misread in _MISREAD:
        yield Seeded(f"calls: {name}", laws, _all(connector, misread))
    for name, laws, wrap in _CHECKING:
        yield Seeded(f"check: {name}", laws, replace(connector, check=wrap(connector.check)))


def _all(connector: Connector, misread: Misread) -> Connector:
    faulty = replace(connector, check=_misreading(connector.check, misread))
    if connector.enrich:
        faulty = replace(faulty, enrich=_misreading(connector.enrich, misread))
    for part, name in _PARTS:
        holder = getattr(connector, part)
        call = getattr(holder, name) if holder else None
        if call:
            spoilt: dict[str, Any] = {name: _misreading(call, misread)}
            faulty = replace(faulty, **{part: replace(holder, **spoilt)})
    return faulty


def _misreading(call: Any, misread: Misread) -> Any:
    def called(ctx: Context, *more: Any) -> Any:
        try:
            return call(ctx, *more)
        except ConnectorError as error:
            raise misread(error, ctx) from None

    return called


def _instead(kind: type[ConnectorError], told: Callable[[str], ConnectorError]) -> Misread:
    return lambda error, ctx: told(error.words) if isinstance(error, kind) else error


def _impatient(error: ConnectorError, ctx: Context) -> ConnectorError:
    return Throttled(error.words, retry_after=1.0) if isinstance(error, Throttled) else error


def _reached(always: bool) -> Misread:
    def misread(error: ConnectorError, ctx: Context) -> ConnectorError:
        lost = isinstance(error, Unavailable)
        return Unavailable(error.words, reached=always) if lost else error

    return misread


def _telling(error: ConnectorError, ctx: Context) -> ConnectorError:
    error.words += f" The key was {max(ctx.secrets.values(), key=len)}."
    return error


def _speechless(error: ConnectorError, ctx: Context) -> ConnectorError:
    error.words = ""
    return error


def _aloud(check: Any) -> Any:
    def checked(ctx: Context) -> Account:
        _log.debug("checking with %s", dict(ctx.secrets))
        found: Account = check(ctx)
        return found

    return checked


def _nameless(check: Any) -> Any:
    return lambda ctx: replace(check(ctx), label="")


_MISREAD: tuple[tuple[str, tuple[str, ...], Misread], ...] = (
    ("a 429 is taken for a breakdown", ("fault-429",), _instead(Throttled, Unavailable)),
    ("a 429 is tried again at once", ("fault-429",), _impatient),
    ("a 401 is taken for a breakdown", ("fault-401",), _instead(AuthLost, Unavailable)),
    ("a breakdown is taken for a no", ("fault-500",), _instead(Unavailable, Refused)),
    ("a breakdown is taken for a lost sign-in", ("fault-500",), _instead(Unavailable, AuthLost)),
    ("what may have been done is called undone", ("fault-lost",), _reached(False)),
    ("what was surely not done is called doubtful", ("fault-refused",), _reached(True)),
    ("an error names a secret", ("quiet-logs",), _telling),
    ("an error has no words", ("fault-401",), _speechless),
)
_CHECKING: tuple[tuple[str, tuple[str, ...], Callable[[Any], Any]], ...] = (
    ("the vendor is not asked", ("credentials-wrong",), lambda _: lambda ctx: Account("All well")),
    ("the account has no name", ("credentials-good",), _nameless),
    ("secrets are logged", ("quiet-logs",), _aloud),
)

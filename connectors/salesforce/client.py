"""Salesforce's REST API as verbs, through `simple-salesforce`. All HTTP is here.

Several reads or writes travel in one composite request, which counts as one call.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError

from hub.contract import AuthLost, ConnectorError, Context, Refused, Unavailable
from hub.contract.http import translated

from . import columns
from .documents import is_on
from .errors import VENDOR, error_of, missing_column, told
from .soql import Query
from .transport import Transport, base_of

SHARED = 5  # at most so many queries and collections share one composite request
FULL = 200  # records in a collection

_NO_TABLE = "INVALID_TYPE"
_DATE = re.compile(r"[A-Z][a-z]{2}, [0-3]\d [A-Z][a-z]{2} \d{4} [0-2]\d:[0-5]\d:[0-5]\d GMT")

Row = dict[str, Any]


@dataclass(frozen=True)
class Rows:
    """What a query gave; `whole` is False where Salesforce holds more of it."""

    rows: tuple[Row, ...]
    whole: bool = True


@dataclass(frozen=True)
class Collection:
    """Up to 200 records to change in one go: `key` names the external id field of an upsert."""

    records: Sequence[Mapping[str, Any]]
    table: str = ""
    key: str = ""

    @property
    def path(self) -> str:
        """Where it is sent, below the version."""
        return f"composite/sobjects/{self.table}/{self.key}" if self.key else "composite/sobjects"

    @property
    def body(self) -> Row:
        """The document sent."""
        return {"allOrNone": False, "records": list(self.records)}


@dataclass
class Org:
    """A signed-in session for one call of the hub's. `at` is Salesforce's own clock, `used` the
    share of the day's calls that are spent, both as the last answer told; `missing` the field that
    the last refusal was about."""

    ctx: Context
    sf: Any
    transport: Transport
    at: datetime
    used: float = 0.0
    missing: str = ""

    def ask(self, call: Callable[[], Any]) -> Any:
        """Run one of the package's calls. Raises the listed errors."""
        failed: ConnectorError | None = None
        found: Any = None
        self.missing = ""
        try:
            with translated(VENDOR):
                found = call()
        except SalesforceError as error:
            last = self.transport.last
            failed = error_of(error.status, error.content, None if last is None else last.headers)
            self.missing = missing_column(error.content)
        except (Unavailable, AuthLost) as error:
            failed = error
        except (KeyError, TypeError, AttributeError):
            failed = Unavailable("Salesforce answered in a form that cannot be read.")
        self._note()
        if failed:
            # Raised apart from its cause, which holds the whole address and answer.
            raise failed
        return found

    def _note(self) -> None:
        last = self.transport.last
        if last is None:
            return
        # Whoever passes an answer on may put a date of its own before the org's.
        dates = _DATE.findall(last.headers.get("Date", ""))
        self.at = parsedate_to_datetime(dates[-1]).astimezone(UTC) if dates else self.ctx.clock()
        usage = getattr(self.sf, "api_usage", {}).get("api-usage")
        self.used = usage.used / usage.total if usage and usage.total else 0.0


@contextmanager
def signed_in(ctx: Context) -> Iterator[Org]:
    """The org, with the token the hub holds. Raises AuthLost where there is none."""
    token = ctx.secrets.get("access_token", "")
    if not token:
        raise AuthLost("There is no token for Salesforce. Sign in again.")
    base = base_of(ctx.settings, ctx.secrets)
    with Transport(ctx, base) as transport:
        sf = Salesforce(
            session_id=token, instance_url=base, session=transport, version=version(ctx.settings)
        )
        yield Org(ctx, sf, transport, ctx.clock())


def version(settings: Mapping[str, str]) -> str:
    """The API's version, such as 64.0. Raises Refused."""
    typed = settings.get("api_version", "").strip().lstrip("v") or "64.0"
    whole, _, part = typed.partition(".")
    if not (whole.isdigit() and whole.isascii() and len(whole) < 4 and part in ("", "0")):
        raise Refused("The API version must be a number such as 64.0.")
    return f"{whole}.0"


def describe(org: Org, table: str) -> dict[str, Row] | None:
    """An object's fields by name in small letters; None where the org has no such object."""
    try:
        found = org.ask(lambda: org.sf.restful(f"sobjects/{table}/describe"))
    except Refused as error:
        if error.code in ("NOT_FOUND", "404"):
            return None
        raise
    rows = found.get("fields") if isinstance(found, Mapping) else None
    if not isinstance(rows, list):
        raise Unavailable("Salesforce described an object in a form that cannot be read.")
    return {str(row.get("name", "")).casefold(): row for row in rows if isinstance(row, dict)}


def limits(org: Org) -> tuple[int, int] | None:
    """Calls left and calls in all for 24 hours; None where the user may not see them."""
    try:
        found = org.ask(org.sf.limits)
    except Refused:
        return None
    daily = found.get("DailyApiRequests") if isinstance(found, Mapping) else None
    if not isinstance(daily, Mapping):
        return None
    left, most = daily.get("Remaining"), daily.get("Max")
    return (left, most) if isinstance(left, int) and isinstance(most, int) else None


def read(org: Org, queries: Sequence[Query]) -> list[Rows]:
    """The queries' answers in their order, five to a call; fields the org lacks are left out
    where the query says that they may be. Raises the listed errors."""
    found: list[Rows] = []
    for at in range(0, len(queries), SHARED):
        found += _read(org, queries[at : at + SHARED])
    return found


def change(org: Org, collections: Sequence[Collection]) -> list[list[Row]]:
    """Each collection's answers, one per record in its order, all in one call."""
    steps = [("PATCH", one.path, one.body) for one in collections]
    answers = _run(org, steps)
    found = []
    for one, (status, body) in zip(collections, answers, strict=True):
        if status >= 300:
            raise error_of(status, body)
        if not isinstance(body, list) or len(body) != len(one.records):
            raise Unavailable("Salesforce answered a collection in a form that cannot be read.")
        found.append([row if isinstance(row, dict) else {} for row in body])
    return found


Step = tuple[str, str, Any]


def _read(org: Org, queries: Sequence[Query]) -> list[Rows]:
    found: dict[int, Rows] = {}
    for _ in range(8):  # each answer names one missing field at most
        asked = [at for at in range(len(queries)) if at not in found]
        steps = [
            ("GET", _path(columns.bare(org.sf.sf_instance, queries[at], org.ctx.clock())), None)
            for at in asked
        ]
        for at, (status, body) in zip(asked, _run(org, steps), strict=True):
            rows = _rows(org, queries[at], status, body)
            if rows is not None:
                found[at] = rows
        if len(found) == len(queries):
            return [found[at] for at in range(len(queries))]
    raise Unavailable("Salesforce goes on naming fields that it does not have.")


def _rows(org: Org, query: Query, status: int, body: Any) -> Rows | None:
    """The rows of an answer; None where a field was missing that may be, so ask again.

    An object that the org does not have, or that the user may not see, has no rows and must not
    keep the others from being read; `check` says that it lacks.
    """
    if status >= 300:
        column = missing_column(body)
        if column and column.casefold() in {columns.last(one) for one in query.optional}:
            columns.remember(org.sf.sf_instance, query.table, column, org.ctx.clock())
            return None
        if told(body)[0] == _NO_TABLE:
            return Rows(())
        raise error_of(status, body)
    if not isinstance(body, Mapping) or not isinstance(body.get("records"), list):
        raise Unavailable("Salesforce answered a query in a form that cannot be read.")
    rows = tuple(row for row in body["records"] if isinstance(row, dict))
    return Rows(rows, body.get("done") is not False)


def _bare(org: Org, query: Query) -> Query:
    return columns.bare(org.sf.sf_instance, query, org.ctx.clock())


def _path(query: Query) -> str:
    return f"{'queryAll' if query.deleted else 'query'}/?{urlencode({'q': str(query)})}"


def _run(org: Org, steps: Sequence[Step]) -> list[tuple[int, Any]]:
    """Each step's status and body: one call for all of them, or one each."""
    alone = len(steps) == 1 or not is_on(org.ctx.settings.get("share_calls", "1"))
    if alone:
        return [_alone(org, *step) for step in steps]
    base = f"/services/data/v{org.sf.sf_version}/"
    listed = [
        {"method": method, "url": base + path, "referenceId": f"step{at}"}
        | ({} if body is None else {"body": body})
        for at, (method, path, body) in enumerate(steps)
    ]
    asked = {"allOrNone": False, "compositeRequest": listed}
    found = org.ask(lambda: org.sf.restful("composite", method="POST", json=asked))
    answers = found.get("compositeResponse") if isinstance(found, Mapping) else None
    if not isinstance(answers, list) or len(answers) != len(steps):
        raise Unavailable("Salesforce answered in a form that cannot be read.")
    return [(int(one.get("httpStatusCode", 500)), one.get("body")) for one in answers]


def _alone(org: Org, method: str, path: str, body: Any) -> tuple[int, Any]:
    try:
        found = org.ask(lambda: org.sf.restful(path, method=method, json=body))
    except Refused as error:
        if org.missing:
            words = f"No such column '{org.missing}'"
            return 400, [{"errorCode": "INVALID_FIELD", "message": words}]
        if error.code == _NO_TABLE:
            return 400, [{"errorCode": _NO_TABLE, "message": error.words}]
        raise
    return 200, [] if found is None else found

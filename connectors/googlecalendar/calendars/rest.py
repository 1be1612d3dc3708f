"""The vendor's HTTP: every request is checked against the description the client ships with."""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, quote
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract.kit.discovery import Discovery
from hub.contract.kit.sign_in import SignIn

from .bell import Bell
from .listing import Listings
from .memory import Calendar, Memory, Row
from .refusals import Refusal

BASE = "/calendar/v3/"
_WRITES = ("patch", "insert", "update", "delete", "move", "import", "quickAdd")
Query = dict[str, str]


@lru_cache(maxsize=1)
def description() -> Discovery:
    """The API's own description, from the client's package."""
    path = files("googleapiclient") / "discovery_cache" / "documents" / "calendar.v3.json"
    return Discovery.read(path)


@dataclass
class Rest:
    """All doors. `scopes` are what was granted; `per_minute` the quota, 0 for none; `calls`
    counts what the quota counts; `invitations` the changes that wrote to guests."""

    memory: Memory
    listings: Listings
    bell: Bell
    sign_in: SignIn
    scopes: set[str] = field(default_factory=set)
    per_minute: int = 0
    calls: int = 0
    invitations: int = 0
    asked: list[str] = field(default_factory=list)
    _recent: deque[Any] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The consent page, the tokens, the API."""
        path, verb = environ.get("PATH_INFO", ""), environ["REQUEST_METHOD"]
        query = {k: v[0] for k, v in parse_qs(environ.get("QUERY_STRING", "")).items()}
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        match verb, path:
            case "GET", "/o/oauth2/v2/auth":
                status, page = self.sign_in.page(query)
                return _answer(start_response, status, page.encode(), "text/html; charset=utf-8")
            case "POST", "/token":
                status, told = self.sign_in.token(_form(body))
                return _json(start_response, status, told)
            case "POST", "/revoke":
                alive = self.sign_in.forget((_form(body) | query).get("token", ""))
                told = {} if alive else {"error": "invalid_token"}
                return _json(start_response, 200 if alive else 400, told)
        try:
            answer = self._api(environ, verb, path, body)
        except Refusal as refusal:
            headers = list(refusal.headers.items())
            return _json(start_response, refusal.status, refusal.document, headers)
        if answer is None:
            start_response("204 No Content", [("Content-Length", "0")])
            return [b""]
        return _json(start_response, 200, answer)

    def _api(self, environ: WSGIEnvironment, verb: str, path: str, body: bytes) -> Row | None:
        with self._lock:
            self.calls += 1
        token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        if not token or not self.sign_in.accepts(token):
            raise Refusal(401, "authError", "Invalid Credentials")
        self._count()
        raw = environ.get("REQUEST_URI", environ.get("RAW_URI", "")) or quote(path, safe="/")
        method, where = description().match(verb, raw.partition("?")[0], BASE)
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        given = _document(body) if body else None
        faults = description().check(method, where, query, given)
        if faults:
            status = 400 if method else 404
            raise Refusal(status, "invalid" if method else "notFound", " ".join(faults)[:300])
        self._check_scope(method)
        with self._lock:
            self.asked.append(method)
        asked = {name: values[0] for name, values in query.items()}
        return self._do(method, where, asked, given or {}, environ.get("HTTP_IF_MATCH", ""))

    def _do(self, method: str, where: Query, query: Query, given: Row, etag: str) -> Row | None:
        calendar = self._calendar(where, method)
        doors: Mapping[str, Callable[[], Row | None]] = {
            "calendar.calendarList.list": self._calendars,
            "calendar.calendars.get": lambda: _shown(calendar),
            "calendar.events.list": lambda: _selected(self.listings.page(calendar, query), query),
            "calendar.events.get": lambda: self._event(calendar, where),
            "calendar.events.instances": lambda: self._instances(calendar, where, query),
            "calendar.events.patch": lambda: self._patch(calendar, where, query, given, etag),
            "calendar.events.watch": lambda: self.bell.open(calendar.id, given),
            "calendar.channels.stop": lambda: self.bell.stop(given),
        }
        if method not in doors:
            raise Refusal(501, "notImplemented", f"{method} is not simulated.")
        return doors[method]()

    def _calendar(self, where: Query, method: str) -> Calendar:
        with self.memory.lock:
            try:
                calendar = self.memory.calendar(where.get("calendarId", "primary"))
            except KeyError:
                raise Refusal(404, "notFound", "Not Found") from None
        verb = method.rpartition(".")[2]
        if verb in _WRITES and calendar.role not in ("owner", "writer"):
            raise Refusal(
                403, "requiredAccessLevel", "You need to have writer access to this calendar."
            )
        return calendar

    def _event(self, calendar: Calendar, where: Query) -> Row:
        with self.memory.lock:
            try:
                return self.memory.event(calendar, where["eventId"])
            except KeyError:
                raise Refusal(404, "notFound", "Not Found") from None

    def _instances(self, calendar: Calendar, where: Query, query: Query) -> Row:
        with self.memory.lock:
            if where["eventId"] not in calendar.events:
                raise Refusal(404, "notFound", "Not Found")
            shown = list(self.memory.singles(calendar, where["eventId"]))
        return {"kind": "calendar#events", "items": shown[: int(query.get("maxResults", "250"))]}

    def _patch(self, calendar: Calendar, where: Query, query: Query, given: Row, etag: str) -> Row:
        with self.memory.lock:
            event = self._event(calendar, where)
            if etag not in ("", "*", event["etag"]):
                raise Refusal(412, "conditionNotMet", "Precondition Failed")
            if any(len(v or "") > 1024 for v in _properties(given)):
                raise Refusal(400, "invalid", "Extended property values are 1024 characters long.")
            if (
                query.get("sendUpdates", "none") != "none"
                or query.get("sendNotifications") == "true"
            ):
                self.invitations += 1
            return self.memory.change(calendar, where["eventId"], given)

    def _calendars(self) -> Row:
        with self.memory.lock:
            rows = [
                _shown(c) | {"accessRole": c.role, "primary": c.id == self.memory.owner}
                for c in self.memory.calendars.values()
            ]
        return {"kind": "calendar#calendarList", "items": rows}

    def _check_scope(self, method_id: str) -> None:
        method = description().method(method_id)
        if method and method.scopes and not self.scopes & set(method.scopes):
            said = "Request had insufficient authentication scopes."
            raise Refusal(403, "insufficientPermissions", said)

    def _count(self) -> None:
        if not self.per_minute:
            return
        now = self.memory.clock()
        with self._lock:
            while self._recent and self._recent[0] <= now - timedelta(minutes=1):
                self._recent.popleft()
            if len(self._recent) >= self.per_minute:
                raise Refusal(403, "rateLimitExceeded", "Rate Limit Exceeded")
            self._recent.append(now)


def _shown(calendar: Calendar) -> Row:
    return {"id": calendar.id, "summary": calendar.title, "timeZone": calendar.zone}


def _selected(answer: Row, query: Query) -> Row:
    wanted = query.get("fields", "")
    return {k: v for k, v in answer.items() if k in wanted.split(",")} if wanted else answer


def _properties(given: Row) -> list[str | None]:
    kinds = given.get("extendedProperties") or {}
    return [value for held in kinds.values() for value in (held or {}).values()]


def _document(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise Refusal(
            400, "parseError", "This API does not support parsing form-encoded input."
        ) from None


def _form(body: bytes) -> dict[str, str]:
    return {k: v[0] for k, v in parse_qs(body.decode("utf-8", "replace")).items()}


def _json(
    start: StartResponse, status: int, told: Any, headers: list[tuple[str, str]] | None = None
) -> list[bytes]:
    body = json.dumps(told, ensure_ascii=False).encode()
    return _answer(start, status, body, "application/json; charset=UTF-8", headers)


def _answer(
    start: StartResponse,
    status: int,
    body: bytes,
    kind: str,
    headers: list[tuple[str, str]] | None = None,
) -> list[bytes]:
    sized = [("Content-Type", kind), ("Content-Length", str(len(body)))]
    start(f"{status} Simulated", [*sized, *(headers or [])])
    return [body]

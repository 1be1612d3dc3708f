"""The vendor's HTTP: sign-in pages, and the Sheets API with every request judged against the
discovery document that ships with the vendor's client."""

import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from threading import RLock
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract import Clock
from hub.contract.kit.discovery import Discovery
from hub.contract.kit.sign_in import SignIn

from .errors import Wrong, bad_request, exhausted, forbidden, not_found, signed_out
from .rest import Spreadsheet, answer

_STATUS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden"} | {
    404: "Not Found",
    429: "Too Many Requests",
    501: "Not Implemented",
}


@lru_cache
def discovery() -> Discovery:
    """The Sheets API as the vendor describes it."""
    folder = files("googleapiclient") / "discovery_cache" / "documents"
    return Discovery.read(folder / "sheets.v4.json")


@dataclass
class Doors:
    """The doors of one book. `role` is how it is shared with us: writer, reader, or not at all;
    `per_minute` the quota of reads and of writes, 0 for none; `before_write` are run, one for each
    write that comes, as if somebody were faster."""

    book: Spreadsheet
    sign_in: SignIn
    clock: Clock
    lock: RLock
    role: str = "writer"
    scoped: bool = True
    per_minute: int = 0
    calls: int = 0
    before_write: deque[Callable[[], object]] = field(default_factory=deque)
    _spent: dict[str, deque[datetime]] = field(default_factory=dict)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = str(environ.get("REQUEST_URI") or environ.get("PATH_INFO", "")).partition("?")[0]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        if path in ("/authorize", "/token", "/revoke"):
            status, kind, said = self._signing(path, query, body)
        else:
            status, said = self._judged(environ, path, query, body)
            kind = "application/json; charset=UTF-8"
        headers = [("Content-Type", kind), ("Content-Length", str(len(said)))]
        start_response(f"{status} {_STATUS.get(status, 'Error')}", headers)
        return [said]

    def _signing(
        self, path: str, query: dict[str, list[str]], body: bytes
    ) -> tuple[int, str, bytes]:
        if path == "/authorize":
            status, page = self.sign_in.page({name: values[0] for name, values in query.items()})
            return status, "text/html", page.encode()
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        if path == "/token":
            status, found = self.sign_in.token(form)
            return status, "application/json", json.dumps(found).encode()
        given = form.get("token") or (query.get("token") or [""])[0]
        alive = self.sign_in.forget(given)
        return (200 if alive else 400), "application/json", b"{}"

    def _judged(
        self, environ: WSGIEnvironment, path: str, query: dict[str, list[str]], body: bytes
    ) -> tuple[int, bytes]:
        try:
            verb = str(environ["REQUEST_METHOD"])
            found = self._asked(verb, path, environ.get("HTTP_AUTHORIZATION", ""), query, body)
            return 200, json.dumps(found).encode()
        except Wrong as error:
            return error.code, json.dumps(error.document()).encode()

    def _asked(
        self, verb: str, path: str, signed: str, query: dict[str, list[str]], body: bytes
    ) -> Any:
        method, held = discovery().match(verb, path)
        if not method:
            raise not_found()
        document = _json(body)
        faults = discovery().check(method, held, query, document)
        if faults:
            raise bad_request(" ".join(faults))
        writes = verb != "GET"
        if writes and self.before_write:
            self.before_write.popleft()()
        with self.lock:
            self.calls += 1
            self._let_in(signed.removeprefix("Bearer ").strip(), writes)
            return answer(self.book, method, held, query, document)

    def _let_in(self, token: str, writes: bool) -> None:
        if not self.sign_in.accepts(token):
            raise signed_out()
        if not self.scoped:
            said = "Request had insufficient authentication scopes."
            raise forbidden(said, "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
        self._spend("Write" if writes else "Read")
        if not self.role or (writes and self.role != "writer"):
            raise forbidden()

    def _spend(self, kind: str) -> None:
        now, spent = self.clock(), self._spent.setdefault(kind, deque())
        while spent and spent[0] <= now - timedelta(minutes=1):
            spent.popleft()
        if self.per_minute and len(spent) >= self.per_minute:
            raise exhausted(kind)
        spent.append(now)


def _json(body: bytes) -> Any:
    if not body:
        return None
    try:
        return json.loads(body)
    except ValueError:
        raise bad_request("Invalid JSON payload received.") from None

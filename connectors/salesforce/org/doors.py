"""The org's HTTP: sign-in pages, tokens, and the REST API behind its session check."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract.kit.sign_in import SignIn

from .problems import Problem
from .rest import Rest

_API = "/services/data/v"


@dataclass
class Doors:
    """A WSGI application over the org. `forbidden` is a right the user has lost."""

    rest: Rest
    sign_in: SignIn
    forbidden: set[str] = field(default_factory=set)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "/")
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        status, kind, body = self._answer(environ, path, query, raw)
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        # The org's own clock, which need not be the machine's.
        now = self.rest.memory.clock().astimezone(UTC)
        headers.append(("Date", format_datetime(now, usegmt=True)))
        if path.startswith(_API):
            used = f"api-usage={self.rest.calls}/{self.rest.most}"
            headers.append(("Sforce-Limit-Info", used))
        start_response(f"{status} {HTTPStatus(status).phrase}", headers)
        return [body]

    def _answer(
        self, environ: WSGIEnvironment, path: str, query: Mapping[str, str], raw: bytes
    ) -> tuple[int, str, bytes]:
        method = environ["REQUEST_METHOD"]
        if path == "/services/oauth2/authorize":
            status, words = self.sign_in.page(query)
            return status, "text/html; charset=UTF-8", words.encode()
        form = dict(parse_qsl(raw.decode("utf-8", "replace"), keep_blank_values=True))
        if path == "/services/oauth2/token" and method == "POST":
            basic = _basic(environ.get("HTTP_AUTHORIZATION", ""))
            return _json(*self.sign_in.token(form, basic))
        if path == "/services/oauth2/revoke":
            self.sign_in.forget({**query, **form}.get("token", ""))
            return 200, "text/plain", b""
        return self._api(environ, path, query, raw)

    def _api(
        self, environ: WSGIEnvironment, path: str, query: Mapping[str, str], raw: bytes
    ) -> tuple[int, str, bytes]:
        try:
            self._admit(environ)
            below = path.removeprefix(_API).partition("/")[2] if path.startswith(_API) else ""
            body = _read(raw)
            status, found = self.rest.answer(environ["REQUEST_METHOD"], below, query, body)
        except Problem as problem:
            status, found = problem.status, problem.body
        with self.rest.memory.lock:
            return _json(status, found)

    def _admit(self, environ: WSGIEnvironment) -> None:
        token = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        if not self.sign_in.accepts(token):
            raise Problem("INVALID_SESSION_ID", "Session expired or invalid", 401)
        if "api" in self.forbidden:
            words = "The REST API is not enabled for this Organization."
            raise Problem("API_DISABLED_FOR_ORG", words, 403)
        if self.rest.calls >= self.rest.most:
            raise Problem("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403)
        self.rest.calls += 1


def _read(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw else None
    except ValueError:
        raise Problem("JSON_PARSER_ERROR", "Unexpected character", 400) from None


def _json(status: int, found: Any) -> tuple[int, str, bytes]:
    return status, "application/json;charset=UTF-8", json.dumps(found).encode()


def _basic(header: str) -> tuple[str, str]:
    kind, _, value = header.partition(" ")
    if kind.lower() != "basic":
        return "", ""
    name, _, secret = base64.b64decode(value).decode().partition(":")
    return name, secret

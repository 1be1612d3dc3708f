"""The shop's HTTP: what comes in is authenticated, routed and answered as WordPress does."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

from . import consent, rest, storefront
from .access import Access
from .memory import Memory, Problem
from .webhooks import Webhooks

_API = "/wp-json/wc/v3"


@dataclass(frozen=True)
class Doors:
    """A WSGI application over the shop's memory."""

    memory: Memory
    webhooks: Webhooks
    access: Access
    front: storefront.Storefront

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        path = environ.get("PATH_INFO", "/")
        raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        # PHP keeps the last of two parameters with one name; the vendor's package sends each twice.
        query = dict(parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True))
        status, headers, body = self._answer(environ, path, query, raw)
        headers = {"Content-Length": str(len(body)), **headers}
        start_response(f"{status} {HTTPStatus(status).phrase}", list(headers.items()))
        return [body]

    def _answer(
        self, environ: WSGIEnvironment, path: str, query: dict[str, str], raw: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        if path.startswith(_API):
            return self._api(environ, path, query, raw)
        return self._page(path, query)

    def _page(self, path: str, query: dict[str, str]) -> storefront.Page:
        if not path.startswith("/wc-auth/"):
            return self.front.visit(path, query)
        if path == "/wc-auth/v1/authorize":
            status, headers, words = consent.authorize(query)
        elif path == "/wc-auth/v1/access_granted":
            status, headers, words = consent.grant(query, self.access)
        else:
            status, headers, words = 404, storefront.HTML, ""
        return status, headers, words.encode()

    def _api(
        self, environ: WSGIEnvironment, path: str, query: dict[str, str], raw: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        more = {"Content-Type": "application/json; charset=UTF-8"}
        method = environ["REQUEST_METHOD"]
        url = f"{environ['wsgi.url_scheme']}://{environ.get('HTTP_HOST', '')}{path}"
        try:
            self.access.check(method, url, query, environ.get("HTTP_AUTHORIZATION", ""))
            call = rest.Call(self.memory, self.webhooks, (), query, _json(raw))
            status, headers, found = rest.answer(method, path.removeprefix(_API).strip("/"), call)
            return status, more | headers, self._dump(found)
        except Problem as problem:
            return problem.status, more, self._dump(problem.body)

    def _dump(self, found: Any) -> bytes:
        # Under the lock: another request must not change a document while it is written out.
        with self.memory.lock:
            return json.dumps(found, separators=(",", ":")).encode()


def _json(raw: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(raw) if raw else {}
    except ValueError:
        raise Problem("rest_invalid_json", "Invalid JSON body passed.", 400) from None
    return found if isinstance(found, dict) else {}

"""The bind's door: HTTP on loopback between the hub's workers and the process that holds the line.

`POST /messages` takes a batch and says of each message what the operator said. `GET
/messages/<reference>` tells what is known of one. `GET /line` tells how the line stands.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from wsgiref.types import WSGIApplication, WSGIEnvironment

from werkzeug.wrappers import Request, Response

from hub.contract import Found, Outgoing, Refusal, SendResult

from .documents import message_of, of_result

KEY = "X-Relais-Key"
MOST_MESSAGES = 200
_MOST_BYTES = 4 << 20
_LONGEST_WAIT = 60.0


class Closed(Exception):
    """The desk takes nothing now and has taken nothing; `status` and `code` are the answer's."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass(frozen=True)
class Call:
    """One batch: the messages, the seconds there are for them, where the hub wants to be told."""

    messages: Sequence[Outgoing]
    within: float
    hook_url: str


class Desk(Protocol):
    """What stands behind the door."""

    def key(self) -> str:
        """What whoever calls must know."""

    def take(self, call: Call) -> Sequence[SendResult]:
        """What became of each message. Raises Closed."""

    def find(self, reference: str) -> Found | None:
        """The message under a reference; None is proof that it was never taken. Raises Closed
        where nothing is proven."""

    def line(self) -> Mapping[str, Any]:
        """How the line stands: {"bound": true, "operator": "..."}. Raises Closed."""


def app(desk: Desk) -> WSGIApplication:
    """The door as a WSGI application."""

    def answer(environ: WSGIEnvironment, start_response: Any) -> Any:
        response = _answer(desk, Request(environ))
        return response(environ, start_response)

    return answer


def _answer(desk: Desk, asked: Request) -> Response:
    if not hmac.compare_digest(asked.headers.get(KEY, "").encode(), desk.key().encode()):
        return _json(401, {"code": "key"})
    if (asked.content_length or 0) > _MOST_BYTES:
        return _json(413, {"code": "size"})
    try:
        return _route(desk, asked)
    except Closed as closed:
        response = _json(closed.status, {"code": closed.code})
        if closed.status == 429:
            response.headers["Retry-After"] = "2"
        return response


def _route(desk: Desk, asked: Request) -> Response:
    head, _, reference = asked.path.removeprefix("/").partition("/")
    match asked.method, head:
        case "GET", "line":
            return _json(200, desk.line())
        case "POST", "messages":
            return _take(desk, asked)
        case "GET", "messages":
            found = desk.find(reference)
            return _json(200, vars(found)) if found else _json(404, {"code": "unknown"})
    return _json(405, {"code": "address"})


def _take(desk: Desk, asked: Request) -> Response:
    try:
        call = _call_of(json.loads(asked.get_data()))
    except (ValueError, KeyError, TypeError, RecursionError):
        return _json(400, {"code": "form"})
    results = desk.take(call)
    slow = [r for r in results if isinstance(r, Refusal) and r.code == "429"]
    if results and len(slow) == len(results):
        raise Closed(429, "throttled")
    return _json(200, {"results": [of_result(result) for result in results]})


def _call_of(document: Mapping[str, Any]) -> Call:
    messages = [message_of(one) for one in document["messages"]]
    if len(messages) > MOST_MESSAGES:
        raise ValueError("Too many messages.")
    within = min(max(float(document["within"]), 0.0), _LONGEST_WAIT)
    return Call(messages, within, str(document["hook_url"]))


def _json(status: int, document: Mapping[str, Any]) -> Response:
    return Response(json.dumps(document), status, content_type="application/json")

"""The simulator's HTTP: Google's tokens and the addresses of the messaging API."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from werkzeug.wrappers import Request, Response

from hub.contract import Clock
from hub.contract.kit.sign_in import SignIn

from .events import stamp
from .platform import Platform
from .problems import Problem, wrong

_Match = Mapping[str, str]
_MESSAGES = r"/v1/phones/(?P<phone>[^/]+)/agentMessages"


class Rest:
    """The doors of one agent: `agent` is its id, `sign_in` knows its tokens."""

    def __init__(self, platform: Platform, sign_in: SignIn, agent: str, clock: Clock) -> None:
        self.platform, self.sign_in = platform, sign_in
        self.agent, self.clock = agent, clock
        self._routes: tuple[tuple[str, str, Callable[[Request, _Match], Any]], ...] = (
            ("POST", _MESSAGES, self._send),
            ("DELETE", rf"{_MESSAGES}/(?P<message>[^/]+)", self._revoke),
            ("GET", r"/v1/phones/(?P<phone>[^/]+)/capabilities", self._capabilities),
            ("POST", r"/v1/users:batchGet", self._many),
        )

    def answer(self, environ: dict[str, Any]) -> Response:
        """Google's answer to one request."""
        asked = Request(environ)
        if (asked.method, asked.path) == ("POST", "/token"):
            status, document = self.sign_in.token(asked.form.to_dict())
            return _json(status, document)
        try:
            return self._judged(asked)
        except Problem as problem:
            return _json(problem.code, problem.document())

    def _judged(self, asked: Request) -> Response:
        for method, pattern, work in self._routes:
            found = re.fullmatch(pattern, asked.path)
            if found and method == asked.method:
                self._let_in(asked)
                return _json(200, work(asked, found.groupdict()))
        # What Google's front says where no API answers.
        return Response("<html><title>Error 404 (Not Found)!!1</title></html>", 404)

    def _let_in(self, asked: Request) -> None:
        token = asked.headers.get("Authorization", "").removeprefix("Bearer ")
        if not self.sign_in.accepts(token):
            raise Problem(401, "Request had invalid authentication credentials.")
        if asked.args.get("agentId") != self.agent:
            raise Problem(403, "There was an error looking up the RBM agent of this project.")

    def _send(self, asked: Request, at: _Match) -> Any:
        message = asked.args.get("messageId", "")
        try:
            UUID(message)
        except ValueError:
            raise wrong("messageId", "The message id must be a UUID.") from None
        document = _document(asked)
        return self.platform.accept(at["phone"], message, document, stamp(self.clock()))

    def _revoke(self, asked: Request, at: _Match) -> Any:
        self.platform.revoke(at["phone"], at["message"])
        return {}

    def _capabilities(self, asked: Request, at: _Match) -> Any:
        return self.platform.capabilities(at["phone"])

    def _many(self, asked: Request, at: _Match) -> Any:
        users = _document(asked).get("users")
        if not isinstance(users, list) or not 500 <= len(set(users)) == len(users) <= 10_000:
            raise wrong("users", "500 to 10000 unique phone numbers are expected.")
        return self.platform.reachable([str(one) for one in users])


def _document(asked: Request) -> dict[str, Any]:
    try:
        found = json.loads(asked.get_data())
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    raise wrong("", "Invalid JSON payload received.")


def _json(status: int, document: Any) -> Response:
    body = json.dumps(document).encode()
    return Response(body, status, content_type="application/json; charset=UTF-8")

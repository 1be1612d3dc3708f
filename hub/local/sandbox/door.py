"""The sandbox process's own door: on loopback, for the hub's pages alone, who know its key."""

import hmac
import json
import logging
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from werkzeug.wrappers import Request, Response

from hub import registry
from hub.connections.forms import BadForm
from hub.contract import ConnectorError
from hub.local.consenting import NoPage
from hub.local.demo.people import resident
from hub.local.sandbox import doing, linking, telling
from hub.local.sandbox.town import Town
from hub.local.sandbox.towns import NoSandbox, Towns

log = logging.getLogger(__name__)

Told = Mapping[str, Any]
LONGEST = timedelta(days=60)  # that one press lets pass


def _state(towns: Towns, town: Town, told: Told) -> Told:
    return telling.state_of(town, resident(_text(told, "person")), _text(told, "part"))


def _act(towns: Towns, town: Town, told: Told) -> Told:
    said = doing.press(town, _text(told, "name"), resident(_text(told, "person")))
    return {"said": said}


def _pass(towns: Towns, town: Town, told: Told) -> Told:
    span = timedelta(seconds=float(told.get("seconds", 0)))
    if not timedelta(0) < span <= LONGEST:
        raise ValueError("A clock here goes ahead, by sixty days at most at a time.")
    town.let_pass(span)
    doing.look_now(town)
    return {"now": town.now.isoformat()}


def _connect(towns: Towns, town: Town, told: Told) -> Told:
    return {"connection_id": str(linking.link(town, _text(told, "slug")))}


_ERRANDS: Mapping[str, Callable[[Towns, Town, Told], Told]] = {
    "state": _state,
    "act": _act,
    "pass": _pass,
    "connect": _connect,
}


def _text(told: Told, name: str) -> str:
    return str(told.get(name, ""))[:500]


@dataclass
class Door:
    """The WSGI application: POST /<sandbox>/<errand> with a JSON body."""

    towns: Towns
    key: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self.key}".encode()):
            return _said({"words": "This door is the hub's own."}, 401)
        try:
            _, sandbox, errand = request.path.split("/")
            told = json.loads(request.get_data() or b"{}")
            if errand == "close":
                self.towns.close(UUID(sandbox))
                return _said({})
            work = _ERRANDS[errand]
            return _said(work(self.towns, self.towns.town(UUID(sandbox)), told))
        except Exception as error:
            return _refused(error)


def _refused(error: Exception) -> Response:
    if isinstance(error, NoSandbox):
        return _said({"words": "This sandbox was started over. Reload the page."}, 409)
    if isinstance(error, ConnectorError | BadForm | NoPage | registry.NoSuchConnector):
        return _said({"words": getattr(error, "words", str(error))}, 422)
    log.exception("sandbox.refused")
    return _said({"words": "The simulators could not do this. Try it again."}, 500)


def _said(found: Told, status: int = 200) -> Response:
    return Response(json.dumps(found), status, mimetype="application/json")

"""Every route's way in and out: key, scope, body, transaction, answer; problems as documents."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import orjson
from flask import Response, request
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from hub.store import keys, numbers
from hub.store.database import Row
from hub.store.ground import Ground
from hub.web.api import traces
from hub.web.api.checking import check
from hub.web.api.problems import BUSY, TITLES, Problem, invalid, respond
from hub.web.api.reading import read_json
from hub.web.api.routes import Answer, Ask, Route

log = logging.getLogger(__name__)

_LONGEST_KEY = 200
_ADVICE = {
    "not-found": "No route of this API is at this address; /api/v1/openapi.json lists them.",
    "not-allowed": "Use a method that /api/v1/openapi.json lists for this address.",
    "too-large": "The body has more than 1 MiB. Send less at once.",
    "unexpected": "It is in the hub's log. Send the request again with the same Idempotency-Key.",
}
_BY_STATUS = {status: code for code, (status, _) in reversed(list(TITLES.items()))}


@dataclass(frozen=True)
class Front:
    """What all routes stand on, and how an arrow is woken."""

    ground: Ground
    ring: Callable[[str], None]

    def view(self, route: Route) -> Callable[..., Response]:
        """The Flask view of a route."""

        def answer(**path: str) -> Response:
            try:
                return self._answer(route, path)
            except Problem as problem:
                return respond(problem)
            except DataError:
                return respond(invalid(("", "A value cannot be stored; see the description.")))
            except SQLAlchemyError:
                log.exception("api.busy", extra={"route": route.name})
                return respond(BUSY)

        return answer

    def _answer(self, route: Route, path: dict[str, str]) -> Response:
        owner = authorise(self.ground, route.scope)
        ask = Ask(
            self.ground, owner["workspace_id"], request.args.to_dict(), scopes=owner["scopes"]
        )
        if route.takes is not None:
            raw = request.get_data(cache=False)
            body = read_json(raw, request.headers.get("Content-Type", ""))
            check(body, route.takes)
            ask = replace(ask, body=body, raw=raw)
        if route.idempotent:
            return self._once(route, ask, path, owner["id"])
        answer = route.act(ask, **path)
        if traces.leaves_one(route):
            with ask.begin() as db:
                traces.leave(db, owner["id"], route, ask, path, answer)
        return self._out(ask, answer)

    def _once(self, route: Route, ask: Ask, path: dict[str, str], key_id: UUID) -> Response:
        """The act and its kept answer commit together; a second request waits, then reads it."""
        key = _idempotency_key()
        said = orjson.dumps([route.name, path, ask.body], option=orjson.OPT_SORT_KEYS)
        fingerprint = hashlib.sha256(said).digest()
        with ask.begin() as db:
            standing = keys.begin_answer(db, ask.workspace_id, key, fingerprint)
            if standing is None:
                answer = route.act(replace(ask, db=db), **path)
                body = orjson.loads(_dumped(answer.body))
                keys.keep_answer(db, ask.workspace_id, key, answer.status, body)
                if traces.leaves_one(route):
                    traces.leave(db, key_id, route, ask, path, answer)
        if standing is not None:
            return self._again(ask, standing, fingerprint)
        return self._out(ask, answer)

    def _out(self, ask: Ask, answer: Answer) -> Response:
        for arrow in answer.rings:
            self.ring(arrow)
        return self._shown(ask, answer.body, answer.status)

    def _again(self, ask: Ask, standing: Row, fingerprint: bytes) -> Response:
        if bytes(standing["fingerprint"]) != fingerprint:
            words = "It was used with another body. Use a new key for a new request."
            raise Problem("key-reused", words)
        made = self._shown(ask, standing["answer"], standing["status"])
        made.headers["Idempotency-Replayed"] = "true"
        return made

    def _shown(self, ask: Ask, body: Any, status: int) -> Response:
        """The answer, with the masked number where rows have its token; bytes are a CSV file,
        nothing at all is 204."""
        if body is None:
            return Response(b"", 204)
        plain = body.decode() if isinstance(body, bytes) else _dumped(body).decode()
        if numbers.TOKEN.search(plain):
            with ask.begin() as db:
                plain = numbers.shown(db, self.ground.vault, plain, ask.workspace_id)
        kind = "text/csv; charset=utf-8" if isinstance(body, bytes) else "application/json"
        return Response(plain, status, content_type=kind)


def authorise(ground: Ground, scope: str) -> Row:
    """The key of this request. Raises Problem: without one, or without that scope."""
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    key, owner = key.strip(), None
    if kind.lower() == "bearer" and key.isascii() and key.isprintable():
        with ground.database.begin() as db:
            owner = keys.owner_of(db, key)
            if owner is not None:
                keys.used(db, owner, ground.clock())
    if owner is None:
        words = "Send a key of this hub as Authorization: Bearer rls_…, never in the address."
        raise Problem("no-key", words, headers={"WWW-Authenticate": "Bearer"})
    if scope not in owner["scopes"]:
        words = f"It needs the scope «{scope}». Make a key that has it."
        raise Problem("no-scope", words)
    return owner


def of_http(error: HTTPException) -> Response:
    """What Flask itself refuses, as a problem document."""
    code = _BY_STATUS.get(error.code or 500, "bad-query" if (error.code or 500) < 500 else "busy")
    return respond(Problem(code, _ADVICE.get(code, "See /api/v1/openapi.json.")))


def _idempotency_key() -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > _LONGEST_KEY or not key.isprintable():
        words = "Send an Idempotency-Key of your own, such as a UUID, and the same on a retry."
        raise Problem("no-idempotency-key", words)
    return key


def as_json(body: Any) -> Response:
    """A JSON answer that names nobody."""
    return Response(_dumped(body), content_type="application/json")


def _dumped(body: Any) -> bytes:
    return orjson.dumps(body, default=str, option=orjson.OPT_NON_STR_KEYS)

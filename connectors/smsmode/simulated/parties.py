"""Who else stands on a socket in the tests: a hub that hears, vendors that answer oddly."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from hub.contract import Request
from hub.contract.kit.simulator import Faults


@dataclass
class Hub:
    """Hears callbacks; the first `refusing` of them get a 500."""

    refusing: int = 0
    heard: list[Request] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Keep the callback, answer it."""
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        refused, self.refusing = self.refusing > 0, self.refusing - 1
        if not refused:
            self.heard.append(Request.of("POST", {}, body))
        start_response("500 No" if refused else "200 OK", [("Content-Length", "0")])
        return [b""]


@dataclass
class Stub:
    """A vendor that answers every request alike."""

    status: str = "201 Created"
    body: Any = None
    headers: list[tuple[str, str]] = field(default_factory=list)
    asked: list[WSGIEnvironment] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The same answer each time; a `str` goes out as it is, anything else as JSON."""
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.asked.append(environ)
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        start_response(self.status, [*self.headers, ("Content-Length", str(len(text.encode())))])
        return [text.encode()]


@dataclass
class Scripted:
    """A vendor whose (n+1)-th request meets the n-th fault of a script; "" is none."""

    vendor: WSGIApplication
    script: list[str]
    faults: Faults = field(default_factory=Faults)
    posts: int = 0

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The simulator's answer; what comes next is planned for the next request."""
        self.posts += 1
        answer = list(self.vendor(environ, start_response))
        self.plan()
        return answer

    def plan(self) -> None:
        """Take the next fault of the script, if it is one."""
        kind = self.script.pop(0) if self.script else ""
        if kind:
            self.faults.plan(kind)

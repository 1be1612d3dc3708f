"""Stands: one played vendor of one town, on a loopback port of its own, with the faults that a
person can press."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract import Clock
from hub.contract.kit.simulator import Faults, Served, serve

_DOWN = json.dumps({"message": "Down for maintenance."}).encode()


@dataclass
class Moody:
    """The vendor as it is, but for the time in which it is down."""

    played: Any
    clock: Clock
    down_until: datetime | None = None
    faults: Faults = field(init=False)

    def __post_init__(self) -> None:
        self.faults = self.played.faults

    @property
    def is_down(self) -> bool:
        """Whether it answers nobody now."""
        return self.down_until is not None and self.clock() < self.down_until

    def go_down(self, seconds: float) -> None:
        """Answer nobody for so long."""
        self.down_until = self.clock() + timedelta(seconds=seconds)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Its HTTP."""
        if not self.is_down:
            answer: Iterable[bytes] = self.played.wsgi(environ, start_response)
            return answer
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(_DOWN)))]
        start_response("503 Service Unavailable", headers)
        return [_DOWN]


@dataclass
class Stand:
    """A vendor on its port. `connection_id` is the sandbox's connection to it, once there is."""

    slug: str
    title: str
    played: Any
    mood: Moody
    served: Served
    connection_id: str = ""

    @classmethod
    def open(cls, slug: str, title: str, played: Any, clock: Clock) -> "Stand":
        """Put it on a free port."""
        mood = Moody(played, clock)
        return cls(slug, title, played, mood, serve(mood))

    @property
    def port(self) -> int:
        """Where it stands."""
        return int(self.served.server.server_port)

    def close(self) -> None:
        """Take it away; what it had still to deliver is given up."""
        self.served.stop()

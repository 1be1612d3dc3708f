"""What a test holds in its hands: a clock, the hub's doorstep, a vendor, the road, and processes
that go on errands."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from wsgiref.types import WSGIApplication

from hub.config import CHECKOUT
from hub.contract.kit.simulator import Faults
from hub.store import backlog
from hub.store.ground import Ground
from hub.work.pipeline import Pipeline

_ROUNDS = 60


@dataclass
class HandClock:
    """A clock that stands still until it is moved. Wednesday 10 June 2026, noon in Paris."""

    now: datetime = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **span: float) -> datetime:
        """Forward by so many `minutes`, `hours`, `days` …; the new time."""
        self.now += timedelta(**span)
        return self.now


@dataclass
class Doorstep:
    """The hub's own socket on loopback, up all session long; each test puts its site behind it."""

    url: str = ""
    app: WSGIApplication | None = None
    faults: Faults = field(default_factory=Faults)

    def wsgi(self, environ: Any, start_response: Any) -> Any:
        """The present test's site; 503 between tests."""
        if self.app is None:
            start_response("503 Service Unavailable", [("Content-Length", "0")])
            return [b""]
        return self.app(environ, start_response)


@dataclass(frozen=True)
class Installed:
    """A vendor's simulator on a socket, and its connection in the workspace."""

    simulator: Any
    url: str
    connection_id: UUID
    slug: str = ""


@dataclass(frozen=True)
class Road:
    """Walks the road in this process, arrow by arrow, with no worker and no clock running."""

    pipeline: Pipeline
    ground: Ground
    simulators: list[Any] = field(default_factory=list)

    def walk(self) -> None:
        """Until nothing is due at this moment and every vendor has said what it had to say."""
        for _ in range(_ROUNDS):
            for simulator in self.simulators:
                if not simulator.flush():
                    raise AssertionError("A vendor's deliveries do not come to an end.")
            with self.ground.database.begin() as db:
                due = backlog.due(db, self.ground.clock())
            if not due:
                return
            for arrow in due:
                getattr(self.pipeline, arrow)()
        raise AssertionError(f"The road does not come to rest: {', '.join(due)}.")


Errand = Callable[[Mapping[str, Any]], dict[str, Any]]


@contextmanager
def errands(script: Path) -> Iterator[Errand]:
    """A process of its own that reads one errand a line and says what came of it. Raises
    AssertionError where it says that it failed."""
    with subprocess.Popen(
        [sys.executable, str(script)],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:

        def go(errand: Mapping[str, Any]) -> dict[str, Any]:
            if running.stdin is None or running.stdout is None:
                raise AssertionError("It has no lines to speak on.")
            running.stdin.write(json.dumps(errand) + "\n")
            running.stdin.flush()
            said: dict[str, Any] = json.loads(running.stdout.readline())
            if "failed" in said:
                raise AssertionError(said["failed"])
            return said

        yield go
        if running.stdin is not None:
            running.stdin.close()

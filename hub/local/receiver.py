"""A merchant's own program on a socket, that the hub tells what happens (outgoing webhooks)."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from hub.contract.kit.simulator import Faults, serve


@dataclass
class Receiver:
    """A merchant's own program: what it was sent, and what it answers."""

    faults: Faults = field(default_factory=Faults)
    status: str = "204 No Content"
    said: str = ""
    url: str = ""
    more: list[tuple[str, str]] = field(default_factory=list)
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def wsgi(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Take a delivery."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        heads = {k: environ[f"HTTP_WEBHOOK_{k.upper()}"] for k in ("id", "timestamp", "signature")}
        self.heard.append((heads, body))
        start_response(self.status, [("Content-Length", str(len(self.said))), *self.more])
        return [self.said.encode()]

    @property
    def told(self) -> list[Any]:
        """What it was sent, read."""
        return [json.loads(body) for _, body in self.heard]

    @property
    def names(self) -> list[str]:
        """The ids it was sent under."""
        return [heads["id"] for heads, _ in self.heard]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """It listens as long as the test runs."""
    made = Receiver()
    with serve(made) as served:
        made.url = served.url + "/hook"
        yield made

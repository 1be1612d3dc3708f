"""A process of our own beside the hub: given one line to read, it answers in lines of JSON."""

import subprocess
import threading
import urllib.request
from dataclasses import dataclass, field
from typing import Any

import orjson

from hub.config import CHECKOUT

_PATIENCE = 30.0


@dataclass
class Apart:
    """The running process; `last` is the newest line it said."""

    process: "subprocess.Popen[bytes]"
    last: dict[str, Any] = field(default_factory=dict)
    heard: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def start(cls, command: list[str], given: bytes) -> "Apart":
        """Start it, and listen to it from a thread."""
        process = subprocess.Popen(
            command, cwd=CHECKOUT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip
        made = cls(process)
        process.stdin.write(given)  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
        threading.Thread(target=made._listen, daemon=True, name="apart").start()
        return made

    def _listen(self) -> None:
        for line in self.process.stdout or ():
            said = orjson.loads(line)
            self.last = said if isinstance(said, dict) else {"said": said}
            self.heard.set()

    def port(self) -> int:
        """Where it answers, which is the first thing it says."""
        if not self.heard.wait(_PATIENCE):
            raise RuntimeError("A process of chaos did not start. Its own words are above.")
        return int(self.last["said"])

    def ask(self, what: str, **given: Any) -> dict[str, Any]:
        """The answer of its control to a question."""
        url = f"http://127.0.0.1:{self.port()}/control/{what}"
        request = urllib.request.Request(url, orjson.dumps(given), method="POST")
        with urllib.request.urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
            found: dict[str, Any] = orjson.loads(answer.read())
        return found

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> "Apart":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

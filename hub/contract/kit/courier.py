"""A simulated vendor's postman: delivers callbacks from the background, again where they fail."""

import heapq
import itertools
import json
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import urllib3

_NEAR = ("127.0.0.1", "localhost", "::1")
_JSON = {"Content-Type": "application/json"}


@dataclass(order=True)
class _Letter:
    due: float
    number: int
    method: str = field(compare=False)
    url: str = field(compare=False)
    body: bytes = field(compare=False)
    headers: Mapping[str, str] = field(compare=False)
    tries: int = field(default=0, compare=False)


@dataclass
class Courier:
    """Delivers to loopback only; `answers` counts each status met, 0 for no answer at all.

    `retries` are the pauses in seconds after a failure. While `hold` stands, what is posted is
    kept back until `release`. Threads live only while there is something to deliver.
    """

    retries: tuple[float, ...] = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)
    workers: int = 4
    agent: str = "vendor"
    hold: bool = False
    answers: Counter[int] = field(default_factory=Counter)
    given_up: list[str] = field(default_factory=list)
    _letters: list[_Letter] = field(default_factory=list)
    _held: list[_Letter] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _open: int = 0
    _running: int = 0

    def post(
        self,
        url: str,
        document: Mapping[str, Any] | bytes,
        after: float = 0.0,
        headers: Mapping[str, str] = _JSON,
    ) -> None:
        """POST this in `after` seconds; a document goes as JSON."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self._accept("POST", url, body, headers, after)

    def get(self, url: str, after: float = 0.0) -> None:
        """GET this in `after` seconds."""
        self._accept("GET", url, b"", {}, after)

    def release(self) -> None:
        """Deliver what was held back, and hold nothing more."""
        with self._changed:
            self.hold, held, self._held = False, self._held, []
            for letter in held:
                self._open += 1
                self._put(letter)

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait until every callback is delivered or given up; False when the time was too short.
        What is held back is not waited for."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open, timeout)

    def stop(self) -> None:
        """Deliver nothing more: the address may soon be somebody else's."""
        with self._changed:
            self.retries = ()
            self._open -= len(self._letters)
            self._letters.clear()
            self._held.clear()
            self._changed.notify_all()
        self.flush()

    def _accept(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str], after: float
    ) -> None:
        """An address off this machine is given up at once."""
        if urlsplit(url).hostname not in _NEAR:
            self.given_up.append(url)
            return
        due, sent = time.monotonic() + after, {"User-Agent": self.agent, **headers}
        letter = _Letter(due, next(self._numbers), method, url, body, sent)
        with self._changed:
            if self.hold:
                self._held.append(letter)
                return
            self._open += 1
            self._put(letter)

    def _put(self, letter: _Letter) -> None:
        heapq.heappush(self._letters, letter)
        if self._running < self.workers:
            self._running += 1
            threading.Thread(target=self._work, daemon=True, name="courier").start()
        self._changed.notify_all()

    def _work(self) -> None:
        with urllib3.PoolManager(retries=False, timeout=10.0) as http:
            while letter := self._take():
                self._deliver(http, letter)

    def _take(self) -> _Letter | None:
        with self._changed:
            while self._letters:
                wait = self._letters[0].due - time.monotonic()
                if wait <= 0:
                    return heapq.heappop(self._letters)
                self._changed.wait(wait)
            self._running -= 1
            return None

    def _deliver(self, http: urllib3.PoolManager, letter: _Letter) -> None:
        status = _try(http, letter)
        with self._changed:
            self.answers[status] += 1
            if not 200 <= status < 300 and letter.tries < len(self.retries):
                letter.due = time.monotonic() + self.retries[letter.tries]
                letter.tries += 1
                self._put(letter)
                return
            if not 200 <= status < 300:
                self.given_up.append(letter.url)
            self._open -= 1
            self._changed.notify_all()


def _try(http: urllib3.PoolManager, letter: _Letter) -> int:
    body = letter.body or None
    try:
        return http.request(letter.method, letter.url, body=body, headers=letter.headers).status
    except urllib3.exceptions.HTTPError:
        return 0

"""The app's deliveries: gathered, signed, posted in the background, repeated when they fail."""

import json
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests

from hub.contract import Clock, Request

from .. import signature
from ..documents import to_ms

MOST = 100
ATTEMPTS = 10
PAUSE = 0.05  # seconds; the vendor spreads its ten tries over a day

Event = dict[str, Any]


def call(url: str, body: bytes, secret: str, clock: Clock, version: str = "v3") -> Request:
    """A signed request as the vendor makes it."""
    stamp = str(to_ms(clock()))
    headers = {"Content-Type": "application/json", "User-Agent": "HubSpot Connect 2.0"}
    if version == "v3":
        headers["X-HubSpot-Signature-v3"] = signature.sign(secret, "POST", url, body, stamp)
        headers["X-HubSpot-Request-Timestamp"] = stamp
    else:
        headers["X-HubSpot-Signature-Version"] = "v2"
        headers["X-HubSpot-Signature"] = signature.sign_v2(secret, "POST", url, body)
    return Request.of("POST", headers, body, url=url, path=urlsplit(url).path)


def post(request: Request) -> tuple[int, bytes, Mapping[str, str]]:
    """Post to a loopback address: status (0 for no answer), body, headers. Others are left."""
    if urlsplit(request.url).hostname not in ("127.0.0.1", "localhost", "::1"):
        return 0, b"", {}
    with requests.Session() as session:
        session.trust_env = False
        headers = {**request.headers, "Connection": "close"}
        try:
            answer = session.post(
                request.url, data=request.body, headers=headers, timeout=10, allow_redirects=False
            )
        except requests.RequestException:
            return 0, b"", {}
        return answer.status_code, answer.content, answer.headers


@dataclass
class Outbox:
    """`where()` is (address, secret). `twice`, `lose` (so many events) and `shuffle` are the bad
    luck; `hold` keeps everything back."""

    where: Callable[[], tuple[str, str]]
    clock: Clock
    twice: bool = False
    lose: int = 0
    shuffle: bool = False
    hold: bool = False
    log: list[tuple[list[Event], int]] = field(default_factory=list)
    waiting: list[Event] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _busy: int = 0
    _workers: list[threading.Thread] = field(default_factory=list)
    _luck: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311

    def put(self, event: Event) -> None:
        """Queue an event; it may be lost, if that is the luck of the day."""
        with self._changed:
            if self.lose:
                self.lose -= 1
                self.log.append(([event], 0))
                return
            self.waiting += [event, dict(event)] if self.twice else [event]
            if not self._workers and not self.hold:
                self._start()
            self._changed.notify_all()

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until nothing is queued or under way; False when that took too long."""
        until = time.monotonic() + timeout
        with self._changed:
            while self.waiting or self._busy:
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
        return True

    def _start(self) -> None:
        for number in range(4):
            name = f"portal-{number}"
            worker = threading.Thread(target=self._work, name=name, daemon=True)
            self._workers.append(worker)
            worker.start()

    def _work(self) -> None:
        while True:
            batch = self._take()
            status = self._try(batch)
            again = [_once_more(e) for e in batch if not 200 <= status < 300]
            with self._changed:
                self.log.append((batch, status))
                self.waiting += [e for e in again if e["attemptNumber"] < ATTEMPTS]
                self._busy -= 1
                self._changed.notify_all()
            if again:
                time.sleep(PAUSE)

    def _take(self) -> list[Event]:
        with self._changed:
            while not self.waiting:
                self._changed.wait()
            if self.shuffle:
                self._luck.shuffle(self.waiting)
            self._busy += 1
            batch, self.waiting = self.waiting[:MOST], self.waiting[MOST:]
            return batch

    def _try(self, batch: list[Event]) -> int:
        url, secret = self.where()
        if not url:
            return 200
        body = json.dumps(batch, separators=(",", ":")).encode()
        return post(call(url, body, secret, self.clock))[0]


def _once_more(event: Event) -> Event:
    return {**event, "attemptNumber": event["attemptNumber"] + 1}

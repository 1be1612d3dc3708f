"""The shop's deliveries: signed, posted in the background, never repeated, and at times unlucky."""

import base64
import hmac
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import md5, sha256
from urllib.parse import urlsplit

import requests

from hub.contract import Request

from .shapes import VERSION

WORKERS = 4
AGENT = f"WooCommerce/{VERSION} Hookshot (WordPress/6.9)"


@dataclass(frozen=True)
class Delivery:
    """One POST to a webhook's address."""

    webhook: int
    topic: str
    url: str
    headers: Mapping[str, str]
    body: bytes

    def request(self) -> Request:
        """As the hub receives it."""
        return Request.of("POST", self.headers, self.body)


@dataclass(frozen=True)
class Sent:
    """What became of a delivery; `status` is 0 where no answer came or it was lost on purpose."""

    delivery: Delivery
    status: int


def delivery(webhook: int, topic: str, url: str, secret: str, body: bytes, nth: int) -> Delivery:
    """A delivery with the headers a real shop was seen to send."""
    resource, _, event = topic.partition(".")
    signature = base64.b64encode(hmac.new(secret.encode(), body, sha256).digest()).decode()
    headers = {
        "User-Agent": AGENT,
        "Content-Type": "application/json",
        "X-WC-Webhook-Source": "http://127.0.0.1/",
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Resource": resource,
        "X-WC-Webhook-Event": event,
        "X-WC-Webhook-Signature": signature,
        "X-WC-Webhook-ID": str(webhook),
        "X-WC-Webhook-Delivery-ID": md5(f"{webhook}{nth}".encode()).hexdigest(),  # noqa: S324
    }
    return Delivery(webhook, topic, url, headers, body)


@dataclass
class Outbox:
    """Posts deliveries to loopback addresses only; all others are noted and left.

    `may_send(webhook)` is asked just before a delivery, `settle(webhook, status)` told after it.
    `twice`, `lose` and `shuffle` are the bad luck; `hold` keeps everything back.
    """

    may_send: Callable[[int], bool]
    settle: Callable[[int, int], None]
    twice: bool = False
    lose: int = 0
    shuffle: bool = False
    hold: bool = False
    log: list[Sent] = field(default_factory=list)
    waiting: list[Delivery] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _busy: int = 0
    _workers: list[threading.Thread] = field(default_factory=list)
    _luck: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311

    def post(self, one: Delivery) -> None:
        """Queue a delivery; twice, if that is the luck of the day."""
        with self._changed:
            self.waiting += [one, one] if self.twice else [one]
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

    def ping(self, webhook: int, url: str) -> int:
        """The unsigned form a new webhook is tried with; answers the status, 0 for none."""
        headers = {"User-Agent": AGENT}
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = f"webhook_id={webhook}".encode()
        return self._try(Delivery(webhook, "", url, headers, body))

    def _start(self) -> None:
        for number in range(WORKERS):
            worker = threading.Thread(target=self._work, name=f"shop-{number}", daemon=True)
            self._workers.append(worker)
            worker.start()

    def _work(self) -> None:
        while True:
            one, lost = self._take()
            status = 0 if lost else self._try(one)
            with self._changed:
                self.log.append(Sent(one, status))
                self._busy -= 1
                self._changed.notify_all()

    def _take(self) -> tuple[Delivery, bool]:
        with self._changed:
            while not self.waiting:
                self._changed.wait()
            at = self._luck.randrange(len(self.waiting)) if self.shuffle else 0
            self._busy += 1
            lost, self.lose = self.lose > 0, max(self.lose - 1, 0)
            return self.waiting.pop(at), lost

    def _try(self, one: Delivery) -> int:
        if urlsplit(one.url).hostname not in ("127.0.0.1", "localhost", "::1"):
            return 200 if not one.topic else 0
        if one.topic and not self.may_send(one.webhook):
            return 0
        status = _post(one)
        if one.topic:
            self.settle(one.webhook, status)
        return status


def _post(one: Delivery) -> int:
    with requests.Session() as session:
        session.trust_env = False
        headers = {**one.headers, "Connection": "close"}
        try:
            answer = session.post(
                one.url, data=one.body, headers=headers, timeout=10, allow_redirects=False
            )
        except requests.RequestException:
            return 0
        return answer.status_code

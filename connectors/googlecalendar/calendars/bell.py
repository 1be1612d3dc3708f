"""Channels that ring when a calendar changes: opened, stopped, run out by the clock."""

import hashlib
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlsplit

import requests

from hub.contract import Clock

from .refusals import Refusal

LONGEST = timedelta(days=7)
_NEAR = ("127.0.0.1", "localhost", "::1")


@dataclass
class Channel:
    """One channel: who is rung, with what token, until when."""

    id: str
    calendar: str
    address: str
    token: str
    resource: str
    until: datetime
    number: int = 0


@dataclass(frozen=True)
class Ring:
    """One push as it goes out: an address and headers; a push has no body."""

    url: str
    headers: Mapping[str, str]


@dataclass
class Bell:
    """All channels, and the pushes on their way. Pushes are sent by a thread of their own, are
    never sent again, and may be lost, doubled or out of order."""

    clock: Clock
    base: Callable[[], str]
    channels: dict[str, Channel] = field(default_factory=dict)
    log: list[tuple[Ring, int]] = field(default_factory=list)
    twice: bool = False
    lose: int = 0
    shuffle: bool = False
    _waiting: list[Ring] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _busy: int = 0
    _worker: threading.Thread | None = None
    _luck: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311

    def open(self, calendar: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        """A new channel, which is rung at once. Raises Refusal."""
        name, address = str(asked.get("id", "")), str(asked.get("address", ""))
        if asked.get("type") not in ("web_hook", "webhook"):
            raise Refusal(400, "channelTypeInvalid", "Unknown channel type.")
        if not (0 < len(name) <= 64) or not all(c.isalnum() or c in "-_+/=" for c in name):
            raise Refusal(400, "channelIdInvalid", "Channel id is not valid.")
        split = urlsplit(address)
        if split.scheme != "https" and split.hostname not in _NEAR:
            raise Refusal(
                400, "push.webhookUrlNotHttps", "WebHook callback must be HTTPS: " + address
            )
        with self._changed:
            self._forget_old()
            if name in self.channels:
                raise Refusal(400, "channelIdNotUnique", f"Channel id {name} not unique")
            channel = self._made(name, calendar, address, asked)
            self.channels[name] = channel
            self._post(channel, "sync")
        return {
            "kind": "api#channel",
            "id": name,
            "resourceId": channel.resource,
            "resourceUri": self._uri(calendar),
            "token": channel.token,
            "expiration": str(int(channel.until.timestamp() * 1000)),
        }

    def _made(self, name: str, calendar: str, address: str, asked: Mapping[str, Any]) -> Channel:
        now = self.clock()
        lasts = (asked.get("params") or {}).get("ttl", "604800")
        until = now + min(timedelta(seconds=int(lasts)), LONGEST)
        if asked.get("expiration"):
            wished = datetime.fromtimestamp(int(asked["expiration"]) / 1000, UTC)
            until = min(wished, now + LONGEST)
        resource = hashlib.sha256(f"events of {calendar}".encode()).hexdigest()[:24]
        return Channel(name, calendar, address, str(asked.get("token", "")), resource, until)

    def stop(self, asked: Mapping[str, Any]) -> None:
        """A channel is closed. Raises Refusal where there is none such."""
        with self._changed:
            self._forget_old()
            channel = self.channels.get(str(asked.get("id", "")))
            if channel is None or channel.resource != asked.get("resourceId"):
                said = f"Channel '{asked.get('id')}' not found for project"
                raise Refusal(404, "notFound", said)
            del self.channels[channel.id]

    def ring(self, calendar: str) -> None:
        """A calendar changed: every channel on it is rung."""
        with self._changed:
            self._forget_old()
            for channel in self.channels.values():
                if channel.calendar == calendar:
                    self._post(channel, "exists")

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until every push has been tried; False when that took too long."""
        until = time.monotonic() + timeout
        with self._changed:
            while self._waiting or self._busy:
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._changed.wait(left)
        return True

    def headers(self, channel: Channel, state: str) -> dict[str, str]:
        """What a push says, all in headers."""
        channel.number += 1 if state == "sync" else self._luck.randrange(1, 40)
        return {
            "X-Goog-Channel-ID": channel.id,
            "X-Goog-Channel-Token": channel.token,
            "X-Goog-Channel-Expiration": format_datetime(channel.until, usegmt=True),
            "X-Goog-Resource-ID": channel.resource,
            "X-Goog-Resource-URI": self._uri(channel.calendar),
            "X-Goog-Resource-State": state,
            "X-Goog-Message-Number": str(channel.number),
        }

    def _uri(self, calendar: str) -> str:
        return f"{self.base()}/calendar/v3/calendars/{calendar}/events?alt=json"

    def _forget_old(self) -> None:
        now = self.clock()
        for name in [n for n, c in self.channels.items() if c.until <= now]:
            del self.channels[name]

    def _post(self, channel: Channel, state: str) -> None:
        ring = Ring(channel.address, self.headers(channel, state))
        if urlsplit(channel.address).hostname not in _NEAR:
            return
        self._waiting += [ring, ring] if self.twice else [ring]
        if self._worker is None:
            self._worker = threading.Thread(target=self._work, name="bell", daemon=True)
            self._worker.start()
        self._changed.notify_all()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._changed.wait()
                at = self._luck.randrange(len(self._waiting)) if self.shuffle else 0
                ring, self._busy = self._waiting.pop(at), 1
                lost, self.lose = self.lose > 0, max(self.lose - 1, 0)
            status = 0 if lost else _sent(ring)
            with self._changed:
                self.log.append((ring, status))
                self._busy = 0
                self._changed.notify_all()


def _sent(ring: Ring) -> int:
    with requests.Session() as session:
        session.trust_env = False
        headers = {**ring.headers, "Connection": "close", "User-Agent": "APIs-Simulated"}
        try:
            answer = session.post(ring.url, data=b"", headers=headers, timeout=10)
        except requests.RequestException:
            return 0
        return answer.status_code

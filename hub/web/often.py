"""How often a caller may come: counted in Redis, so that all processes count together, and in this
process alone while Redis is away. Vendors' deliveries are never counted."""

import hashlib
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import request
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from hub.config import Settings
from hub.web.landing.guessing import network_of

log = logging.getLogger(__name__)

_PATIENCE = 0.25  # seconds for Redis to answer: a request waits no longer for being counted
_LOOK_AGAIN = 5.0  # seconds in which a Redis that was away is not asked
WAIT = 60  # seconds at most, for the window is a minute


@dataclass
class Turnstile:
    """Counts callers by the minute; `named` keeps one turnstile's callers from another's."""

    named: str
    redis_url: str
    now: Callable[[], float] = time.monotonic
    _own: Storage = field(default_factory=MemoryStorage)
    _shared: Any = None
    _away_until: float = float("-inf")

    def wait(self, caller: str, most: int) -> int:
        """Count one coming; 0 where it may come in, else the seconds it has to wait."""
        if not caller or most <= 0:
            return 0
        item = RateLimitItemPerMinute(most, namespace="relais")
        if self.now() >= self._away_until:
            try:
                return self._counted(self._redis(), item, caller)
            except Exception as error:  # whatever it is, nobody is refused for it
                self._away_until = self.now() + _LOOK_AGAIN
                log.warning("often.redis_away", extra={"why": type(error).__name__})
        return self._counted(self._own, item, caller)

    def _counted(self, storage: Storage, item: RateLimitItemPerMinute, caller: str) -> int:
        window = FixedWindowRateLimiter(storage)
        if window.hit(item, self.named, caller):
            return 0
        reset = window.get_window_stats(item, self.named, caller).reset_time
        return max(1, min(WAIT, round(reset - time.time())))

    def _redis(self) -> Any:
        if self._shared is None:
            options: dict[str, Any] = {"retry": None, "socket_timeout": _PATIENCE}
            url = self.redis_url.replace("unix://", "redis+unix://", 1)
            made: Any = storage_from_string(url, socket_connect_timeout=_PATIENCE, **options)
            self._shared = made
        return self._shared


def api_wait(settings: Settings) -> Callable[[], int]:
    """For the API: by address, and by key. A key is counted as it was sent, secret and all: who
    knows only its beginning cannot use up its turns."""
    addresses = Turnstile("api", settings.redis_url)
    keys = Turnstile("key", settings.redis_url)

    def wait() -> int:
        said = request.headers.get("Authorization", "")
        key = hashlib.sha256(said.encode()).hexdigest()[:32] if said else ""
        by_address = addresses.wait(_network(), settings.api_per_address)
        return by_address or keys.wait(key, settings.api_per_key)

    return wait


def links_wait(settings: Settings) -> Callable[[], int]:
    """For short links and their pages: by address."""
    turnstile = Turnstile("links", settings.redis_url)
    return lambda: turnstile.wait(_network(), settings.links_per_address)


def _network() -> str:
    return network_of(request.remote_addr or "")

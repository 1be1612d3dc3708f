"""The account's quotas: calls in a day, in ten seconds, searches in one."""

from collections import deque
from dataclasses import dataclass, field

from .errors import throttled


@dataclass
class Limits:
    """The account's quota. `burst` in ten seconds and `searches` in one are off at 0."""

    daily: int = 250_000
    used: int = 0
    burst: int = 0
    searches: int = 0
    _calls: deque[int] = field(default_factory=deque)
    _searched: deque[int] = field(default_factory=deque)

    def count(self, now: int, is_search: bool) -> None:
        """Count a call. Raises Problem where it is one too many."""
        if self.used >= self.daily:
            raise throttled("DAILY")
        if is_search and not _room(self._searched, now, 1_000, self.searches):
            raise throttled("SECONDLY")
        if not _room(self._calls, now, 10_000, self.burst):
            raise throttled("TEN_SECONDLY_ROLLING")
        self.used += 1

    def headers(self) -> dict[str, str]:
        """What answers say, those of searches excepted."""
        return {
            "X-HubSpot-RateLimit-Daily": str(self.daily),
            "X-HubSpot-RateLimit-Daily-Remaining": str(max(self.daily - self.used, 0)),
            "X-HubSpot-RateLimit-Interval-Milliseconds": "10000",
            "X-HubSpot-RateLimit-Max": str(self.burst or 100),
        }


def _room(calls: deque[int], now: int, span: int, most: int) -> bool:
    while calls and calls[0] <= now - span:
        calls.popleft()
    if most and len(calls) >= most:
        return False
    calls.append(now)
    return True

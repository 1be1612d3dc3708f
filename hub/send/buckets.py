"""Limits shared by every worker: kept in Redis, one round trip each; in this process alone, and
tighter, while Redis does not answer."""

import logging
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from hub.config import Settings

log = logging.getLogger(__name__)

PATIENCE = 0.05  # seconds that one answer of Redis may take; asked three times

# The time is Redis's own, so that the machines' clocks do not matter; or that of a hub whose clock
# is moved by hand, where one is given.
_NOW = """
local now = tonumber(ARGV[1])
if not now then
    local time = redis.call('TIME')
    now = time[1] + time[2] / 1000000
end
"""
# KEYS: the bucket. ARGV: the time, tokens a second, tokens wanted. Full at first, never fuller.
_POUR = f"""{_NOW}
local rate, wanted = tonumber(ARGV[2]), tonumber(ARGV[3])
local stood = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(stood[1] or rate), tonumber(stood[2] or now)
tokens = math.min(rate, tokens + math.max(0, now - at) * rate)
local given = math.max(0, math.min(wanted, math.floor(tokens + 0.0001)))
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', tokens - given),
    'at', string.format('%.6f', math.max(now, at)))
redis.call('EXPIRE', KEYS[1], 3600)
return given
"""
# KEYS: one log of sends each. ARGV: the time, the most in a span, the span in seconds, then how
# many each asks for. Exact: what is as old as the span leaves, nothing else does.
_LOG = f"""{_NOW}
local most, span, given = tonumber(ARGV[2]), tonumber(ARGV[3]), {{}}
for i, key in ipairs(KEYS) do
    redis.call('ZREMRANGEBYSCORE', key, '-inf', string.format('%.6f', now - span))
    local there = redis.call('ZCARD', key)
    given[i] = math.max(0, math.min(tonumber(ARGV[3 + i]), most - there))
    for n = 1, given[i] do
        local at = string.format('%.6f', now)
        redis.call('ZADD', key, at, at .. ':' .. (there + n))
    end
    redis.call('EXPIRE', key, 3600)
end
return given
"""


@dataclass
class _Local:
    """What this process may do by itself. Each limit begins as if it were used up: what Redis
    granted in its last moments is not known here."""

    tokens: dict[str, tuple[float, float]] = field(default_factory=dict)
    logs: dict[str, deque[float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def forget(self) -> None:
        """Redis answers again."""
        if self.tokens or self.logs:
            with self.lock:
                self.tokens.clear()
                self.logs.clear()


_LOCAL = _Local()


def pour(settings: Settings, key: str, rate: int, wanted: int, at: float | None) -> int:
    """How many of `wanted` a bucket of `rate` a second grants now. Without Redis, this process
    has its part of the rate: one of `worker_processes`."""
    try:
        client = _client(settings.redis_url)
        given = client.eval(_POUR, 1, key, _text(at), rate, wanted)
    except (redis.RedisError, ValueError) as error:
        _alone(error)
        return _pour_alone(key, rate / max(settings.worker_processes, 1), wanted, _here(at))
    _LOCAL.forget()
    return int(given)


def log_sends(
    settings: Settings, asked: Mapping[str, int], most: int, span: float, at: float | None
) -> dict[str, int]:
    """How many each key is granted so that none has more than `most` within `span` seconds."""
    try:
        client = _client(settings.redis_url)
        given = client.eval(_LOG, len(asked), *asked, _text(at), most, span, *asked.values())
    except (redis.RedisError, ValueError) as error:
        _alone(error)
        part = most // max(settings.worker_processes, 1)
        return {key: _log_alone(key, part, n, span, _here(at)) for key, n in asked.items()}
    _LOCAL.forget()
    return dict(zip(asked, map(int, given), strict=True))


@lru_cache(maxsize=8)
def _client(url: str) -> "redis.Redis":
    return redis.Redis.from_url(
        url,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 2),
    )


def _alone(error: Exception) -> None:
    log.warning("pace.redis_away", extra={"why": type(error).__name__})


def _text(at: float | None) -> str:
    return "" if at is None else f"{at:.6f}"


def _here(at: float | None) -> float:
    return time.monotonic() if at is None else at


def _pour_alone(key: str, rate: float, wanted: int, now: float) -> int:
    most = max(rate, 1.0)
    with _LOCAL.lock:
        tokens, at = _LOCAL.tokens.get(key, (0.0, now))
        tokens = min(most, tokens + max(0.0, now - at) * rate)
        given = max(0, min(wanted, int(tokens + 0.0001)))
        _LOCAL.tokens[key] = (tokens - given, max(now, at))
    return given


def _log_alone(key: str, most: int, wanted: int, span: float, now: float) -> int:
    with _LOCAL.lock:
        sent = _LOCAL.logs.setdefault(key, deque([now] * most))
        while sent and sent[0] <= now - span:
            sent.popleft()
        given = max(0, min(wanted, most - len(sent)))
        sent.extend([now] * given)
    return given

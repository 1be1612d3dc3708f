"""Who may call the shop's API: Basic, keys in the query, or OAuth 1.0a signed with the secret."""

import base64
import hmac
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha1, sha256
from typing import Any
from urllib.parse import quote, unquote

from .memory import Problem

SKEW = 15 * 60  # seconds an OAuth timestamp may be off
_HASHES: Mapping[str, Any] = {"HMAC-SHA1": sha1, "HMAC-SHA256": sha256}


@dataclass
class Access:
    """The key pairs the shop knows, those that may only read, and the nonces it has met."""

    keys: dict[str, str] = field(default_factory=dict)
    readers: set[str] = field(default_factory=set)
    _met: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=2_000))

    def check(self, method: str, url: str, query: Mapping[str, str], authorization: str) -> None:
        """Raises Problem in the shop's own words. `url` is without its query."""
        if "oauth_consumer_key" in query:
            self._check_oauth(method, url, query)
            key = query["oauth_consumer_key"]
        else:
            key = self._check_pair(query, authorization)
        if key in self.readers and method not in ("GET", "HEAD"):
            raise _denied("The API key provided does not have write permissions.")

    def _check_pair(self, query: Mapping[str, str], authorization: str) -> str:
        key, secret = query.get("consumer_key", ""), query.get("consumer_secret", "")
        if authorization.startswith("Basic "):
            key, secret = _basic(authorization)
        known = self.keys.get(key)
        if known is None or not hmac.compare_digest(known.encode(), secret.encode()):
            words = "Sorry, you cannot list resources."
            raise Problem("woocommerce_rest_cannot_view", words, 401)
        return key

    def _check_oauth(self, method: str, url: str, query: Mapping[str, str]) -> None:
        known = self.keys.get(query["oauth_consumer_key"])
        if known is None:
            raise _denied("Consumer key is invalid.")
        hash_ = _HASHES.get(query.get("oauth_signature_method", ""))
        if hash_ is None:
            raise _denied("Invalid signature - signature method is invalid.")
        text = signature_base(method, url, query)
        digest = hmac.new(f"{known}&".encode(), text.encode(), hash_).digest()
        given = unquote(query.get("oauth_signature", "")).replace(" ", "+")
        if not hmac.compare_digest(base64.b64encode(digest), given.encode()):
            raise _denied("Invalid signature - provided signature does not match.")
        self._check_fresh(query)

    def _check_fresh(self, query: Mapping[str, str]) -> None:
        stamp, nonce = query.get("oauth_timestamp", ""), query.get("oauth_nonce", "")
        if not stamp.isdigit() or abs(time.time() - int(stamp)) > SKEW:
            raise _denied("Invalid timestamp.")
        if not nonce or (nonce, stamp) in self._met:
            raise _denied("Invalid nonce - nonce has already been used.")
        self._met.append((nonce, stamp))


def signature_base(method: str, url: str, query: Mapping[str, str]) -> str:
    """The text an OAuth 1.0a signature covers, as the shop puts it together."""
    pairs = sorted((_twice(k), _twice(v)) for k, v in query.items() if k != "oauth_signature")
    joined = "%26".join(f"{key}%3D{value}" for key, value in pairs)
    return f"{method}&{quote(url, safe='')}&{joined}"


def _twice(value: str) -> str:
    return quote(unquote(value), safe="").replace("%", "%25")


def _basic(authorization: str) -> tuple[str, str]:
    try:
        key, _, secret = base64.b64decode(authorization[6:]).decode().partition(":")
    except ValueError:
        return "", ""
    return key, secret


def _denied(words: str) -> Problem:
    return Problem("woocommerce_rest_authentication_error", words, 401)

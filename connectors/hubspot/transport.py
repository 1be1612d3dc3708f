"""The road the vendor's package drives on: our time limits and errors, no retry, no redirect."""

import logging
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import urllib3

from hub.contract import Unavailable, outbound

from . import answers, paths
from .answers import VENDOR, Answer

CONNECT = 5.0


class _Cut(logging.Filter):
    """Cuts keys and tokens out of urllib3's lines: some of the vendor's addresses hold them."""

    _secret = re.compile(r"(access-tokens/|refresh-tokens/|hapikey=)[^\s?&\"']+")

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            cut = (self._secret.sub(r"\1…", a) if isinstance(a, str) else a for a in record.args)
            record.args = tuple(cut)
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_Cut())

# Connections are shared by all accounts: nothing of an account is kept in them.
_POOL = outbound.pool(num_pools=8, maxsize=32, retries=False)


@dataclass
class Budget:
    """What is left of an account's calls today, as its last answer said; in processes, not rows:
    a hint that holds back the polls, never a count."""

    left: int = -1
    of: int = -1
    seen: float = field(default_factory=time.monotonic)

    @property
    def is_low(self) -> bool:
        """Whether less than a twentieth is left, by an answer of the last ten minutes."""
        known = self.of > 0 and time.monotonic() - self.seen < 600
        return known and self.left < self.of / 20

    def hear(self, headers: Mapping[str, str]) -> None:
        """Note what an answer says; search answers say nothing."""
        left = headers.get("x-hubspot-ratelimit-daily-remaining", "")
        of = headers.get("x-hubspot-ratelimit-daily", "")
        if left.isdigit() and of.isdigit():
            self.left, self.of, self.seen = int(left), int(of), time.monotonic()

    @property
    def words(self) -> str:
        """ "248,120 of 250,000 calls left today"; empty when not known."""
        return f"{self.left:,} of {self.of:,} calls left today" if self.of > 0 else ""


@dataclass(frozen=True)
class Road:
    """Stands where the package expects a urllib3 pool; one for each call."""

    deadline: float
    version: str
    budget: Budget

    def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        fields: Sequence[tuple[str, str]] | None = None,
        **_: Any,
    ) -> Answer:
        """One request. Raises the listed errors, told apart by what can be proven not sent."""
        failed: Unavailable | None = None
        try:
            raw = _POOL.request(
                method,
                self._address(url),
                headers=dict(headers or {}),
                body=body,
                fields=fields or None,
                timeout=urllib3.Timeout(connect=min(CONNECT, self.deadline), read=self.deadline),
                redirect=False,
            )
        except urllib3.exceptions.HTTPError as error:
            failed = _translated(error)
        if failed:
            # Raised apart from its cause, whose words hold the whole address.
            raise failed
        low = {name.lower(): value for name, value in raw.headers.items()}
        self.budget.hear(low)
        return answers.check(Answer(raw.status, raw.reason or "", raw.data, low))

    def _address(self, url: str) -> str:
        split = urlsplit(url)
        return split._replace(path=paths.spoken(split.path, self.version)).geturl()


def _translated(error: urllib3.exceptions.HTTPError) -> Unavailable:
    exceptions = urllib3.exceptions
    if isinstance(error, exceptions.SSLError):
        # A certificate is judged before the request is written; other trouble may come after.
        judged = "CERTIFICATE_VERIFY_FAILED" in repr(error)
        words = f"{VENDOR}'s certificate is not valid." if judged else f"{VENDOR}'s TLS broke off."
        return Unavailable(words, reached=not judged)
    if isinstance(
        error,
        exceptions.NewConnectionError
        | exceptions.ConnectTimeoutError
        | exceptions.NameResolutionError
        | exceptions.LocationValueError,
    ):
        return Unavailable(f"{VENDOR} could not be reached.", reached=False)
    if isinstance(error, exceptions.TimeoutError):
        return Unavailable(f"{VENDOR} did not answer in time.")
    return Unavailable(f"{VENDOR} broke the connection off.")

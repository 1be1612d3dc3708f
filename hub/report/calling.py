"""Calling an endpoint: one POST within a deadline, through the hub's own way out, which judges each
address; no redirect is followed, and of the answer only the beginning is read."""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
import urllib3

from hub.contract import Unavailable
from hub.contract.http import retry_after, translated
from hub.contract.http_once import own_session, within

log = logging.getLogger(__name__)

DEADLINE = 15.0  # seconds; the standard asks for 15 to 30
KEPT = 1024  # bytes of an answer
_WHO = "The endpoint"
_BUSY = (429, 502, 503, 504)


@dataclass(frozen=True)
class Answered:
    """What came back: a status (0 for none at all), the beginning of the answer, what it means in
    words (empty where it took it), the milliseconds it took, the seconds it asks us to wait."""

    code: int
    answer: str
    words: str
    took: int
    wait: float = 0.0

    @property
    def is_well(self) -> bool:
        """2xx alone is."""
        return 200 <= self.code < 300

    @property
    def is_gone(self) -> bool:
        """It wants to hear no more, ever."""
        return self.code == 410


def call(url: str, headers: Mapping[str, str], body: bytes, deadline: float = DEADLINE) -> Answered:
    """Tell it once. Raises nothing: an endpoint that is away is an answer too."""
    began = time.monotonic()
    try:
        response, read = within(deadline, lambda: _post(url, headers, body, deadline), _WHO)
    except Unavailable as error:
        return Answered(0, "", error.words, _since(began))
    except Exception as error:  # an address that no library takes must not come up for ever
        log.exception("telling.failed")
        words = f"It could not be called: {type(error).__name__}."
        return Answered(0, "", words, _since(began))
    code = response.status_code
    wait = retry_after(response, 0.0) if code in _BUSY else 0.0
    return Answered(code, _readable(read), _meaning(code), _since(began), wait)


def _post(
    url: str, headers: Mapping[str, str], body: bytes, deadline: float
) -> tuple[requests.Response, bytes]:
    limit: Any = urllib3.Timeout(total=deadline)  # requests takes it; its stubs do not say so
    with translated(_WHO):
        response = own_session("endpoints").post(
            url,
            data=body,
            headers={"Content-Type": "application/json", "Accept-Encoding": "identity", **headers},
            timeout=limit,
            allow_redirects=False,
            stream=True,
        )
        try:
            read: bytes = response.raw.read(KEPT, decode_content=False)
        except (urllib3.exceptions.HTTPError, OSError):
            read = b""  # the status counts, and it is there
        finally:
            response.close()
    return response, read


def _readable(read: bytes) -> str:
    plain = read.decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in plain)


def _meaning(code: int) -> str:
    if 200 <= code < 300:
        return ""
    if 300 <= code < 400:
        return f"It answered {code} and leads elsewhere. Enter the address that it leads to."
    if code == 410:
        return "It answered 410: it is gone and wants to be told no more."
    return f"It answered {code}; only 200 to 299 means that it was taken."


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)

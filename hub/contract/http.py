"""HTTP as connectors use it: judged addresses, time limits, no redirects, errors from the closed
list."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests

from hub.contract.errors import AuthLost, Refused, Throttled, Unavailable
from hub.contract.outbound import Adapter

AGENT = "Relais/0.1"


class _Straight(requests.Session):
    """A session that goes nowhere else than it was told."""

    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: an answer that sends on is an answer."""
        return None


def session() -> requests.Session:
    """A session that keeps connections open, never retries, and calls no address that the hub may
    not call (hub/contract/outbound.py)."""
    made = _Straight()
    made.headers["User-Agent"] = AGENT
    made.trust_env = False
    adapter = Adapter(pool_connections=4, pool_maxsize=32, max_retries=0)
    made.mount("https://", adapter)
    made.mount("http://", adapter)
    return made


@contextmanager
def translated(vendor: str) -> Iterator[None]:
    """Turn what `requests` raises into Unavailable, telling apart what can be proven not sent.

    The cause is dropped on purpose: it holds the whole address, keys in the query included.
    """
    try:
        yield
    except requests.exceptions.SSLError as error:
        # A certificate is judged before the request is written; other TLS trouble may come after.
        judged = "CERTIFICATE_VERIFY_FAILED" in repr(error)
        words = f"{vendor}'s certificate is not valid." if judged else f"{vendor}'s TLS broke off."
        raise Unavailable(words, reached=not judged) from None
    except requests.ConnectTimeout:
        raise Unavailable(f"{vendor} could not be reached.", reached=False) from None
    except requests.Timeout:
        raise Unavailable(f"{vendor} did not answer in time.") from None
    except requests.ConnectionError as error:
        never_left = "NewConnectionError" in repr(error) or "NameResolution" in repr(error)
        words = "could not be reached" if never_left else "broke the connection off"
        raise Unavailable(f"{vendor} {words}.", reached=not never_left) from None
    except requests.RequestException:
        raise Unavailable(f"{vendor} answered in a form that cannot be read.") from None


def check_status(vendor: str, response: requests.Response) -> None:
    """Raise the listed error for an answer that is not 2xx, with the vendor's own words."""
    status = response.status_code
    if 200 <= status < 300:
        return
    words = f"{vendor} answered {status}: {said_by(response)}"
    if status in (401, 403):
        raise AuthLost(words)
    if status == 429:
        raise Throttled(words, retry_after=retry_after(response))
    if status in (408, 499) or status >= 500:
        raise Unavailable(words)
    raise Refused(words, code=str(status))


def retry_after(response: requests.Response, default: float = 60.0) -> float:
    """Seconds the vendor asks us to wait, at most an hour."""
    try:
        return min(max(float(response.headers["Retry-After"]), 0.0), 3600.0)
    except (KeyError, ValueError):
        return default


def said_by(response: requests.Response) -> str:
    """The vendor's own words in an error body, whatever its form, in at most 200 characters."""
    try:
        body = json.loads(response.content[:65536])
    except ValueError:
        return "an answer that is not JSON."
    if isinstance(body, dict):
        for name in ("detail", "message", "title", "error_description", "error"):
            if isinstance(body.get(name), str):
                return str(body[name])[:200]
    return "no explanation."


def json_of(vendor: str, response: requests.Response) -> Any:
    """The body of a 2xx answer as JSON. Raises Unavailable (perhaps done) when it is none."""
    try:
        return json.loads(response.content)
    except ValueError:
        raise Unavailable(f"{vendor} answered with something that is not JSON.") from None

"""HTTP for the vendor's client: its `request` over our own session, with our time limits."""

from functools import lru_cache
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import httplib2
import requests

from hub.contract import Context
from hub.contract.http import AGENT, session, translated

VENDOR = "Google Calendar"


@lru_cache(maxsize=1)
def _shared() -> requests.Session:
    made = session()
    # One session serves every connection: nothing of one merchant's may be kept for another's.
    made.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    return made


class Transport:
    """Speaks httplib2's `request` for one connection: no redirects, no retries, no waiting on.

    Raises Unavailable.
    """

    def __init__(self, ctx: Context) -> None:
        self._limits = (min(5.0, ctx.deadline), ctx.deadline)
        # A value with a line break would be refused by the HTTP library, in words that show it.
        token = "".join(ctx.secrets.get("access_token", "").split())
        self._authorization = f"Bearer {token.encode('ascii', 'replace').decode()}"

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: dict[str, str] | None = None,
        **_: Any,
    ) -> tuple[httplib2.Response, bytes]:
        """The answer as httplib2 gives it, and its body."""
        sent = {k: v for k, v in (headers or {}).items() if k.lower() != "content-length"}
        sent["Authorization"] = self._authorization
        sent["user-agent"] = f"{AGENT} (gzip)"  # the vendor compresses for this word only
        data = body.encode() if isinstance(body, str) else body
        with translated(VENDOR):
            answer = _shared().request(
                method, uri, data=data, headers=sent, timeout=self._limits, allow_redirects=False
            )
        named = {k.lower(): v for k, v in answer.headers.items()}
        made = httplib2.Response({**named, "status": str(answer.status_code)})
        made.reason = answer.reason or ""
        return made, answer.content

    def close(self) -> None:
        """The session stays open for the next."""

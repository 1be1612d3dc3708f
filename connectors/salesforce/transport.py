"""HTTP beneath the vendor's package: our time limits, no redirects, the last answer at hand."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import requests

from hub.contract import Context, Refused
from hub.contract.http import AGENT
from hub.contract.outbound import Adapter

# Salesforce names the client of an edit in the change event that tells of it.
AGENT_NAME = "Relais"


class _Plain(Adapter):
    """simple-salesforce writes https before every host; a simulator on loopback speaks http."""

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> Any:
        request.url = "http" + (request.url or "").removeprefix("https")
        return super().send(request, *args, **more)


class Transport(requests.Session):
    """A session for one call of the hub's; `last` is the answer that came last."""

    def __init__(self, ctx: Context, base: str) -> None:
        super().__init__()
        self.trust_env = False
        self.headers["User-Agent"] = AGENT
        self.headers["Sforce-Call-Options"] = f"client={AGENT_NAME}"
        self.last: requests.Response | None = None
        self._limits = (min(5.0, ctx.deadline), ctx.deadline)
        split = urlsplit(base)
        kind = _Plain if split.scheme == "http" else Adapter
        self.mount(f"https://{split.netloc}", kind(max_retries=0))

    def request(self, method: Any, url: Any, *args: Any, **more: Any) -> requests.Response:
        """As ever, within the deadline and without following anyone elsewhere."""
        self.last = None
        limits = {"timeout": self._limits, "allow_redirects": False}
        self.last = super().request(method, url, *args, **{**more, **limits})
        return self.last


def base_of(settings: Mapping[str, str], secrets: Mapping[str, str]) -> str:
    """The org's own address: as Salesforce told it, or as the settings name it. Raises Refused.

    Plain http is taken only where the sign-in address is plain http too: a simulator's.
    """
    typed = settings.get("base_url", "").strip() or secrets.get("instance_url", "").strip()
    split = urlsplit(typed)
    plain = login(settings).startswith("http://")
    fits = split.scheme == "https" or (split.scheme == "http" and plain)
    if not (fits and split.hostname and "@" not in split.netloc):
        raise Refused("The org's address is not known. Sign in again.")
    return f"{split.scheme}://{split.netloc}"


def login(settings: Mapping[str, str]) -> str:
    """The address of Salesforce's own sign-in page, without a path. Raises Refused."""
    typed = settings.get("login_url", "").strip() or "https://login.salesforce.com"
    split = urlsplit(typed if "://" in typed else f"https://{typed}")
    if split.scheme not in ("http", "https") or not split.hostname or "@" in split.netloc:
        words = "Write https://login.salesforce.com, or your org's own My Domain address."
        raise Refused(f"The sign-in address is not a web address. {words}")
    return f"{split.scheme}://{split.netloc}"

"""A request as it arrived, and an answer to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

RECEIVED_AT = "x-relais-received-at"


@dataclass(frozen=True)
class Request:
    """A request as it arrived: header names in lower case, the body as raw bytes.

    `url` is the whole address as the vendor called it: the hub's public address, the raw path and
    the raw query. The hub adds the header `x-relais-received-at`, its own clock in ISO 8601, before
    anything looks at the request; whoever sends that header is not believed.
    """

    method: str
    headers: Mapping[str, str]
    body: bytes
    query: Mapping[str, str] = field(default_factory=dict)
    path: str = ""
    url: str = ""

    @classmethod
    def of(cls, method: str, headers: Mapping[str, str], body: bytes, **more: Any) -> "Request":
        """The same, from headers in any case."""
        return cls(method, {k.lower(): v for k, v in headers.items()}, body, **more)

    def header(self, name: str) -> str:
        """A header's value, or an empty text."""
        return self.headers.get(name.lower(), "")


@dataclass(frozen=True)
class Response:
    """What the hub answers a vendor that needs more than an empty 200."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"

"""The hub's side of a simulator's deliveries: it hears everything and answers 200."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract.kit.simulator import Faults
from hub.contract.request import RECEIVED_AT, Request
from hub.contract.values import utc_now


@dataclass
class Ear:
    """The hub's side of the deliveries: it hears everything and answers 200."""

    faults: Faults = field(default_factory=Faults)
    heard: list[Request] = field(default_factory=list)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Remember the request with the time it came, answer an empty 200."""
        names = {k[5:].replace("_", "-"): v for k, v in environ.items() if k.startswith("HTTP_")}
        names |= {"content-type": environ.get("CONTENT_TYPE", "")}
        names |= {RECEIVED_AT: utc_now().isoformat()}
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        path, asked = quote(environ.get("PATH_INFO", "")), environ.get("QUERY_STRING", "")
        url = f"http://{environ.get('HTTP_HOST', '')}{path}{'?' if asked else ''}{asked}"
        more: dict[str, Any] = {"query": dict(parse_qsl(asked)), "path": path, "url": url}
        self.heard.append(Request.of(environ["REQUEST_METHOD"], names, body, **more))
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]

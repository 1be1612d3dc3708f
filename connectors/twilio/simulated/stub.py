"""A vendor that answers every request alike, for the answers no Twilio should give."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract.kit.simulator import Faults


@dataclass
class Stub:
    """The same answer each time: a `str` as it is, anything else as JSON. It keeps the forms."""

    status: str = "201 Created"
    body: Any = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    faults: Faults = field(default_factory=Faults)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.forms.append(dict(parse_qsl(body.decode())))
        said = self.body if isinstance(self.body, str) else json.dumps(self.body)
        start_response(self.status, [*self.headers, ("Content-Length", str(len(said.encode())))])
        return [said.encode()]

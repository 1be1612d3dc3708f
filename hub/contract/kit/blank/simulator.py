"""Example Vendor as a small WSGI app with a memory."""

import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract import Outgoing, Request
from hub.contract.kit.simulator import Faults

from .events import SIGNATURE, sign

_STATUS = {200: "200 OK", 201: "201 Created", 401: "401 Unauthorized", 404: "404 Not Found"}
Answer = tuple[int, dict[str, Any]]


@dataclass
class Simulator:
    """The vendor: contacts, a running number of changes, notes on contacts."""

    faults: Faults = field(default_factory=Faults)
    changes: list[dict[str, Any]] = field(default_factory=list)
    notes: dict[str, list[dict[str, str]]] = field(default_factory=lambda: {"1": []})
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The vendor's HTTP."""
        sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        known = environ.get("HTTP_AUTHORIZATION") == f"Bearer {self.secrets()['api_key']}"
        with self._lock:
            status, document = (
                self._answer(environ["PATH_INFO"], parse_qs(environ["QUERY_STRING"]), sent)
                if known
                else (401, {"message": "This key is not known."})
            )
        body = json.dumps(document).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(_STATUS[status], headers)
        return [body]

    def settings(self, base_url: str) -> dict[str, str]:
        """A connection's settings that reach it."""
        return {"url": base_url}

    def secrets(self) -> dict[str, str]:
        """The key it accepts, and the secret it signs with."""
        return {"api_key": "key-of-the-simulator", "webhook_secret": "secret-of-the-simulator"}

    def sign(self, body: bytes) -> Request:
        """Any body, signed."""
        signature = sign(body, self.secrets()["webhook_secret"])
        return Request.of("POST", {SIGNATURE: signature, "x-delivery-id": "d-1"}, body)

    def deliveries(self) -> Sequence[Request]:
        """A change, and something this connector does not use."""
        return [
            self.sign(json.dumps(_change(1)).encode()),
            self.sign(b'{"type":"invoice.sent","id":"9"}'),
        ]

    def change(self, count: int) -> None:
        """So many new contacts change."""
        with self._lock:
            first = len(self.changes) + 1
            self.changes += [_change(number) for number in range(first, first + count)]

    def subject(self) -> str:
        """A contact with room for notes."""
        return "contact:1"

    def written(self, marker: str) -> int:
        """On how many notes the marker stands."""
        with self._lock:
            return sum(marker in n["text"] for notes in self.notes.values() for n in notes)

    def outgoing(self, count: int) -> Sequence[Outgoing]:
        """It carries nothing."""
        return []

    def carried(self, reference: str) -> int:
        """It carries nothing."""
        return 0

    def _answer(self, path: str, query: dict[str, list[str]], sent: bytes) -> Answer:
        if path == "/v1/account":
            return 200, {"name": "Maison Lune", "last_change": len(self.changes)}
        if path == "/v1/changes":
            after, limit = int(query["after"][0]), int(query["limit"][0])
            return 200, {"changes": self.changes[after : after + limit]}
        notes = self.notes.get(path.removeprefix("/v1/contacts/").removesuffix("/notes"))
        if notes is None:
            return 404, {"message": "There is no such contact."}
        if not sent:
            return 200, {"notes": notes}
        notes.append({"id": str(len(notes) + 1), "text": json.loads(sent)["text"]})
        return 201, notes[-1]


def _change(number: int) -> dict[str, Any]:
    return {
        "type": "contact.changed",
        "number": number,
        "id": str(number),
        "version": 1,
        "changed_at": "2026-06-12T14:30:00+02:00",
        "contact": {
            "first_name": "Zoë",
            "last_name": "Martin",
            "phone": f"+336399801{number % 100:02}",
            "country": "FR",
            "email": "zoe@example.com",
            "city": "Lyon",
        },
    }

"""How large and how slow a request may be: a body is read whole, within its time and size, before
the application sees the request; until then it costs a greenlet and no connection to the database.

This is gunicorn's worker, and the server imports it before the sockets are patched: nothing that
reaches for the database driver may be imported here.
"""

import io
import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import gevent
from gunicorn import util
from gunicorn.workers.ggevent import GeventWorker

LARGEST_BODY = 1024 * 1024
# Small bodies always find room; larger ones share this much, or many half-sent ones would fill
# the machine's memory.
ROOM = 128 * 1024 * 1024
_STEP = 64 * 1024
_LINGER = 1.0  # seconds for which a refused sender may go on, so that it reads the answer
_MOST_LINGERED = 4 * LARGEST_BODY


@dataclass(frozen=True)
class Refusal:
    """An answer given in place of the application's; `words` say what to do."""

    status: int
    reason: str
    words: str
    code: str
    headers: str = ""

    def answer(self, *, is_api: bool) -> bytes:
        """The whole answer; the connection ends with it."""
        body = (json.dumps(self._problem()) if is_api else self.words + "\n").encode()
        kind = "application/problem+json" if is_api else "text/plain; charset=utf-8"
        head = (
            f"HTTP/1.1 {self.status} {self.reason}\r\nContent-Type: {kind}\r\n"
            f"Content-Length: {len(body)}\r\n{self.headers}Connection: close\r\n\r\n"
        )
        return head.encode() + body

    def _problem(self) -> dict[str, object]:
        return {
            "type": f"/problems/{self.code}",
            "title": f"{self.reason}.",
            "status": self.status,
            "detail": self.words,
            "errors": [],
        }


TOO_LARGE = Refusal(
    413, "Content Too Large", "The body has more than 1 MiB. Send less at once.", "too-large"
)
TOO_SLOW = Refusal(
    408, "Request Timeout", "The body did not come in time. Send the request again.", "too-slow"
)
CUT_OFF = Refusal(
    400, "Bad Request", "The body is shorter than its Content-Length. Send it again.", "cut-off"
)
CODED = Refusal(
    415, "Unsupported Media Type", "Send the body as it is, without Content-Encoding.", "coded"
)
FULL = Refusal(
    503,
    "Service Unavailable",
    "Too many large requests come at once. Send this one again in a few seconds.",
    "busy",
    "Retry-After: 5\r\n",
)


class Worker(GeventWorker):  # type: ignore[misc]
    """gunicorn's gevent worker; its `keepalive` is the seconds for a head, and for a body."""

    _held = 0

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> Any:
        """Read the body, then answer the request. Raises StopIteration where it was refused."""
        body: list[bytes] = []
        try:
            refusal = refused_by_head(req.headers) or self._receive(req, sock, body)
            if refusal is None:
                req.body = io.BytesIO(b"".join(body))
                return super().handle_request(listener_name, req, sock, addr)
        finally:
            self._held -= sum(map(len, body))
        sock.sendall(refusal.answer(is_api=req.path.startswith("/api/")))
        _linger(sock)
        raise StopIteration

    def _receive(self, req: Any, sock: Any, body: list[bytes]) -> Refusal | None:
        if req._expected_100_continue:  # gunicorn would say it only after the body
            sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            req._expected_100_continue = False
        refusal: Refusal | None = TOO_SLOW
        with gevent.Timeout(self.cfg.keepalive, False):
            refusal = self._fill(body, req.body)
        length = _named(req.headers, "CONTENT-LENGTH")
        if refusal is None and length and sum(map(len, body)) != int(length):
            return CUT_OFF
        return refusal

    def _fill(self, body: list[bytes], source: Any) -> Refusal | None:
        size = 0
        try:
            while part := source.read(_STEP):
                body.append(part)
                self._held += len(part)
                size += len(part)
                if size > LARGEST_BODY:
                    return TOO_LARGE
                if size > _STEP and self._held > ROOM:
                    return FULL
        except OSError:  # the sender is gone in the middle of a chunk
            return CUT_OFF
        return None


def refused_by_head(headers: Sequence[tuple[str, str]]) -> Refusal | None:
    """What the head alone gives reason to refuse; names of headers are in capitals."""
    if int(_named(headers, "CONTENT-LENGTH") or 0) > LARGEST_BODY:
        return TOO_LARGE
    coding = _named(headers, "CONTENT-ENCODING").strip().lower()
    return CODED if coding not in ("", "identity") else None


def _named(headers: Sequence[tuple[str, str]], name: str) -> str:
    return ",".join(value for known, value in headers if known == name)


def _linger(sock: Any) -> None:
    """Closing while the sender still sends would reset the connection, the answer unread."""
    left = _MOST_LINGERED
    with gevent.Timeout(_LINGER, False):
        try:
            sock.shutdown(socket.SHUT_WR)
            while left > 0 and (part := sock.recv(_STEP)):
                left -= len(part)
        except OSError:
            util.close(sock)

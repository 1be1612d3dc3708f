"""Requests written byte by byte, as no client library would, and what came back."""

import re
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

_BIG = re.compile(r"\{big:(.*?):(\d+)\}", re.DOTALL)
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3}) ")
_PATIENCE = 15.0  # seconds


@dataclass(frozen=True)
class Heard:
    """What came back until the other side closed or had said enough: the statuses in order, all of
    it, and the seconds it took to the first byte."""

    statuses: tuple[int, ...]
    raw: bytes
    seconds: float

    @property
    def status(self) -> int:
        """The first final status; 0 for none at all."""
        return next((s for s in self.statuses if s >= 200), 0)


def written(template: str, values: Mapping[str, str]) -> bytes:
    """The bytes of a request: `{path}`, `{host}`, `{headers}` … filled in, `{big:x:400000}` made
    as long as it says."""
    text = template
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    text = _BIG.sub(lambda found: found[1] * int(found[2]), text)
    return text.encode("latin-1")


def exchange(port: int, sent: bytes, *, answers: int = 1, then: str = "") -> Heard:
    """Send and listen until so many final answers came. `then` is «close» to hang up at once."""
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), timeout=_PATIENCE) as link:
        _send(link, sent)
        if then == "close":
            return Heard((), b"", 0.0)
        raw, first = b"", 0.0
        while len(_finals(raw)) < answers or not _is_whole(raw):
            part = _part(link)
            if not part:
                break
            first = first or time.perf_counter() - began
            raw += part
    found = tuple(int(status) for status in _STATUS.findall(raw))
    return Heard(found, raw, first)


def _finals(raw: bytes) -> list[bytes]:
    return [status for status in _STATUS.findall(raw) if not status.startswith(b"1")]


def _is_whole(raw: bytes) -> bool:
    """Whether the last answer's head is there; bodies are short and come with it."""
    return b"\r\n\r\n" in raw[raw.rfind(b"HTTP/1.") :]


def _send(link: socket.socket, sent: bytes) -> None:
    # Refused before it was whole: what the other side said can still be read.
    with suppress(OSError):
        link.sendall(sent)


def _part(link: socket.socket) -> bytes:
    try:
        return link.recv(65536)
    except (ConnectionResetError, TimeoutError):
        return b""

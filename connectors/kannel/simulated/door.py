"""Kannel's sendsms door as HTTP: what it takes, and its answers of one line."""

from dataclasses import dataclass
from typing import Protocol

from werkzeug.wrappers import Request, Response

TAKEN = "0: Accepted for delivery"
DENIED = "Number(s) has/have been denied by white- and/or black-lists."
_SHORTEST = 7  # this gateway's white list has no short codes


@dataclass(frozen=True)
class Wanted:
    """One message as it was handed in."""

    to: str
    sender: str
    text: str
    hook: str


class Gateway(Protocol):
    """What stands behind the door."""

    username: str
    password: str

    def accept(self, wanted: Wanted) -> None:
        """Take a message."""


def answer(gateway: Gateway, environ: dict[str, object]) -> Response:
    """Kannel's answer to one request."""
    asked = Request(environ)
    status, words = _answer(gateway, asked)
    return Response(words, status, content_type="text/html")


def _answer(gateway: Gateway, asked: Request) -> tuple[int, str]:
    if asked.path != "/cgi-bin/sendsms":
        return 404, "Unknown request."
    body, headers = asked.get_data(), asked.headers
    given = headers.get("X-Kannel-Username"), headers.get("X-Kannel-Password")
    if given != (gateway.username, gateway.password):
        return 403, "Authorization failed for sendsms"
    to, sender = headers.get("X-Kannel-To", ""), headers.get("X-Kannel-From", "")
    if not to:
        return 400, "Missing receiver(s) number(s), rejected"
    if not sender:
        return 400, "Sender missing and no global set, rejected"
    if len(to) < _SHORTEST:
        return 403, f"{DENIED} Denied receivers are: {to}"
    text = _text(body, headers.get("X-Kannel-Coding"))
    if text is None:
        return 400, "Charset or body misformed, rejected"
    gateway.accept(Wanted(to, sender, text, headers.get("X-Kannel-DLR-Url", "")))
    return 202, TAKEN


def _text(body: bytes, coding: str | None) -> str | None:
    """By the coding alone: that is how the phone will read it, whatever the charset says."""
    try:
        return body.decode("utf-16-be" if coding == "2" else "utf-8")
    except UnicodeDecodeError:
        return None

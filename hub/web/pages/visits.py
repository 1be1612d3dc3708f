"""One visit of a page: whose browser it is, what they may do, what they sent."""

import hmac
import secrets as random
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import Request
from sqlalchemy import Connection

from hub.accounts.entering import Caller
from hub.accounts.roles import May, may
from hub.store import audit
from hub.store.database import Row
from hub.store.ground import Ground
from hub.web.landing.guessing import network_of
from hub.work.nudges import Bell

_LONGEST_TOKEN = 128


@dataclass(frozen=True)
class Visit:
    """A request by a browser. `seat` is its session, with the user and their role where they are;
    None for a stranger. `token` is what stands in its cookie."""

    ground: Ground
    request: Request
    seat: Row | None
    token: str
    bell: Bell | None = None

    @property
    def caller(self) -> Caller:
        """What is kept of the browser."""
        return Caller(self.request.user_agent.string, network_of(self.request.remote_addr or ""))

    @property
    def form(self) -> Mapping[str, str]:
        """What was sent, each name once."""
        return self.request.form.to_dict()

    @property
    def args(self) -> Mapping[str, str]:
        """What the address asks for, each name once."""
        return self.request.args.to_dict()

    @property
    def workspace_id(self) -> UUID:
        """The workspace they are in. Raises LookupError where they are in none."""
        if self.seat is None or self.seat["role"] is None:
            raise LookupError("Nobody is in a workspace here.")
        found: UUID = self.seat["at_workspace"]
        return found

    @property
    def user_id(self) -> UUID:
        """Who it is. Raises LookupError for a stranger."""
        if self.seat is None:
            raise LookupError("A stranger has no id.")
        found: UUID = self.seat["user_id"]
        return found

    @property
    def onward(self) -> str:
        """Where they wanted to go; only within this hub."""
        wanted = self.request.values.get("next", "")
        parts = urlsplit(wanted)
        inside = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
        return wanted if inside and not parts.netloc and not parts.scheme else "/"

    def may(self, what: May) -> bool:
        """Whether their role here allows it."""
        return self.seat is not None and may(self.seat["role"], what)

    def ring(self, *arrows: str) -> None:
        """Wake these arrows of the road, once what they are to find is committed."""
        for arrow in arrows:
            if self.bell is not None:
                self.bell.ring(arrow)

    def begin(self) -> AbstractContextManager[Connection]:
        """A transaction that sees their workspace's rows alone."""
        return self.ground.database.begin(self.workspace_id)

    def note(self, db: Connection, what: str, object: object = "", **detail: Any) -> None:
        """A line in the audit chain: who did what, to what. The last thing in its transaction."""
        who, now = f"user:{self.user_id}", self.ground.clock()
        audit.note(db, now, who, what, str(object), self.workspace_id, detail)

    @property
    def wants_part(self) -> bool:
        """Whether htmx asks, which takes a part of a page."""
        return self.request.headers.get("HX-Request") == "true"


def cookie_name(ground: Ground) -> str:
    """Over https the browser itself keeps other hosts and paths from writing it."""
    return "__Host-relais" if _is_https(ground) else "relais_session"


def cookie_of(ground: Ground, request: Request) -> str:
    """The token in a browser's cookie; empty where there is none that could be ours."""
    token = request.cookies.get(cookie_name(ground), "")
    return token if len(token) <= _LONGEST_TOKEN and token.isascii() else ""


def set_cookie(ground: Ground, answer: Any, token: str) -> None:
    """Keep a session's token in the browser; an empty one takes it away."""
    options = {"httponly": True, "samesite": "Lax", "secure": _is_https(ground), "path": "/"}
    if token:
        answer.set_cookie(cookie_name(ground), token, **options)
    else:
        answer.delete_cookie(cookie_name(ground), **options)


def mark_of(ground: Ground, token: str) -> str:
    """What a form must bring back: only a page that was given to this browser has it."""
    return hmac.digest(ground.vault.key, b"form|" + token.encode(), "sha256").hex()[:32]


def is_marked(ground: Ground, request: Request, token: str) -> bool:
    """Whether a request that changes something was sent from a page of ours: its mark, and, where
    the browser says so, the site it comes from."""
    said = request.headers.get("X-Relais-Mark") or request.form.get("mark", "")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin", "")
    if origin and urlsplit(origin).netloc != request.host:
        return False
    return bool(token) and hmac.compare_digest(said.encode(), mark_of(ground, token).encode())


def new_stranger() -> str:
    """A token for a browser that nobody is signed in with: so that its forms can be marked."""
    return f"s-{random.token_urlsafe(24)}"


def _is_https(ground: Ground) -> bool:
    return ground.settings.address.startswith("https://")

"""The door for short links: the opening is kept, and then the way shown. What is asked for beside
the token (a query, a header) never decides where it leads."""

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import SQLAlchemyError

from hub.store import clicks, links
from hub.store.ground import Ground
from hub.web import often
from hub.web.landing import page
from hub.web.landing.guessing import Guesses, network_of
from hub.web.landing.hosts import Hosts
from hub.web.landing.visitors import Visitor, visitor_of
from hub.web.landing.ways import with_campaign
from hub.web.landing.words import LANGUAGES
from hub.work.nudges import Bell

log = logging.getLogger(__name__)

_AWAY = (SQLAlchemyError, psycopg.Error, TimeoutError)
# Taps share this many of a process's connections. Were more of them at it, the pool would open
# connections beyond its own and close them again, each dearer than many taps.
_AT_ONCE = 6
_PATIENCE = 5.0  # seconds a tap waits for its turn
_RING_EVERY = 0.5  # seconds: a nudge for each tap would keep a worker busy with batches of one


@dataclass
class _Desk:
    """Opens links; what it remembers is in this process alone."""

    ground: Ground
    bell: Bell
    hosts: Hosts
    guesses: Guesses = field(default_factory=Guesses)
    _rang_at: float = float("-inf")
    _turns: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(_AT_ONCE))

    def open(self, token: str, owners: list[UUID] | None, button: bool) -> Response:
        """Answer for one token."""
        network = network_of(request.remote_addr or "")
        if not links.is_token(token):
            return _unknown()
        if self.guesses.too_many(network):
            return _wait(429)
        visitor = visitor_of(request.method, request.headers)
        link = self._take(token, owners, button, visitor)
        if link is None:
            self.guesses.missed(network)
            return _unknown()
        if not link["open"]:
            return page.sentence("ended", 410, link["language"], link["brand"])
        if visitor.who == "person":
            self._ring()
        return self._answer(link, token, button, visitor)

    def _ring(self) -> None:
        """The first tap is heard at once; those right after it are the clock's to sweep."""
        if time.monotonic() - self._rang_at > _RING_EVERY:
            self._rang_at = time.monotonic()
            self.bell.ring("clicks")

    def _take(
        self, token: str, owners: list[UUID] | None, button: bool, visitor: Visitor
    ) -> dict[str, Any] | None:
        if not self._turns.acquire(timeout=_PATIENCE):
            raise TimeoutError
        try:
            return clicks.take(
                self.ground.database,
                links.digest(token),
                self.ground.clock(),
                who=visitor.who,
                why=visitor.why or (clicks.BUTTON if button else ""),
                owners=owners,
                button=button,
            )
        finally:
            self._turns.release()

    def _answer(
        self, link: Mapping[str, Any], token: str, button: bool, visitor: Visitor
    ) -> Response:
        if visitor.ahead:
            # The browser drops what it fetched ahead and asks again when the link is tapped, so
            # that the tap is seen.
            return Response("", 503)
        if visitor.previews and (link["preview"] or link["kind"] == "page"):
            return page.preview(link)
        if link["kind"] == "page" and not button:
            return self._page(link, token)
        if not links.may_lead_to(link["target"], link["link_domains"]):
            log.warning("link.leads_astray", extra={"about": link["message_id"]})
            return _unknown()
        return Response("", 302, {"Location": with_campaign(link["target"], link["utm"])})

    def _page(self, link: Mapping[str, Any], token: str) -> Response:
        with self.ground.database.begin() as db:
            made_of = links.page_of(db, link["message_id"])
        if made_of is None:
            return _unknown()
        settings = self.ground.settings
        return page.message_page(link, dict(made_of), token, self.ground.clock(), settings.address)


def door(ground: Ground, bell: Bell, hosts: Hosts | None = None) -> Blueprint:
    """`/l/<token>`, and `/<token>` on a workspace's own link host; `…/go` is a page's button."""
    door = Blueprint("links", __name__)
    desk = _Desk(ground, bell, hosts or Hosts(ground))
    wait = often.links_wait(ground.settings)

    @door.before_app_request
    def only_links_on_a_link_host() -> Response | None:
        if (request.endpoint or "").startswith("links.") or _owners(desk) is None:
            return None
        return _private(_unknown())

    @door.before_request
    def not_too_often() -> Response | None:
        seconds = wait()
        return _private(_wait(429, seconds)) if seconds else None

    @door.get("/l/<token>")
    def follow(token: str) -> Response:
        return _opened(desk, token, False)

    @door.get("/l/<token>/go")
    def go_on(token: str) -> Response:
        return _opened(desk, token, True)

    @door.get("/<string(length=10):token>")
    def follow_here(token: str) -> Response:
        return _opened(desk, token, False, own_host=True)

    @door.get("/<string(length=10):token>/go")
    def go_on_here(token: str) -> Response:
        return _opened(desk, token, True, own_host=True)

    return door


def _owners(desk: _Desk) -> list[UUID] | None:
    """Whose host this is; nobody's while the database is away, which other doors say better."""
    try:
        return desk.hosts.owners(request.host)
    except _AWAY:
        return None


def _opened(desk: _Desk, token: str, button: bool, own_host: bool = False) -> Response:
    try:
        owners = desk.hosts.owners(request.host)
        if own_host and owners is None:
            abort(404)
        return _private(desk.open(token, owners, button))
    except _AWAY as error:
        # One line and no trace: many come at once, and writing traces would keep them coming.
        log.warning("link.not_opened", extra={"why": type(error).__name__})
        return _private(_wait(503))


def _language() -> str:
    return request.accept_languages.best_match(LANGUAGES, "en") or "en"


def _unknown() -> Response:
    return _by_browser(page.sentence("unknown", 404, _language()))


def _wait(status: int, seconds: int = 60) -> Response:
    made = _by_browser(page.sentence("wait", status, _language()))
    made.headers["Retry-After"] = str(seconds)
    return made


def _by_browser(made: Response) -> Response:
    made.headers["Vary"] = "Accept-Language"
    return made


def _private(made: Response) -> Response:
    made.headers["Cache-Control"] = "no-store"
    made.headers["Referrer-Policy"] = "no-referrer"
    return made

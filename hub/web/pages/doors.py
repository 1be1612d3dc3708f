"""Every page's way in and out: session, role, mark of the form, then the page; refusals are pages
too."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Blueprint, g, redirect, request
from flask_babel import gettext
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from hub.accounts import first
from hub.store import sandboxes, sessions
from hub.store.ground import Ground
from hub.web.pages import frame
from hub.web.pages.visits import Visit, cookie_of, is_marked, new_stranger, set_cookie
from hub.web.pages.wings import File, Go, Missing, Shown, Way, Wing
from hub.work.nudges import Bell

log = logging.getLogger(__name__)

FRESH_FOR = timedelta(minutes=15)  # a password given so lately need not be given again
_SAFE = ("GET", "HEAD")
_OWN_TIME = ("entrance", "accounts", "team")


def open_all(app: Any, ground: Ground, bell: Bell, wings: Sequence[Wing]) -> None:
    """Put every way of these wings on the application."""
    pages = Blueprint("pages", __name__)
    for wing in wings:
        for way in wing.ways:
            view = _view(ground, bell, way)
            pages.add_url_rule(way.path, way.name, view, methods=[way.method])
    app.register_blueprint(pages)


def _view(ground: Ground, bell: Bell, way: Way) -> Callable[..., Response]:
    def answer(**path: Any) -> Response:
        found: Shown | Go | File
        visit = Visit(ground, request, None, new_stranger())
        try:
            visit = _visit(ground, bell, way)
            found = _refused(visit, way) or way.act(visit, **path)
        except Missing:
            found = Shown("missing.html", status=404)
        except SQLAlchemyError:
            log.exception("pages.busy", extra={"page": way.name})
            found = Shown("busy.html", status=503)
        return _answered(visit, found)

    return answer


def _visit(ground: Ground, bell: Bell, way: Way) -> Visit:
    token = cookie_of(ground, request)
    seat = None
    if token and not token.startswith("s-"):
        with ground.database.begin() as db:
            seat = sessions.of_token(db, token, ground.clock())
    # A sandbox has a clock that can be moved; who signs in lives by the hub's own.
    ahead = None if way.wing in _OWN_TIME else (seat or {}).get("clock_ahead")
    here = sandboxes.ahead_of(ground, ahead or timedelta())
    g.seat, g.now, g.really = seat, here.clock(), ground.clock()
    return Visit(here, request, seat, token or new_stranger(), bell)


def _refused(visit: Visit, way: Way) -> Shown | Go | None:
    """What is shown in place of the page; None where they may come in."""
    if request.method not in _SAFE and not is_marked(visit.ground, request, visit.token):
        return Shown("stale.html", status=403)
    if way.may == "anybody":
        return None
    if visit.seat is None:
        return _to_sign_in(visit)
    if visit.seat["stage"] == "code":
        return None if way.may == "half" else Go("/sign-in/code")
    return _by_role(visit, way) or _stale(visit, way)


def _by_role(visit: Visit, way: Way) -> Shown | Go | None:
    if way.may in ("half", "anyone"):
        return None
    if visit.seat is not None and visit.seat["role"] is None:
        return Go("/workspaces")
    if not visit.may(way.may):  # type: ignore[arg-type]
        return Shown("not_allowed.html", status=403)
    return None


def _stale(visit: Visit, way: Way) -> Go | None:
    """The password was given too long ago for what this way opens."""
    if way.fresh and g.really - (visit.seat or {})["confirmed_at"] > FRESH_FOR:
        return Go(f"/confirm?next={quote(_here())}")
    return None


def _to_sign_in(visit: Visit) -> Go:
    if first.is_first_run(visit.ground):
        return Go("/welcome")
    onward = f"?next={quote(_here())}" if request.method in _SAFE and request.path != "/" else ""
    return Go(f"/sign-in{onward}", said=gettext("Sign in to go on.") if onward else "")


def _here() -> str:
    """Where they wanted to go: of a form that was sent, the page that it stands on."""
    if request.method in _SAFE:
        return request.full_path.rstrip("?")
    came = urlsplit(request.referrer or "")
    return came.path if came.netloc == request.host and came.path else "/"


def _answered(visit: Visit, found: Shown | Go | File) -> Response:
    if isinstance(found, File):
        answer = Response(found.content, mimetype=found.mimetype)
        answer.headers.set("Content-Disposition", "attachment", filename=found.name)
        answer.headers["Cache-Control"] = "no-store"
        return answer
    if isinstance(found, Go):
        answer = redirect(found.to, 303)
        if found.said:
            frame.say(visit.ground, answer, found.said)
        for name, value in found.keeps.items():
            frame.keep_choice(answer, name, value)
        if found.token is not None:
            set_cookie(visit.ground, answer, found.token)
        return answer
    answer = frame.shown(visit, found.template, found.values, found.status)
    if visit.token.startswith("s-"):  # a stranger's forms are marked too
        set_cookie(visit.ground, answer, visit.token)
    return answer

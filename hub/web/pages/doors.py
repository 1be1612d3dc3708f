"""Every page's way in and out: session, role, mark of the form, then the page; refusals are pages
too."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from flask import Blueprint, g, redirect, request
from flask_babel import gettext
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from hub.accounts import first
from hub.store import sessions
from hub.store.ground import Ground
from hub.web.pages import frame
from hub.web.pages.visits import Visit, cookie_of, is_marked, new_stranger, set_cookie
from hub.web.pages.wings import Go, Shown, Way, Wing

log = logging.getLogger(__name__)

FRESH_FOR = timedelta(minutes=15)  # a password given so lately need not be given again
_SAFE = ("GET", "HEAD")


def open_all(app: Any, ground: Ground, wings: Sequence[Wing]) -> None:
    """Put every way of these wings on the application."""
    pages = Blueprint("pages", __name__, template_folder="html")
    for wing in wings:
        for way in wing.ways:
            view = _view(ground, way)
            pages.add_url_rule(way.path, way.name, view, methods=[way.method])
    app.register_blueprint(pages)


def _view(ground: Ground, way: Way) -> Callable[..., Response]:
    def answer(**path: Any) -> Response:
        visit = Visit(ground, request, None, new_stranger())
        try:
            visit = _visit(ground)
            found = _refused(visit, way) or way.act(visit, **path)
        except SQLAlchemyError:
            log.exception("pages.busy", extra={"page": way.name})
            found = Shown("busy.html", status=503)
        return _answered(visit, found)

    return answer


def _visit(ground: Ground) -> Visit:
    token = cookie_of(ground, request)
    seat = None
    if token and not token.startswith("s-"):
        with ground.database.begin() as db:
            seat = sessions.of_token(db, token, ground.clock())
    g.seat = seat
    return Visit(ground, request, seat, token or new_stranger())


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
    return None if way.may in ("half", "anyone") else _by_role(visit, way)


def _by_role(visit: Visit, way: Way) -> Shown | Go | None:
    if visit.seat is not None and visit.seat["role"] is None:
        return Go("/workspaces")
    if not visit.may(way.may):  # type: ignore[arg-type]
        return Shown("not_allowed.html", status=403)
    if way.fresh and visit.ground.clock() - (visit.seat or {})["confirmed_at"] > FRESH_FOR:
        return Go(f"/confirm?next={quote(_here())}")
    return None


def _to_sign_in(visit: Visit) -> Go:
    if first.is_first_run(visit.ground):
        return Go("/welcome")
    onward = f"?next={quote(_here())}" if request.method in _SAFE and request.path != "/" else ""
    return Go(f"/sign-in{onward}", said=gettext("Sign in to go on.") if onward else "")


def _here() -> str:
    return request.full_path.rstrip("?") if request.method in _SAFE else "/"


def _answered(visit: Visit, found: Shown | Go) -> Response:
    if isinstance(found, Go):
        answer: Response = redirect(found.to, 303)
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

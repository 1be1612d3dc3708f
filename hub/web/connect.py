"""The way through a vendor's sign-in page and back, in one browser."""

import secrets as random

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as Answer

from hub.connections import dance
from hub.contract import ConnectorError, Rejected
from hub.store.ground import Ground
from hub.web.public import sentence_page
from hub.work.nudges import Bell

COOKIE = "relais_sign_in"


def door(ground: Ground, bell: Bell) -> Blueprint:
    """`/connect/<state>` sets out, `/connect/back` comes home."""
    connect = Blueprint("connect", __name__, url_prefix="/connect")

    @connect.get("/<state>")
    def set_out(state: str) -> Answer:
        browser = request.cookies.get(COOKIE) or random.token_urlsafe(32)
        try:
            there = redirect(dance.set_out(ground, state, browser))
        except Rejected:
            return sentence_page("ended", 400)
        secure = ground.settings.address.startswith("https://")
        there.set_cookie(
            COOKIE, browser, max_age=3600, httponly=True, samesite="Lax", secure=secure,
            path="/connect",
        )  # fmt: skip
        return _private(there)

    @connect.get("/back")
    def come_back() -> Answer:
        browser = request.cookies.get(COOKIE, "")
        try:
            home = dance.come_back(ground, request.args.to_dict(), browser)
        except Rejected:
            return _private(sentence_page("ended", 400))
        except ConnectorError:
            return _private(sentence_page("failed", 502))
        bell.ring("look_after")
        ours = home.return_url.startswith(f"{ground.settings.address}/connections/")
        if home.return_url and (home.agreed or ours):  # our own pages say it if they did not agree
            return _private(redirect(home.return_url))
        return _private(sentence_page("agreed" if home.agreed else "denied", 200))

    return connect


def _private(response: Answer) -> Answer:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

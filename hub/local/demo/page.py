"""The page at /demo: buttons, a phone, the road. It works without JavaScript; with it, it lives."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from flask import Flask, Response, abort, redirect, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from hub.contract import utc_now
from hub.local.demo import buttons, phone, roads
from hub.local.demo.people import RESIDENTS, Resident, resident
from hub.local.demo.town import Town
from hub.local.demo.words import LANGUAGES, choose, words
from hub.report.road import Road

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_NEAR = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Asked:
    """What the address asks for: whose phone, which road, in which language."""

    person: Resident
    language: str
    road: str
    said: str

    def address(self, path: str = "/demo", **changes: str) -> str:
        """This view's address, with changes; empty values are left out."""
        values = {
            "lang": self.language,
            "person": self.person.slug,
            "road": self.road,
            **changes,
        }
        return f"{path}?{urlencode({k: v for k, v in values.items() if v})}"


def build(town: Town) -> Flask:
    """The WSGI application."""
    app = Flask(__name__, template_folder="pages", static_url_path="/demo/static")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_only_from_here)
    app.after_request(_close_doors)
    app.register_error_handler(SQLAlchemyError, _database_away)

    @app.get("/")
    def root() -> Answer:
        return redirect("/demo")

    @app.get("/demo")
    def whole() -> str:
        asked = _asked()
        return render_template("page.html", **_phone(town, asked), **_roads(town, asked))

    @app.get("/demo/phone")
    def phone_alone() -> str:
        return render_template("_phone.html", **_phone(town, _asked()))

    @app.get("/demo/road")
    def road_alone() -> str:
        asked = _asked()
        return render_template("_road.html", **_words(asked), **_roads(town, asked))

    @app.post("/demo/act")
    def act() -> Answer:
        asked = _asked()
        try:
            said = buttons.press(town, request.form.get("act", ""), asked.person)
        except KeyError:
            abort(400, "There is no such button.")
        # What is done now is what one wants to see next, so a road that was chosen is let go.
        return redirect(asked.address(road="", said=said), 303)

    return app


def _asked() -> Asked:
    language = choose(request.values.get("lang", ""), request.accept_languages)
    said = request.args.get("said", "")
    return Asked(
        person=resident(request.values.get("person", "")),
        language=language,
        road=request.values.get("road", ""),
        said=said if said.startswith("said_") and said in words(language) else "",
    )


def _words(asked: Asked) -> dict[str, Any]:
    return {"w": words(asked.language), "asked": asked, "zone": phone.ZONE}


def _phone(town: Town, asked: Asked) -> dict[str, Any]:
    return {
        **_words(asked),
        "bubbles": phone.conversation(town.phones, asked.person),
        "people": RESIDENTS,
        "languages": {code: words(code)["language"] for code in LANGUAGES},
        "buttons": buttons,
        "clock": f"{utc_now().astimezone(phone.ZONE):%H:%M}",
    }


def _roads(town: Town, asked: Asked) -> dict[str, Any]:
    recent = roads.newest(town)
    chosen = _chosen(town, asked.road) if asked.road else None
    road = chosen or next(iter(recent), None)
    return {"recent": recent, "road": road, "ending": roads.ending, "brief": roads.brief}


def _chosen(town: Town, found: str) -> Road | None:
    try:
        return roads.one(town, UUID(found))
    except ValueError:
        return None


def _only_from_here() -> None:
    """A page elsewhere must not press our buttons, nor read us under a name of its own."""
    host = urlsplit(f"//{request.host}").netloc.rsplit(":", 1)[0]
    origin = request.headers.get("Origin", "")
    foreign = bool(origin) and urlsplit(origin).netloc != request.host
    if host not in _NEAR or (request.method == "POST" and foreign):
        abort(403, "This page answers on this machine only.")


def _close_doors(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    if not request.path.startswith("/demo/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response


def _database_away(error: SQLAlchemyError) -> tuple[str, int]:
    return "The database is starting again; reload this page in a moment.\n", 503

"""The page at /demo: five systems, a phone, the road. It works without JavaScript; with it, it
lives."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, redirect, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as Answer

from hub.local.demo import buttons, relaying, views
from hub.local.demo.people import resident
from hub.local.demo.street import PARTS
from hub.local.demo.town import Town
from hub.local.demo.views import Asked
from hub.local.demo.words import choose, words

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_NEAR = ("127.0.0.1", "localhost", "[::1]")
_PARTS = {
    "people": views.of_people,
    "phone": views.of_phone,
    "record": views.of_record,
    "road": views.of_roads,
    "health": views.of_health,
}


def build(town: Town) -> Flask:
    """The WSGI application."""
    app = Flask(__name__, template_folder="pages", static_url_path="/demo/static")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {"tapped": relaying.tapped, "picture": relaying.picture}
    app.register_blueprint(relaying.door(town))
    app.before_request(_only_from_here)
    app.after_request(_close_doors)
    app.register_error_handler(SQLAlchemyError, _database_away)

    @app.get("/")
    def root() -> Answer:
        return redirect("/demo")

    @app.get("/demo")
    def whole() -> str:
        return render_template("page.html", **views.whole(town, _asked()))

    @app.get("/demo/<any(people, phone, record, road, health):part>")
    def alone(part: str) -> str:
        asked = _asked()
        return render_template(f"_{part}.html", **views.plain(asked), **_PARTS[part](town, asked))

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
    said, system = request.args.get("said", ""), request.values.get("system", "")
    return Asked(
        system=system if system in PARTS else PARTS[0],
        person=resident(request.values.get("person", "")),
        language=language,
        road=request.values.get("road", ""),
        said=said if said.startswith("said_") and said in words(language) else "",
    )


def _only_from_here() -> None:
    """A page elsewhere must not press our buttons, nor read us under a name of its own."""
    host = urlsplit(f"//{request.host}").netloc.rsplit(":", 1)[0]
    origin = request.headers.get("Origin", "")
    foreign = bool(origin) and urlsplit(origin).netloc != request.host
    if host not in _NEAR or (request.method == "POST" and foreign):
        abort(403, "This page answers on this machine only.")


def _close_doors(response: Response) -> Response:
    # A page that the hub itself has answered has its own.
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "same-origin")
    if not request.path.startswith("/demo/static/"):
        response.headers["Cache-Control"] = "no-store"
    return response


def _database_away(error: SQLAlchemyError) -> tuple[str, int]:
    return "The database is starting again; reload this page in a moment.\n", 503

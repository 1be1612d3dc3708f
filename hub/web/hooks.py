"""The door for vendors' deliveries and carriers' callbacks: taken in, answered, and only then is
the next arrow woken."""

from flask import Blueprint, Response, request

from hub import contract, crash
from hub.connections import install
from hub.intake.accept import Porter
from hub.store.ground import Ground
from hub.work.nudges import Bell

_ARROW = {"events": "open", "carrier": "settle"}


def door(ground: Ground, bell: Bell) -> Blueprint:
    """`/hooks/<connector>/<token>` for deliveries, `…/<name>` for a CRM's workflows and their
    designers, `/hooks/<connector>/granted` for consent."""
    hooks = Blueprint("hooks", __name__, url_prefix="/hooks")
    porter = Porter(ground)

    @hooks.post("/<slug>/granted")
    def granted(slug: str) -> Response:
        try:
            install.granted(ground, slug, _received(ground))
        except contract.Rejected as refusal:
            return Response(refusal.words + "\n", 401, mimetype="text/plain")
        bell.ring("look_after")
        return Response("", 200)

    @hooks.route("/<slug>/<token>", methods=["GET", "POST"])
    def deliver(slug: str, token: str) -> Response:
        return _answered(slug, token)

    @hooks.route("/<slug>/<token>/<name>", methods=["GET", "POST"])
    def ask(slug: str, token: str, name: str) -> Response:
        return _answered(slug, token, name)

    def _answered(slug: str, token: str, name: str = "") -> Response:
        crash.at("C1")
        answer, road = porter.accept(slug, token, _received(ground), name)
        if road:
            bell.ring(_ARROW[road])
        made = Response(answer.body, answer.status, content_type=answer.content_type)
        if answer.status == 503:
            made.headers["Retry-After"] = "5"
        crash.at("C23")
        return made

    return hooks


def _received(ground: Ground) -> contract.Request:
    # As the vendor wrote it: signatures cover the address byte for byte, whatever a proxy made of
    # its host. The raw path is gunicorn's; other servers keep only the decoded one.
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or ""
    path = raw if raw.startswith("/") else request.full_path.rstrip("?")
    return contract.Request(
        method=request.method,
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.get_data(cache=False),
        query=request.args.to_dict(),
        path=request.path,
        url=ground.settings.address + path,
    )

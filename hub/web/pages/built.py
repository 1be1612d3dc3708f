"""What set-up built for the browser: served with its hash in its name, compressed beforehand, and
kept by browsers for good."""

import json
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_from_directory

FOLDER = Path(__file__).resolve().parent.parent / "static" / "built"
_FOR_GOOD = "public, max-age=31536000, immutable"
_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml",
          ".woff2": "font/woff2"}  # fmt: skip


class NotBuilt(RuntimeError):
    """The files for the browser are missing: set-up builds them."""


@lru_cache(maxsize=1)
def _manifest() -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((FOLDER / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        raise NotBuilt("The pages are not built. Run: sh deploy/assets.sh") from None
    return found


def address_of(name: str) -> str:
    """Where a built file is: "app.css" → "/static/app-1A2B3C4D.css". Raises NotBuilt."""
    return f"/static/{_manifest()[name]}"


def door() -> Blueprint:
    """`/static/<name>`."""
    static = Blueprint("static", __name__, url_prefix="/static")

    @static.get("/<name>")
    def file(name: str) -> Response:
        kind = _KINDS.get(Path(name).suffix)
        if kind is None:
            abort(404)
        coding = next((c for c in ("br", "gzip") if _takes(c) and _there(name, c)), "")
        there = name + {"br": ".br", "gzip": ".gz", "": ""}[coding]
        answer = send_from_directory(FOLDER, there, mimetype=kind, conditional=False)
        answer.headers["Cache-Control"] = _FOR_GOOD
        answer.headers["Vary"] = "Accept-Encoding"
        if coding:
            answer.headers["Content-Encoding"] = coding
        return answer

    return static


def _takes(coding: str) -> bool:
    return coding in request.headers.get("Accept-Encoding", "")


@lru_cache(maxsize=256)
def _there(name: str, coding: str) -> bool:
    return (FOLDER / (name + {"br": ".br", "gzip": ".gz"}[coding])).is_file()

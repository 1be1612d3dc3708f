"""Printing: the page of a message, a sentence, or what preview robots read. Everything is escaped,
and the browser is told to run nothing and to fetch nothing but pictures."""

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from importlib import resources
from typing import Any

from flask import Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hub.compose.values import clean
from hub.store.links import may_lead_to
from hub.web.landing.shown import show
from hub.web.landing.words import words

_ROOM = "hub.web.landing"
_STYLE = (resources.files(_ROOM) / "pages" / "style.css").read_text("utf-8")
_PAGES = Environment(
    loader=PackageLoader(_ROOM, "pages"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
)
_STYLE_DIGEST = b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; img-src https: 'self'; style-src 'sha256-{_STYLE_DIGEST}'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def message_page(
    link: Mapping[str, Any], made_of: Mapping[str, Any], token: str, now: datetime, own: str
) -> Response:
    """The page of a message behind its `page` link, as `clicks.take` and `links.page_of` give
    them; its one button leads through `<token>/go`. `own` is the hub's own address."""
    shown = show(made_of, link["expires_at"], now, own)
    w, number = words(made_of["language"]), link["stop_code"]
    return _printed(
        "page.html",
        200,
        language=made_of["language"],
        brand=link["brand"],
        heading=shown.heading,
        shown=shown,
        w=w,
        # Beside the page, whichever host and folder it was asked under.
        go=f"{token}/go" if link["target"] else "",
        stop=w["stop"].format(number=number) if number else w["stop_reply"],
        privacy=link["privacy_url"] if may_lead_to(link["privacy_url"], ()) else "",
    )


def sentence(what: str, status: int, language: str, brand: str = "") -> Response:
    """A page that says one thing: ended, unknown or wait."""
    w = words(language)
    return _printed(
        "base.html",
        status,
        language=language,
        brand=brand,
        heading=w[f"{what}_title"],
        sentence=w[what],
    )


def preview(link: Mapping[str, Any]) -> Response:
    """What a preview robot is shown in place of the way: title, description and picture, as they
    were written when the link was made."""
    told = {name: _text(link["preview"].get(name)) for name in ("title", "description", "image")}
    told["title"] = told["title"] or link["brand"]
    if not (told["image"].startswith("https://") and may_lead_to(told["image"], ())):
        told["image"] = ""
    return _printed("preview.html", 200, language=link["language"], brand=link["brand"], **told)


def _text(value: object) -> str:
    return clean(value) if isinstance(value, str) else ""


def _printed(name: str, status: int, **filled: object) -> Response:
    text = _PAGES.get_template(name).render(style=Markup(_STYLE), **filled)  # noqa: S704 - our own
    made = Response(text, status, content_type="text/html; charset=utf-8")
    made.headers["Content-Security-Policy"] = _POLICY
    made.headers["X-Content-Type-Options"] = "nosniff"
    made.headers["X-Robots-Tag"] = "noindex"
    return made

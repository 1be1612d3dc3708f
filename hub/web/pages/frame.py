"""The frame around every page: its language and colours, the rail, what it tells the browser."""

import hmac
import secrets as random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

from babel import Locale
from flask import Flask, Request, current_app, g, render_template, request
from flask_babel import Babel, get_locale, lazy_gettext, ngettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from hub.accounts.roles import May
from hub.config import CHECKOUT
from hub.store.ground import Ground
from hub.web.pages import built, states, written
from hub.web.pages.guides.reasons import guide_for
from hub.web.pages.retold import told
from hub.web.pages.visits import Visit, mark_of

LANGUAGES = ("en", "fr", "es", "it", "de")
THEMES = ("light", "dark")
LANGUAGE_COOKIE, THEME_COOKIE, SAID_COOKIE = "relais_language", "relais_theme", "relais_said"
_CHOSEN = {"language": LANGUAGE_COOKIE, "theme": THEME_COOKIE}
_YEAR = 31536000
_DECORATION = Markup('aria-hidden="true"')


@dataclass(frozen=True)
class Item:
    """One line of the rail; those used often are in a phone's bar too."""

    path: str
    icon: str
    words: Any
    may: May = "see"
    often: bool = False


RAIL: Sequence[Item] = (
    Item("/", "home", lazy_gettext("Home"), often=True),
    Item("/messages", "message", lazy_gettext("Messages"), often=True),
    Item("/inbox", "inbox", lazy_gettext("Inbox"), often=True),
    Item("/bookings", "calendar-event", lazy_gettext("Bookings"), often=True),
    Item("/automations", "bolt", lazy_gettext("Automations")),
    Item("/templates", "template", lazy_gettext("Templates")),
    Item("/connections", "plug-connected", lazy_gettext("Connections")),
    Item("/people", "users", lazy_gettext("People")),
    Item("/figures", "chart-line", lazy_gettext("Figures")),
    Item("/settings", "settings", lazy_gettext("Settings")),
)
# The pages of the settings, as tabs over each of them.
SETTINGS: Sequence[Item] = (
    Item("/settings", "adjustments", lazy_gettext("Workspace")),
    Item("/settings/senders", "device-mobile", lazy_gettext("Senders")),
    Item("/settings/hours", "clock", lazy_gettext("Hours")),
    Item("/settings/limits", "scale", lazy_gettext("Limits")),
    Item("/settings/prices", "credit-card", lazy_gettext("Prices")),
    Item("/settings/keywords", "message-reply", lazy_gettext("Keywords")),
    Item("/settings/links", "link", lazy_gettext("Links")),
    Item("/settings/retention", "trash", lazy_gettext("Retention")),
    Item("/settings/webhooks", "webhook", lazy_gettext("Webhooks"), "manage"),
    Item("/settings/keys", "key", lazy_gettext("Keys"), "manage"),
    Item("/settings/team", "users", lazy_gettext("Team")),
    Item("/settings/audit", "history", lazy_gettext("Changes"), "manage"),
)


def put_on(app: Flask) -> None:
    """Give the application its languages and what every template may use."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(CHECKOUT / "hub" / "web" / "translations")
    Babel(app, locale_selector=_language)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals |= {
        "asset": built.address_of, "icon": icon, "script": script, "told": told,
        "state_of": states.state_of, "STATIONS": states.STATIONS, "STANDINGS": states.STANDINGS,
        "ROLES": states.ROLES,
        "guide_for": guide_for,
    }  # fmt: skip
    app.jinja_env.filters["picture"] = picture
    written.put_on(app)


def script(name: str) -> Markup:
    """A module that a page brings along beside those that all have: "editor.js"."""
    return Markup('<script type="module" nonce="{}" src="{}"></script>').format(
        _nonce(), built.address_of(name)
    )


def picture(address: str) -> str:
    """A picture that may stand on a page: the hub's own. No page asks anything of another host."""
    return address if address.startswith("/") and not address.startswith("//") else ""


def icon(name: str, label: str = "") -> Markup:
    """A drawing from the icons that were built; with a label it says what it means, else it is
    decoration."""
    told = Markup('role="img" aria-label="{}"').format(label) if label else _DECORATION
    where = f"{built.address_of('icons.svg')}#{name}"
    return Markup('<svg class="icon" {}><use href="{}"></use></svg>').format(told, where)


def shown(visit: Visit, template: str, values: Mapping[str, Any], status: int = 200) -> Response:
    """A page, with the frame's own values beside its."""
    own = {
        "visit": visit,
        "mark": mark_of(visit.ground, visit.token),
        "nonce": _nonce(),
        "language": str(get_locale() or "en"),
        "languages": {code: Locale(code).get_display_name(code) or code for code in LANGUAGES},
        "theme": theme_of(visit),
        "rail": _there(visit, RAIL),
        "tabs": _there(visit, SETTINGS) if visit.request.path.startswith("/settings") else [],
        "here": "/" + visit.request.path.split("/")[1],
        "exists": _paths(),
        "said": said_of(visit.ground, visit.request),
    }
    answer = Response(render_template(template, **{**own, **values}), status, mimetype="text/html")
    _close(answer)
    if own["said"]:
        answer.delete_cookie(SAID_COOKIE)
    return answer


def _paths() -> frozenset[str]:
    """Every page there is, by its path."""
    return frozenset(rule.rule for rule in current_app.url_map.iter_rules())


def _there(visit: Visit, items: Sequence[Item]) -> list[Item]:
    """What there is, of what their role lets them see."""
    there = _paths()
    return [item for item in items if item.path in there and visit.may(item.may)]


def theme_of(visit: Visit) -> str:
    """light or dark where the person chose; empty for what their system says."""
    chosen = (visit.seat or {}).get("theme") or visit.request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def say(ground: Ground, answer: Response, words: str) -> None:
    """One sentence for the next page."""
    signed = f"{_signed(ground, words)}{quote(words)}"
    answer.set_cookie(SAID_COOKIE, signed, max_age=60, httponly=True, samesite="Lax")


def said_of(ground: Ground, asked: Request) -> str:
    """The sentence that the page before left; nothing that we did not write."""
    kept = asked.cookies.get(SAID_COOKIE, "")
    words = unquote(kept[32:])
    right = hmac.compare_digest(kept[:32].encode(), _signed(ground, words).encode())
    return words if right else ""


def keep_choice(answer: Response, name: str, value: str) -> None:
    """What was chosen in this browser: a language, or light and dark."""
    answer.set_cookie(_CHOSEN[name], value, max_age=_YEAR, httponly=True, samesite="Lax")


def _language() -> str:
    """The user's own, else what was chosen in this browser, else what the browser asks for."""
    seat = g.get("seat")
    for chosen in ((seat or {}).get("language"), request.cookies.get(LANGUAGE_COOKIE)):
        if chosen in LANGUAGES:
            return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or "en"


def _nonce() -> str:
    if "nonce" not in g:
        g.nonce = random.token_urlsafe(16)
    return str(g.nonce)


def _close(answer: Response) -> None:
    """Only what this page itself brings may run; its forms say from which site they come."""
    answer.headers["Referrer-Policy"] = "same-origin"
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; script-src 'nonce-{_nonce()}'; style-src 'self'; font-src 'self'; "
        "img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )


def _signed(ground: Ground, words: str) -> str:
    return hmac.digest(ground.vault.key, b"said|" + words.encode(), "sha256").hex()[:32]


def in_words(seconds: int) -> str:
    """How long somebody must wait."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return str(ngettext("%(num)s second", "%(num)s seconds", seconds))
    return str(ngettext("%(num)s minute", "%(num)s minutes", minutes))

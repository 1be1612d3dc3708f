"""One's own account: name, password, second factor, browsers; and which workspace is looked at."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import get_locale, gettext, ngettext

from hub.accounts import entering, first, own, passwords, second
from hub.accounts.first import Shop
from hub.store import audit, sessions, users
from hub.store.database import Row
from hub.web.pages import frame, places
from hub.web.pages.accounts import pictures
from hub.web.pages.entrance.ways import missing, password_words
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown, Wing

wing = Wing("accounts")


@wing.way("GET /account", may="anyone")
def account(visit: Visit) -> Shown:
    """Everything of one's own."""
    return _account(visit, {}, {})


@wing.way("POST /account/name", may="anyone")
def rename(visit: Visit) -> Shown | Go:
    """What others of the team read."""
    name = visit.form.get("name", "").strip()[:200]
    if not name:
        return _account(visit, visit.form, missing(visit.form, "name"))
    with visit.ground.database.begin() as db:
        users.change(db, visit.user_id, name=name)
    return Go("/account", said=gettext("Your name is changed."))


@wing.way("POST /account/password", may="anyone")
def change_password(visit: Visit) -> Shown | Go:
    """Another password; the old one proves who it is."""
    form, seat = visit.form, _seat(visit)
    wrong = missing(form, "password", "new")
    if not wrong:
        wrong = _not_confirmed(visit, seat, form["password"])
    try:
        ended = own.change_password(visit.ground, seat, form["new"]) if not wrong else 0
    except passwords.BadPassword as why:
        wrong = {"new": password_words(str(why))}
    if wrong:
        return _account(visit, form, wrong)
    words = ngettext(
        "Your password is changed. %(num)s other browser was signed out.",
        "Your password is changed. %(num)s other browsers were signed out.",
        ended,
    )
    return Go("/account", said=words)


@wing.way("GET /account/second", may="anyone", fresh=True)
def second_factor(visit: Visit) -> Shown | Go:
    """Share a secret with an authenticator app."""
    if _seat(visit)["has_totp"]:
        return Go("/account")
    return _sharing(visit, second.new_secret(), {})


@wing.way("POST /account/second", may="anyone", fresh=True)
def turn_on(visit: Visit) -> Shown | Go:
    """The app's first code proves that it has the secret."""
    seat, secret = _seat(visit), visit.form.get("secret", "")
    if seat["has_totp"]:
        return Go("/account")
    codes = own.turn_on(visit.ground, seat, secret, visit.form.get("code", ""))
    if codes is None:
        words = gettext("The app does not show this code now. Type the one that it shows.")
        kept = secret if second.is_secret(secret) else second.new_secret()
        return _sharing(visit, kept, {"code": words})
    return Shown("accounts/recovery.html", {"codes": codes, "new": True})


@wing.way("POST /account/second/off", may="anyone", fresh=True)
def turn_off(visit: Visit) -> Go:
    """By password alone again."""
    own.turn_off(visit.ground, _seat(visit))
    return Go("/account", said=gettext("You sign in by your password alone again."))


@wing.way("POST /account/recovery", may="anyone", fresh=True)
def renew_recovery(visit: Visit) -> Shown | Go:
    """Other recovery codes."""
    codes = own.renew_recovery(visit.ground, _seat(visit))
    if not codes:
        return Go("/account/second")
    return Shown("accounts/recovery.html", {"codes": codes, "new": False})


@wing.way("POST /account/sessions/end", may="anyone")
def end_others(visit: Visit) -> Go:
    """Sign all other browsers out."""
    ended = own.end_session(visit.ground, _seat(visit), None)
    words = ngettext(
        "%(num)s other browser is signed out.", "%(num)s other browsers are signed out.", ended
    )
    return Go("/account", said=words)


@wing.way("POST /account/sessions/<uuid:session_id>/end", may="anyone")
def end_one(visit: Visit, session_id: UUID) -> Go:
    """Sign one browser out."""
    if not own.end_session(visit.ground, _seat(visit), session_id):
        raise Missing
    return Go("/account", said=gettext("That browser is signed out."))


@wing.way("GET /confirm", may="anyone")
def confirming(visit: Visit) -> Shown:
    """The password once more."""
    return Shown("accounts/confirm.html", {"wrong": {}, "next": visit.onward})


@wing.way("POST /confirm", may="anyone")
def confirm(visit: Visit) -> Shown | Go:
    """It is them."""
    wrong = _not_confirmed(visit, _seat(visit), visit.form.get("password", ""))
    if wrong:
        return Shown("accounts/confirm.html", {"wrong": wrong, "next": visit.onward}, 422)
    return Go(visit.onward)


@wing.way("GET /workspaces", may="anyone")
def workspaces(visit: Visit) -> Shown:
    """Where one may go."""
    return _workspaces(visit, {}, {})


@wing.way("POST /workspaces/<uuid:workspace_id>", may="anyone")
def look_at(visit: Visit, workspace_id: UUID) -> Go:
    """Look at another workspace from now on."""
    with visit.ground.database.begin() as db:
        if all(one["id"] != workspace_id for one in users.workspaces_of(db, visit.user_id)):
            raise Missing
        sessions.move(db, _seat(visit)["id"], workspace_id)
    return Go("/")


@wing.way("POST /workspaces", may="own")
def open_one(visit: Visit) -> Shown | Go:
    """One more merchant in this hub; who opens it owns it."""
    form = {**visit.form, "zone": places.zone_in(visit.form)}
    wrong = missing(form, "shop", "country", "zone") or places.wrong_zone(form["zone"])
    if wrong:
        return _workspaces(visit, form, wrong)
    language = str(get_locale() or "en")
    shop = Shop(form["shop"].strip()[:200], form["country"], language, form["zone"])
    with visit.ground.database.begin() as db:
        made = first.open_workspace(visit.ground, db, shop, visit.user_id)
        sessions.move(db, _seat(visit)["id"], made)
        audit.note(db, visit.ground.clock(), f"user:{visit.user_id}", "workspace.opened",
                   workspace_id=made)  # fmt: skip
    return Go("/", said=gettext("The workspace is open. It sends to test numbers only, for now."))


def _seat(visit: Visit) -> Row:
    if visit.seat is None:
        raise Missing
    return visit.seat


def _account(visit: Visit, form: Mapping[str, str], wrong: Mapping[str, str]) -> Shown:
    with visit.ground.database.begin() as db:
        user = users.get(db, visit.user_id) or {}
        open_ones = sessions.of_user(db, visit.user_id, visit.ground.clock())
    values = {
        "form": {"name": user["name"], **form}, "wrong": wrong, "user": user,
        "left": len(user["recovery_hashes"]), "this": _seat(visit)["id"],
        "sessions": [{**one, "browser": pictures.browser_of(one["agent"])} for one in open_ones],
    }  # fmt: skip
    return Shown("accounts/account.html", values, 422 if wrong else 200)


def _sharing(visit: Visit, secret: str, wrong: Mapping[str, str]) -> Shown:
    address = second.address_of(secret, _seat(visit)["email"])
    spelt = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    values = {"secret": secret, "spelt": spelt, "wrong": wrong, "form": {},
              "picture": pictures.code_of(address)}  # fmt: skip
    return Shown("accounts/second.html", values, 422 if wrong else 200)


def _workspaces(visit: Visit, form: Mapping[str, str], wrong: Mapping[str, str]) -> Shown:
    with visit.ground.database.begin() as db:
        found = users.workspaces_of(db, visit.user_id)
    values = {"found": found, "form": form, "wrong": wrong, "may_open": visit.may("own"),
              "countries": places.countries(), "zones": places.zones()}  # fmt: skip
    return Shown("accounts/workspaces.html", values, 422 if wrong else 200)


def _not_confirmed(visit: Visit, seat: Row, password: str) -> dict[str, str]:
    try:
        entering.confirm(visit.ground, seat, password, visit.caller)
    except entering.MustWait as wait:
        words = gettext("Too many wrong tries. Try again in %(time)s.",
                        time=frame.in_words(wait.seconds))  # fmt: skip
        return {"password": words}
    except entering.Wrong:
        return {"password": gettext("This is not your password.")}
    return {}

"""The entrance: the first run, signing in and out, the second factor, invitations."""

from collections.abc import Mapping

from flask_babel import get_locale, gettext

from hub.accounts import entering, first, passwords, team
from hub.accounts.entering import MustWait, Wrong
from hub.store import invitations, sessions, users
from hub.web.pages import frame, places
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown, Wing

wing = Wing("entrance")

_WRONG = "wrong"


@wing.way("GET /welcome", may="anybody")
def welcome(visit: Visit) -> Shown | Go:
    """The first page of a hub: who sets it up, and for which shop."""
    if not first.is_first_run(visit.ground):
        return Go("/")
    return _welcome({"code": visit.args.get("code", ""), "country": _country(visit)}, {})


@wing.way("POST /welcome", may="anybody")
def begin(visit: Visit) -> Shown | Go:
    """Make the first owner and their workspace."""
    form = {**visit.form, "zone": places.zone_in(visit.form)}
    wrong = missing(form, "email", "name", "shop", "country", "zone", "password")
    wrong = wrong or places.wrong_zone(form["zone"])
    if not wrong and "@" not in form["email"]:
        wrong["email"] = gettext("This is not an e-mail address.")
    if wrong:
        return _welcome(form, wrong)
    owner = first.Owner(
        form["email"].strip(), form["name"].strip(), form["password"], form["shop"].strip(),
        form["country"], str(get_locale() or "en"), form["zone"],
    )  # fmt: skip
    try:
        token = first.begin(visit.ground, owner, form.get("code", ""), visit.caller)
    except passwords.BadPassword as why:
        return _welcome(form, {"password": password_words(str(why))})
    except first.NotFirst:
        if not first.is_first_run(visit.ground):
            return Go("/sign-in", said=gettext("This hub has its owner already. Sign in."))
        words = gettext("This is not the code that the hub printed when it started.")
        return _welcome(form, {"code": words})
    return Go("/", token, gettext("Welcome. Your workspace sends to test numbers only, for now."))


@wing.way("GET /sign-in", may="anybody")
def sign_in(visit: Visit) -> Shown | Go:
    """Address and password."""
    if first.is_first_run(visit.ground):
        return Go("/welcome")
    if visit.seat is not None and visit.seat["stage"] == "in":
        return Go("/")
    return Shown("entrance/sign_in.html", {"form": {}, "wrong": "", "next": visit.onward})


@wing.way("POST /sign-in", may="anybody")
def come_in(visit: Visit) -> Shown | Go:
    """Come in, or be asked for a code."""
    form, onward = visit.form, visit.onward
    try:
        entered = entering.enter(
            visit.ground, form.get("email", ""), form.get("password", ""), visit.caller
        )
    except MustWait as wait:
        words = gettext("Too many wrong tries. Try again in %(time)s.",
                        time=frame.in_words(wait.seconds))  # fmt: skip
        return Shown("entrance/sign_in.html", {"form": form, "wrong": words, "next": onward}, 429)
    except Wrong:
        words = gettext("The address or the password is not right.")
        return Shown("entrance/sign_in.html", {"form": form, "wrong": words, "next": onward}, 422)
    if entered.needs_code:
        return Go(f"/sign-in/code?next={onward}", entered.token)
    return Go(onward, entered.token)


@wing.way("GET /sign-in/code", may="half")
def code(visit: Visit) -> Shown | Go:
    """The second factor."""
    if visit.seat is not None and visit.seat["stage"] == "in":
        return Go("/")
    return Shown("entrance/code.html", {"wrong": "", "next": visit.onward})


@wing.way("POST /sign-in/code", may="half")
def give_code(visit: Visit) -> Shown | Go:
    """A code of the app, or a recovery code."""
    try:
        entered = entering.give_code(
            visit.ground, visit.token, visit.form.get("code", ""), visit.caller
        )
    except MustWait as wait:
        words = gettext("Too many wrong tries. Try again in %(time)s.",
                        time=frame.in_words(wait.seconds))  # fmt: skip
        return Shown("entrance/code.html", {"wrong": words, "next": visit.onward}, 429)
    except Wrong:
        words = gettext("This code is not right, or was used before.")
        return Shown("entrance/code.html", {"wrong": words, "next": visit.onward}, 422)
    return Go(visit.onward, entered.token)


@wing.way("POST /sign-out", may="half")
def sign_out(visit: Visit) -> Go:
    """End this browser's session."""
    if visit.seat is not None:
        with visit.ground.database.begin() as db:
            sessions.end(db, visit.user_id, visit.seat["id"])
    return Go("/sign-in", "", gettext("You are signed out."))


@wing.way("GET /join/<token>", may="anybody")
def invited(visit: Visit, token: str) -> Shown:
    """An invitation: to which team, from whom."""
    return _invited(visit, token, {}, {})


@wing.way("POST /join/<token>", may="anybody")
def join(visit: Visit, token: str) -> Shown | Go:
    """Join the team."""
    form = visit.form
    wrong = missing(form, "password")
    if wrong:
        return _invited(visit, token, form, wrong)
    try:
        made = team.accept(
            visit.ground, token, form.get("name", "").strip(), form["password"],
            str(get_locale() or "en"), visit.caller,
        )  # fmt: skip
    except passwords.BadPassword as why:
        return _invited(visit, token, form, {"password": password_words(str(why))})
    except team.NotAllowed:
        words = gettext("This is not the password of your account.")
        return _invited(visit, token, form, {"password": words})
    except team.HasEnded:
        return _invited(visit, token, form, {})
    return Go("/", made, gettext("You are in the team."))


@wing.way("POST /choose", may="anybody")
def choose(visit: Visit) -> Go:
    """Choose the language, or light and dark; kept with the user, or in a stranger's browser."""
    chosen = {n: v for n, v in visit.form.items() if v in _CHOICES.get(n, ())}
    if visit.seat is not None and chosen:
        with visit.ground.database.begin() as db:
            users.change(db, visit.user_id, **chosen)
    return Go(visit.onward, keeps=chosen)


_CHOICES: Mapping[str, tuple[str, ...]] = {
    "language": frame.LANGUAGES,
    "theme": ("", *frame.THEMES),
}


def password_words(why: str) -> str:
    """Why a password must not be used, and what to take instead."""
    words: dict[str, str] = {
        "short": gettext("Take %(count)s characters or more; a sentence is easy to remember.",
                         count=passwords.SHORTEST),
        "long": gettext("Take %(count)s characters at most.", count=passwords.LONGEST),
        "guessable": gettext("This is easy to guess. Take a sentence of your own."),
        "personal": gettext("This is made of your name or address. Take a sentence of your own."),
    }  # fmt: skip
    return words[why]


def missing(form: Mapping[str, str], *names: str) -> dict[str, str]:
    """What was left empty, each with the words beside its field."""
    words = gettext("Fill this in.")
    return {name: words for name in names if not form.get(name, "").strip()}


def _welcome(form: Mapping[str, str], wrong: Mapping[str, str]) -> Shown:
    values = {
        "form": form, "wrong": wrong, "countries": places.countries(), "zones": places.zones(),
    }  # fmt: skip
    return Shown("entrance/welcome.html", values, 422 if wrong else 200)


def _country(visit: Visit) -> str:
    """Where the browser's language is at home: a first guess."""
    best = visit.request.accept_languages.best or ""
    return best.partition("-")[2].upper()[:2]


def _invited(visit: Visit, token: str, form: Mapping[str, str], wrong: Mapping[str, str]) -> Shown:
    with visit.ground.database.begin() as db:
        found = invitations.open_for(db, token, visit.ground.clock())
        known = found is not None and users.by_email(db, found["email"]) is not None
    if found is None:
        return Shown("entrance/invitation_ended.html", status=410)
    values = {"invitation": found, "known": known, "form": form, "wrong": wrong}
    return Shown("entrance/join.html", values, 422 if wrong else 200)

"""Hours: when marketing and everything else may leave, by country; changed for one at a time."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask_babel import gettext

from hub.automations import rules, windows
from hub.automations.document import KINDS
from hub.automations.house_rules import rules_of
from hub.automations.presets import PRESETS, preset, zones_of_country
from hub.automations.reading import DocumentError
from hub.automations.rules import ANYWHERE
from hub.store.database import Row
from hub.web.pages import places, written
from hub.web.pages.retold import told
from hub.web.pages.settings import week
from hub.web.pages.settings.rulebook import Clash, rewrite, seen_of
from hub.web.pages.settings.wing import shop_of, wing
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown

_PATH = "/settings/hours"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OWN, _ALWAYS = "own", "always"


@wing.way(f"GET {_PATH}", may="see")
def hours(visit: Visit) -> Shown:
    """The week, for each kind and country that has hours of its own; days that are closed."""
    return _week(visit)


def _week(visit: Visit, status: int = 200, **more: Any) -> Shown:
    shop, now = shop_of(visit), written.now()
    names = dict(places.countries())
    values = {
        "shop": shop, "found": week.hours_of(shop), "now": now, "seen": seen_of(shop),
        "days_of": week.days_of, "opening_of": week.opening_of, "holidays_of": week.holidays_of,
        "words_of": windows.hours_in_words, "why_closed": windows.why_closed, "names": names,
        "closings": rules_of(shop).closed, "closing": {}, "wrong": {},
    }  # fmt: skip
    return Shown("settings/hours.html", {**values, **more}, status)


@wing.way(f"POST {_PATH}/closed", may="manage")
def close(visit: Visit) -> Shown | Go:
    """Add days on which the merchant is closed."""
    form = {name: visit.form.get(name, "").strip() for name in ("from", "to", "why")}
    whole = {**form, "to": form["to"] or form["from"]}
    one = {name: value for name, value in whole.items() if value}
    try:
        rewrite(visit, lambda shop: {"rules": _closing(shop, lambda kept: [*kept, one])})
    except DocumentError as error:
        return _week(visit, 422, closing=form, wrong=dict(_closing_problems(error)))
    except Clash:
        return Go(_PATH, said=_clashed())
    return Go(_PATH, said=gettext("You are closed then: what would be sent waits until after it."))


@wing.way(f"POST {_PATH}/closed/remove", may="manage")
def open_again(visit: Visit) -> Go:
    """Take closed days away."""
    gone = visit.form.get("from"), visit.form.get("to")
    try:
        rewrite(visit, lambda shop: {"rules": _closing(shop, lambda kept: _without(kept, gone))})
    except (Clash, DocumentError):
        return Go(_PATH, said=_clashed())
    return Go(_PATH, said=gettext("Those days are open again."))


def _closing(shop: Row, edit: Callable[[list[Any]], list[Any]]) -> dict[str, Any]:
    """The rules with other closed days."""
    kept = rules.as_json(rules_of(shop))["closed"]
    return {**shop["rules"], "closed": edit(kept)}


def _without(kept: list[Any], gone: tuple[str | None, str | None]) -> list[Any]:
    return [one for one in kept if (one["from"], one["to"]) != gone]


def _closing_problems(error: DocumentError) -> Iterator[tuple[str, str]]:
    words = {
        "from": gettext("Choose the first day."),
        "to": gettext("Choose the same day or a later one, at most 120 days in all."),
        "why": gettext("Write at most 60 characters, on one line."),
    }
    for problem in error.problems:
        yield from ((n, said) for n, said in words.items() if problem.field.endswith(f"].{n}"))
        if problem.field == "closed":
            yield "from", gettext("There are 50 closings already. Take old ones away first.")


def _clashed() -> str:
    return str(gettext("Somebody else has just changed the rules. Look at them and try again."))


@wing.way(f"GET {_PATH}/change", may="manage")
def hours_form(visit: Visit) -> Shown:
    """The form of one: `country` and `kind` in the address, or a new one."""
    shop, args = shop_of(visit), visit.args
    country, kind = args.get("country", ""), args.get("kind", "marketing")
    if kind not in KINDS or (country not in ("", ANYWHERE) and not zones_of_country(country)):
        raise Missing
    known = {(h.country, h.kind): h.window for h in week.hours_of(shop)}
    form = {"country": country, "kind": kind, **_filled(known.get((country, kind)), shop)}
    return _form(visit, shop, form, {}, (country, kind) in known)


@wing.way(f"POST {_PATH}", may="manage")
def change_hours(visit: Visit) -> Shown | Go:
    """Write the hours of one kind to one country."""
    form = {name: value.strip() for name, value in visit.form.items()}
    wrong = dict(_problems(form))
    if wrong:
        return _form(visit, shop_of(visit), form, wrong, bool(form.get("known")))
    try:
        rewrite(visit, lambda shop: _written(shop, form))
    except DocumentError:
        words = gettext("These hours cannot be used. Look through them and save them again.")
        return _form(visit, shop_of(visit), form, {"choice": words}, bool(form.get("known")))
    except Clash:
        return _form(visit, shop_of(visit), form, {}, bool(form.get("known")), clash=True)
    return Go(_PATH, said=gettext("The hours are changed. What waits goes by them too."))


@wing.way(f"POST {_PATH}/remove", may="manage")
def remove_hours(visit: Visit) -> Go:
    """Take hours of their own away from a country: those of every country hold there again."""
    country, kind = visit.form.get("country", ""), visit.form.get("kind", "")
    try:
        rewrite(visit, lambda shop: {"rules": _placed(shop, country, kind, None)})
    except Clash:
        return Go(_PATH, said=_clashed())
    return Go(_PATH, said=gettext("These hours are gone; those of every country hold."))


def _problems(form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    country = form.get("country", "")
    if country != ANYWHERE and not zones_of_country(country):
        yield "country", gettext("Choose a country.")
    if form.get("kind") not in KINDS:
        yield "kind", gettext("Choose the kind of message.")
    said = {
        "preset": ("choice", gettext("Choose hours.")),
        "zone": ("zone", gettext("There is no such time zone. Choose one from the list.")),
        "holidays": ("part", gettext("This part has no holidays of its own. Choose another.")),
        "days": ("mon", gettext("Give at least one day hours.")),
    }
    try:
        windows.parse(_document(form))
    except DocumentError as error:
        for problem in error.problems:
            day = problem.field.removeprefix("days.")
            words = gettext("Write hours such as 08:00-12:00, 14:00-20:00, none over another.")
            yield said.get(problem.field, (day if day in _DAYS else "choice", words))


def _document(form: Mapping[str, str]) -> dict[str, Any]:
    """What a form says, as `windows.parse` reads it."""
    if form.get("choice") != _OWN:
        return {"preset": form.get("choice", "")}
    calendar, part = form.get("holidays", ""), form.get("part", "").upper()
    days = {
        day: [span.strip().replace("–", "-") for span in form[day].split(",")]
        for day in _DAYS
        if form.get(day)
    }
    joined = f"{calendar}-{part}" if calendar and part else calendar
    return {"zone": form.get("zone", ""), "days": days, "holidays": joined or None}


def _written(shop: Row, form: Mapping[str, str]) -> dict[str, Any]:
    """Columns of the workspace. Marketing to every country is the workspace's own column."""
    country, kind, document = form["country"], form["kind"], _document(form)
    if (country, kind) == (ANYWHERE, "marketing"):
        return {"sending_window": document, "rules": _placed(shop, country, kind, None)}
    return {"rules": _placed(shop, country, kind, document)}


def _placed(shop: Row, country: str, kind: str, document: Any) -> dict[str, Any]:
    """The rules with these hours in their place, or (None) without."""
    found = {name: dict(own) for name, own in shop["rules"].get("windows", {}).items()}
    if document is not None:
        found.setdefault(country, {})[kind] = document
    elif country in found:
        found[country].pop(kind, None)
    return {**shop["rules"], "windows": {name: own for name, own in found.items() if own}}


def _filled(window: windows.Window | None, shop: Row) -> dict[str, str]:
    """The fields of the form for these hours; a preset is known again by what it says."""
    if window is None:
        return {"choice": shop["country"], "zone": shop["zone"], "holidays": shop["country"],
                "part": "", **dict.fromkeys(_DAYS[:6], "08:00-20:00"), "sun": ""}  # fmt: skip
    known = {own: name for name, own in PRESETS.items()}
    plain = windows.as_json(window)
    choice = known.get(window, _OWN)
    if window.country and choice == _OWN and window == preset(window.country):
        choice = window.country
    if window.days == windows.always().days and not window.holidays:
        choice = _ALWAYS
    return {
        "choice": choice, "zone": window.zone, "holidays": window.holidays or "",
        "part": window.subdivision, **{d: ", ".join(plain["days"][d]) for d in _DAYS},
    }  # fmt: skip


def _form(
    visit: Visit, shop: Row, form: Mapping[str, str], wrong: Mapping[str, str], known: bool,
    clash: bool = False,
) -> Shown:  # fmt: skip
    import holidays  # 3 MB that most of the web has no use for

    calendars = holidays.list_supported_countries()
    countries = places.countries()
    values = {
        "form": form, "wrong": wrong, "known": known, "clash": clash, "seen": seen_of(shop),
        "countries": [(ANYWHERE, gettext("Every country")), *countries],
        "choices": list(_choices(shop, form.get("country", ""), dict(countries))),
        "calendars": [(c, n) for c, n in countries if c in calendars],
        "parts": calendars.get(form.get("holidays", ""), ()), "days": _DAYS,
        "day_names": week.day_names(), "zones": places.zones(), "path": _PATH,
    }  # fmt: skip
    status = 409 if clash else 422 if wrong else 200
    return Shown("settings/hours_form.html", values, status)


def _choices(shop: Row, country: str, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Own hours, none at all, and what is usual in a country, with what it says."""
    yield _OWN, gettext("Hours of your own")
    yield _ALWAYS, gettext("At any hour, every day")
    more = [c for c in (country, shop["country"]) if c and c != ANYWHERE and c not in PRESETS]
    for name in dict.fromkeys([*PRESETS, *more]):
        said = told(windows.hours_in_words(preset(name)))
        yield name, f"{names.get(name[:2], name[:2])}: {said}"

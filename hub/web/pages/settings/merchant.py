"""The merchant: names, language, zone; test mode and going live; pausing everything."""

from collections.abc import Mapping
from typing import Any

from babel.numbers import list_currencies
from flask_babel import gettext, ngettext

from hub.automations.house_rules import rules_of
from hub.contract import NotAPhone, Phone
from hub.store import backlog, needs, numbers, spend, workspaces
from hub.store.database import Row
from hub.web.api.workspace import problems_in
from hub.web.pages import places
from hub.web.pages.entrance.ways import missing
from hub.web.pages.retold import told
from hub.web.pages.settings.wing import change, shop_of, wing
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown

_FIELDS = ("name", "brand", "language", "zone", "currency", "privacy_url")
_MOST_TESTERS = 50


@wing.way("GET /settings", may="see")
def merchant(visit: Visit) -> Shown:
    """The workspace itself."""
    return _shown(visit, {}, {})


@wing.way("POST /settings", may="manage")
def rename(visit: Visit) -> Shown | Go:
    """Change what it is called and how it speaks."""
    form = {name: visit.form.get(name, "").strip() for name in _FIELDS}
    wrong = missing(form, "name", "brand", "zone") | {
        field: told(words) for field, words in problems_in(form)
    }
    if wrong:
        return _shown(visit, form, wrong)
    change(visit, "workspace.changed", **form)
    return Go("/settings", said=gettext("The workspace is changed."))


@wing.way("POST /settings/testers", may="manage")
def add_tester(visit: Visit) -> Shown | Go:
    """One more number that may be written to while testing."""
    shop, raw = shop_of(visit), visit.form.get("phone", "")
    try:
        phone = Phone.parse(raw, shop["country"])
    except NotAPhone as problem:
        return _shown(visit, {"phone": raw}, {"phone": told(str(problem))})
    if len(shop["testers"]) >= _MOST_TESTERS:
        words = gettext("There are %(count)s test numbers, which is the most.", count=_MOST_TESTERS)
        return _shown(visit, {"phone": raw}, {"phone": words})
    with visit.ground.database.begin() as db:
        token = numbers.keep(db, visit.ground.vault, visit.workspace_id, phone).token
    change(visit, "workspace.testers", testers=[*dict.fromkeys([*shop["testers"], token])])
    return Go("/settings", said=gettext("The test number is on the list."))


@wing.way("POST /settings/testers/remove", may="manage")
def remove_tester(visit: Visit) -> Go:
    """Off the list."""
    shop, token = shop_of(visit), visit.form.get("token", "")
    change(visit, "workspace.testers", testers=[t for t in shop["testers"] if t != token])
    return Go("/settings", said=gettext("The test number is off the list."))


@wing.way("GET /settings/live", may="manage")
def going_live(visit: Visit) -> Shown | Go:
    """What changes when it goes live."""
    shop = shop_of(visit)
    if not shop["testing"]:
        return Go("/settings")
    with visit.begin() as db:
        waiting = backlog.planned(db, visit.workspace_id, needs.MOST)
    return Shown("settings/live.html", {"shop": shop, "waiting": waiting, "most": needs.MOST})


@wing.way("POST /settings/live", may="manage", fresh=True)
def go_live(visit: Visit) -> Go:
    """From now on everybody may be written to, as the rules allow."""
    change(visit, "workspace.live", testing=False)
    return Go("/settings", said=gettext("The workspace is live."))


@wing.way("POST /settings/testing", may="manage")
def go_back(visit: Visit) -> Go:
    """Test numbers only, again."""
    change(visit, "workspace.testing", testing=True)
    return Go("/settings", said=gettext("Only test numbers are written to, from now on."))


@wing.way("POST /settings/pause", may="send")
def pause(visit: Visit) -> Go:
    """Keep messages here, or let them go."""
    what = {"all": "all", "marketing": "marketing"}.get(visit.form.get("what", ""))
    now = visit.ground.clock()
    with visit.ground.database.begin() as db:
        workspaces.pause(db, visit.workspace_id, what)
        woken = 0 if what else spend.wake(db, visit.workspace_id, now)
        noun = "workspace.pause" if what else "workspace.resume"
        visit.note(db, noun, what or "")
    visit.ring("send_transactional", "send_marketing")
    if what:
        return Go("/settings", said=gettext("Paused. What comes waits here, and nothing is lost."))
    words = ngettext(
        "Sending goes on. %(num)s message that waited is looked at again.",
        "Sending goes on. %(num)s messages that waited are looked at again.",
        woken,
    )
    return Go("/settings", said=words)


def _shown(visit: Visit, form: Mapping[str, Any], wrong: Mapping[str, str]) -> Shown:
    shop = shop_of(visit)
    values = {
        "shop": shop, "form": {**{n: shop[n] for n in _FIELDS}, **form}, "wrong": wrong,
        "zones": places.zones(), "country": dict(places.countries()).get(shop["country"]),
        "currencies": [(code, code) for code in sorted(list_currencies()) if len(code) == 3],
        "testers": _testers(visit, shop), "paused": rules_of(shop).paused,
    }  # fmt: skip
    return Shown("settings/merchant.html", values, 422 if wrong else 200)


def _testers(visit: Visit, shop: Row) -> list[tuple[str, str]]:
    """(token, number as this person may see it)."""
    own = [(shop["id"], token) for token in shop["testers"]]
    with visit.begin() as db:
        known = numbers.phones(db, visit.ground.vault, own)
    whole = visit.may("numbers")
    return [(t, (known[w, t].e164 if whole else known[w, t].masked) if (w, t) in known else t[:6])
            for w, t in own]  # fmt: skip

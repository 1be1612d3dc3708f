"""Senders: who messages come from, where to, and which carrier takes them in which order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext

from hub.automations.presets import zones_of_country
from hub.send.routing import Route
from hub.store import marks, reach, routes
from hub.store.database import Row
from hub.web.api.routing import doing
from hub.web.api.workspace import problems_in
from hub.web.pages import places, written
from hub.web.pages.retold import told
from hub.web.pages.settings.wing import carriers_of, change, shop_of, wing
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown

_PATH = "/settings/senders"


@wing.way(f"GET {_PATH}", may="see")
def senders(visit: Visit) -> Shown:
    """The sender, the countries, the carriers and the routes."""
    return _shown(visit, {}, {})


@wing.way(f"POST {_PATH}", may="manage")
def name_sender(visit: Visit) -> Shown | Go:
    """Change the sender's name and what people write STOP to."""
    form = {n: visit.form.get(n, "").strip() for n in ("sender", "stop_code")}
    wrong = {field: told(words) for field, words in problems_in(form)}
    if len(form["stop_code"]) > 100:
        wrong["stop_code"] = gettext("Take 100 characters at most.")
    if wrong:
        return _shown(visit, form, wrong)
    change(visit, "workspace_put", **form)
    return Go(_PATH, said=gettext("The sender is changed, from the next message on."))


@wing.way(f"POST {_PATH}/countries", may="manage")
def add_country(visit: Visit) -> Shown | Go:
    """Write to numbers of one more country."""
    country, shop = visit.form.get("country", ""), shop_of(visit)
    if not zones_of_country(country):
        return _shown(visit, {}, {"country": gettext("Choose a country.")})
    change(visit, "rules_put", countries=sorted({*shop["countries"], country}))
    return Go(_PATH, said=gettext("Numbers of this country are written to from now on."))


@wing.way(f"POST {_PATH}/countries/remove", may="manage")
def drop_country(visit: Visit) -> Shown | Go:
    """Write to numbers of this country no more."""
    left = [c for c in shop_of(visit)["countries"] if c != visit.form.get("country", "")]
    if not left:
        words = gettext("One country must be left. Add another one before you take this one away.")
        return _shown(visit, {}, {"country": words})
    change(visit, "rules_put", countries=left)
    return Go(_PATH, said=gettext("Numbers of this country are not written to any more."))


@wing.way(f"GET {_PATH}/reach", may="see")
def rcs_reach(visit: Visit) -> Shown:
    """How many people RCS reaches: counted when somebody asks, as it looks at everybody."""
    with visit.begin() as db:
        found = reach.report(db, visit.workspace_id)
    return Shown("settings/reach.html", {"found": found})


def _shown(visit: Visit, form: Mapping[str, Any], wrong: Mapping[str, str]) -> Shown:
    shop, now = shop_of(visit), written.now()
    with visit.begin() as db:
        carriers = carriers_of(visit, db)
        known = marks.of_connections(db, list(carriers))
        found = routes.of_workspaces(db, [visit.workspace_id])
    values = {
        "shop": shop, "form": {**{n: shop[n] for n in ("sender", "stop_code")}, **form},
        "wrong": wrong, "carriers": carriers, "names": dict(places.countries()),
        "countries": places.countries(), "routes": _steps(found, carriers),
        "doing": [_doing(route, known, now) for route in carriers.values()],
    }  # fmt: skip
    return Shown("settings/senders.html", values, 422 if wrong else 200)


def _doing(route: Route, known: Mapping[tuple[UUID, str], Row], now: datetime) -> dict[str, Any]:
    """A carrier: its channels with how each does, and its RCS agent where it has one."""
    settings = route.row["settings"]
    channels = route.carrier.channels_of(settings)
    agent = route.carrier.agent(settings) if "rcs" in channels and route.carrier.agent else None
    states = [
        doing(route, channel, known.get((route.row["id"], channel)), now) for channel in channels
    ]
    return {"route": route, "states": states, "agent": agent}


def _steps(found: Any, carriers: Mapping[UUID, Route]) -> list[dict[str, Any]]:
    """Each route: its steps in order, the carriers of a step with their share."""
    made: dict[tuple[str, str], dict[int, list[tuple[str, int]]]] = {}
    for line in found:
        steps = made.setdefault((line["channel"], line["country"]), {})
        route = carriers.get(line["connection_id"])
        named = (route.name if route else "", line["weight"])
        steps.setdefault(line["position"], []).append(named)
    return [{"channel": channel, "country": country, "steps": list(steps.values())}
            for (channel, country), steps in made.items()]  # fmt: skip

"""Routes: which carriers take a channel's messages to a country, in which order and shares."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext

from hub.automations.presets import zones_of_country
from hub.send.routing import Route
from hub.store import routes, workspaces
from hub.web.pages import places
from hub.web.pages.settings.wing import carriers_of, wing
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown

_PATH = "/settings/senders"
_CHANNELS = ("sms", "rcs")
_STEPS = 5


@wing.way(f"GET {_PATH}/route", may="manage")
def route_form(visit: Visit) -> Shown:
    """The form of one route: `channel` and `country` in the address, or a new one."""
    channel, country = visit.args.get("channel", "sms"), visit.args.get("country", "")
    if channel not in _CHANNELS or (country and not zones_of_country(country)):
        raise Missing
    with visit.begin() as db:
        found = routes.of_workspaces(db, [visit.workspace_id])
    own = [line for line in found if (line["channel"], line["country"]) == (channel, country)]
    form = {"channel": channel, "country": country}
    for step, position in enumerate(sorted({line["position"] for line in own}), start=1):
        for line in (one for one in own if one["position"] == position):
            form[f"step-{line['connection_id']}"] = str(step)
            form[f"weight-{line['connection_id']}"] = str(line["weight"])
    return _route(visit, form, {})


@wing.way(f"POST {_PATH}/route", may="manage")
def put_route(visit: Visit) -> Shown | Go:
    """Write one route, in the place of the one there."""
    form = {name: value.strip() for name, value in visit.form.items()}
    with visit.begin() as db:
        carriers = carriers_of(visit, db)
    wrong = dict(_route_problems(form, carriers))
    if wrong:
        return _route(visit, form, wrong)
    pair = (form["channel"], form["country"])
    _replace(visit, pair, list(_lines(form, carriers)))
    return Go(_PATH, said=gettext("The route holds from the next message on."))


@wing.way(f"POST {_PATH}/route/remove", may="manage")
def drop_route(visit: Visit) -> Go:
    """Take one route away."""
    _replace(visit, (visit.form.get("channel", ""), visit.form.get("country", "")), [])
    return Go(_PATH, said=gettext("The route is gone."))


def _route_problems(
    form: Mapping[str, str], carriers: Mapping[UUID, Route]
) -> Iterator[tuple[str, str]]:
    channel, country = form.get("channel", ""), form.get("country", "?")
    if channel not in _CHANNELS:
        yield "channel", gettext("Choose SMS or RCS.")
    if country and not zones_of_country(country):
        yield "country", gettext("Choose a country.")
    weights = 0
    for id in _named(form, carriers):
        step, weight = form[f"step-{id}"], form.get(f"weight-{id}", "")
        if channel in _CHANNELS and not carriers[id].carries(channel):
            words = gettext("%(name)s is not set up for %(channel)s.",
                            name=carriers[id].name, channel=channel.upper())  # fmt: skip
            yield "steps", words
        elif not (_is_whole(step, _STEPS) and _is_whole(weight, 100)):
            yield "steps", gettext("Give each share as a whole number from 0 to 100.")
        else:
            weights += int(weight)
    if not weights:
        yield "steps", gettext("Choose at least one carrier, with a share above 0.")


def _is_whole(text: str, most: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 4 and int(text) <= most


def _named(form: Mapping[str, str], carriers: Mapping[UUID, Route]) -> list[UUID]:
    return [id for id in carriers if form.get(f"step-{id}")]


def _lines(form: Mapping[str, str], carriers: Mapping[UUID, Route]) -> Iterator[dict[str, Any]]:
    for id in _named(form, carriers):
        yield {
            "channel": form["channel"], "country": form["country"], "connection_id": id,
            "position": int(form[f"step-{id}"]), "weight": int(form[f"weight-{id}"]),
        }  # fmt: skip


def _replace(visit: Visit, pair: tuple[str, str], lines: list[dict[str, Any]]) -> None:
    """All routes but this one as they are; nobody else writes them meanwhile."""
    names = ("channel", "country", "position", "connection_id", "weight")
    with visit.ground.database.begin() as db:
        workspaces.locked(db, visit.workspace_id)
        others = [
            {name: line[name] for name in names}
            for line in routes.of_workspaces(db, [visit.workspace_id])
            if (line["channel"], line["country"]) != pair
        ]
        routes.replace(db, visit.workspace_id, [*others, *lines])
        visit.note(db, "routing_put")


def _route(visit: Visit, form: Mapping[str, str], wrong: Mapping[str, str]) -> Shown:
    with visit.begin() as db:
        carriers = carriers_of(visit, db)
    values = {"form": form, "wrong": wrong, "carriers": carriers, "steps": range(1, _STEPS + 1),
              "countries": places.countries()}  # fmt: skip
    return Shown("settings/route.html", values, 422 if wrong else 200)

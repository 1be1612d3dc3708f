"""Prices: what a segment or a message costs through each carrier, by country; as a sheet too."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext, ngettext
from sqlalchemy import Connection

from hub.automations.presets import zones_of_country
from hub.report.cells import as_csv
from hub.send.routing import Route
from hub.store import prices, spend
from hub.web.api.routing import carrier_problem, id_or_none
from hub.web.pages import places
from hub.web.pages.retold import told
from hub.web.pages.settings import price_sheet
from hub.web.pages.settings.purse import micros_in
from hub.web.pages.settings.wing import carriers_of, shop_of, wing
from hub.web.pages.visits import Visit
from hub.web.pages.wings import File, Go, Shown

_PATH = "/settings/prices"
CHANNELS = ("sms", "rcs")


@wing.way(f"GET {_PATH}", may="see")
def price_list(visit: Visit) -> Shown:
    """The price list."""
    return _shown(visit, {}, {})


@wing.way(f"POST {_PATH}", may="manage")
def put_price(visit: Visit) -> Shown | Go:
    """Write one price, new or changed."""
    form = {name: value.strip() for name, value in visit.form.items()}
    with visit.begin() as db:
        carriers = carriers_of(visit, db)
    wrong = _wrong(form, carriers)
    id, micros = id_or_none(form.get("connection_id", "")), micros_in(form.get("amount", ""))
    if wrong or id is None or micros is None:
        return _shown(visit, form, wrong)
    line, currency = (id, form["channel"], form["country"]), shop_of(visit)["currency"]
    _change(visit, lambda db: prices.put(db, visit.workspace_id, line, micros, currency))
    return Go(_PATH, said=gettext("The price is written. What waited for it is looked at again."))


@wing.way(f"POST {_PATH}/remove", may="manage")
def drop_price(visit: Visit) -> Go:
    """Take one price away."""
    form, id = visit.form, id_or_none(visit.form.get("connection_id", ""))
    if id is not None:
        line = (id, form.get("channel", ""), form.get("country", ""))
        _change(visit, lambda db: prices.drop(db, visit.workspace_id, line))
    return Go(_PATH, said=gettext("The price is gone."))


@wing.way(f"GET {_PATH}/list.csv", may="see")
def price_file(visit: Visit) -> File:
    """The price list as a sheet, which can be changed and brought back."""
    with visit.begin() as db:
        found, carriers = prices.listed(db, visit.workspace_id), carriers_of(visit, db)
    rows = (price_sheet.cells(line, carriers) for line in found)
    return File("prices.csv", "text/csv", as_csv(price_sheet.HEADER, rows))


@wing.way(f"POST {_PATH}/list", may="manage")
def bring_prices(visit: Visit) -> Shown | Go:
    """Put a sheet's prices in the place of all that are there."""
    shop, given = shop_of(visit), visit.request.files.get("sheet")
    with visit.begin() as db:
        carriers = carriers_of(visit, db)
    sheet = price_sheet.read(given.read() if given else b"", carriers, shop["currency"])
    if sheet.problems:
        return _shown(visit, {}, {"sheet": sheet.problems})
    _change(visit, lambda db: prices.replace(db, visit.workspace_id, sheet.lines))
    words = ngettext(
        "The price list has %(num)s line now.",
        "The price list has %(num)s lines now.",
        len(sheet.lines),
    )
    return Go(_PATH, said=words)


def _wrong(form: Mapping[str, str], carriers: Mapping[UUID, Route]) -> dict[str, str]:
    id, channel, country = (form.get(n, "") for n in ("connection_id", "channel", "country"))
    wrong = {}
    if channel not in CHANNELS:
        wrong["channel"] = gettext("Choose SMS or RCS.")
    elif problem := carrier_problem(carriers, id_or_none(id), channel):
        wrong["connection_id"] = told(problem)
    if country and not zones_of_country(country):
        wrong["country"] = gettext("Choose a country.")
    if micros_in(form.get("amount", "")) is None:
        wrong["amount"] = gettext("Give an amount such as 0.045.")
    return wrong


def _change(visit: Visit, act: Callable[[Connection], Any]) -> None:
    now = visit.ground.clock()
    with visit.ground.database.begin() as db:
        act(db)
        spend.wake(db, visit.workspace_id, now)
        visit.note(db, "prices_put")
    visit.ring("send_transactional", "send_marketing")


def _shown(visit: Visit, form: Mapping[str, Any], wrong: Mapping[str, Any]) -> Shown:
    with visit.begin() as db:
        found, carriers = prices.listed(db, visit.workspace_id), carriers_of(visit, db)
        limited = bool(spend.caps_of(db, [visit.workspace_id]))
    values = {
        "found": found, "carriers": carriers, "form": form, "wrong": wrong, "shop": shop_of(visit),
        "names": dict(places.countries()), "countries": places.countries(), "limited": limited,
        "unpriced": _unpriced(found, carriers),
    }  # fmt: skip
    return Shown("settings/prices.html", values, 422 if wrong else 200)


def _unpriced(found: Any, carriers: Mapping[UUID, Route]) -> list[tuple[str, str]]:
    """(carrier, channel) of which no price is known: under a limit on spending they wait."""
    known = {(line["connection_id"], line["channel"]) for line in found}
    return [
        (route.name, channel.upper())
        for id, route in carriers.items()
        for channel in route.carrier.channels_of(route.row["settings"])
        if (id, channel) not in known
    ]

"""A price list as a sheet: its columns, and what a sheet that somebody brings says."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext

from hub.automations.presets import zones_of_country
from hub.send.routing import Route
from hub.store import prices
from hub.store.database import Row
from hub.web.api.routing import carrier_problem, id_or_none
from hub.web.pages.retold import told
from hub.web.pages.settings.purse import micros_in

HEADER = ("connection", "carrier", "channel", "country", "price", "currency")
_MOST = 2000  # lines
_MOST_SAID = 10  # problems


@dataclass(frozen=True)
class Sheet:
    """The lines of a sheet, as `prices.replace` takes them, or what is wrong with it."""

    lines: Sequence[Mapping[str, Any]]
    problems: Sequence[str]


def cells(line: Row, carriers: Mapping[UUID, Route]) -> tuple[Any, ...]:
    """One price as cells in the order of HEADER."""
    route = carriers.get(line["connection_id"])
    return (
        line["connection_id"], route.name if route else "", line["channel"], line["country"],
        prices.amount_of(line["micros"]), line["currency"],
    )  # fmt: skip


def read(content: bytes, carriers: Mapping[UUID, Route], currency: str) -> Sheet:
    """What a sheet says: cells parted by commas or semicolons, the columns in any order; the
    currency is the workspace's where it is left out."""
    try:
        found = list(_rows(content.decode("utf-8-sig")))
    except (UnicodeDecodeError, csv.Error):
        return Sheet((), [gettext("This is not a CSV file in UTF-8. Save the sheet as one.")])
    columns = {"connection", "channel", "country", "price"}
    if not found or not columns <= set(found[0]):
        words = gettext("The first line must name the columns connection, channel, country, price.")
        return Sheet((), [words])
    if len(found) > _MOST:
        return Sheet((), [gettext("A price list has %(count)s lines at most.", count=_MOST)])
    lines: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    problems = []
    for number, row in enumerate(found, start=2):
        line = _line(row, currency)
        key = (line["connection_id"], line["channel"], line["country"])
        words = _problem(line, row, carriers, currency)
        if not words and key in lines:
            words = gettext("This carrier, channel and country has a price already.")
        if words:
            problems.append(gettext("Line %(number)s: %(words)s", number=number, words=words))
        lines[key] = line
    return Sheet(list(lines.values()), problems[:_MOST_SAID])


def _rows(text: str) -> Iterator[dict[str, str]]:
    first = text.split("\n", 1)[0]
    mark = ";" if first.count(";") > first.count(",") else ","
    for row in csv.DictReader(text.splitlines(), delimiter=mark):
        plain = {str(n).strip().lower(): (v or "").strip() for n, v in row.items() if n and v != []}
        if any(plain.values()):
            yield plain


def _line(row: Mapping[str, str], currency: str) -> dict[str, Any]:
    return {
        "connection_id": id_or_none(row["connection"]), "channel": row["channel"].lower(),
        "country": row["country"].upper(), "micros": micros_in(row["price"]),
        "currency": row.get("currency", "").upper() or currency,
    }  # fmt: skip


def _problem(
    line: Mapping[str, Any], row: Mapping[str, str], carriers: Mapping[UUID, Route], currency: str
) -> str:
    if line["channel"] not in ("sms", "rcs"):
        return str(gettext("Choose SMS or RCS."))
    if words := carrier_problem(carriers, line["connection_id"], line["channel"]):
        return told(words)
    if line["country"] and not zones_of_country(line["country"]):
        where = row["country"]
        return str(gettext("«%(country)s» is no country. Give two letters such as FR.",
                           country=where))  # fmt: skip
    if line["micros"] is None:
        return str(gettext("Give an amount such as 0.045."))
    if line["currency"] != currency:
        return str(gettext("This workspace counts in %(currency)s. Give the price in it.",
                           currency=currency))  # fmt: skip
    return ""

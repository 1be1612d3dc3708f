"""Whom somebody asks for: filters as they stand in the address, and said as chips."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from babel import Locale
from flask_babel import get_locale, gettext
from sqlalchemy import Connection

from hub.contract import NotAPhone, Phone
from hub.store.numbers import TOKEN, number_of
from hub.store.people_list import STANDINGS, Wanted
from hub.web.pages.people.desk import PATH, shop_of
from hub.web.pages.people.words import standing_words
from hub.web.pages.visits import Visit

NAMES = ("q", "standing", "country", "language")


@dataclass(frozen=True)
class Asked:
    """The filters as given, and what they mean."""

    form: Mapping[str, str]
    wanted: Wanted

    def address(self, path: str = PATH, **changes: Any) -> str:
        """The list with these filters, and some of them otherwise; empty ones are left out."""
        kept = {**{n: self.form.get(n, "") for n in NAMES}, **changes}
        query = urlencode({n: v for n, v in kept.items() if v})
        return f"{path}?{query}" if query else path

    def chips(self) -> list[tuple[str, str, str]]:
        """Each filter in words, and the address without it."""
        labels = {
            "q": gettext("Search"), "standing": gettext("Consent"),
            "country": gettext("Country"), "language": gettext("Language"),
        }  # fmt: skip
        given = [n for n in NAMES if self.form.get(n)]
        return [(labels[n], self._said(n), self.address(**{n: ""})) for n in given]

    def _said(self, name: str) -> str:
        value, reader = self.form[name], get_locale() or Locale("en")
        if name == "standing":
            return standing_words(value).words
        if name == "country":
            return str(reader.territories.get(value, value))
        if name == "language":
            return str(reader.languages.get(value, value))
        return gettext("a phone number") if TOKEN.fullmatch(value) else value


def read(visit: Visit, db: Connection) -> Asked:
    """The filters of an address. A number that was typed becomes its token."""
    form = {n: v.strip()[:100] for n, v in visit.args.items() if n in NAMES and v.strip()}
    if form.get("standing") not in STANDINGS:
        form.pop("standing", None)
    sought = _sought(visit, db, form)
    plain = {n: form.get(n, "") for n in ("standing", "country", "language")}
    return Asked(form, Wanted(**plain, **sought))


def _sought(visit: Visit, db: Connection, form: dict[str, str]) -> dict[str, str]:
    """What the search means: a number, an address, or how one or two names begin."""
    typed = form.get("q", "")
    if not typed or TOKEN.fullmatch(typed):
        return {"phone": typed} if typed else {}
    if any(sign.isdigit() for sign in typed):
        try:
            phone = Phone.parse(typed, shop_of(visit, db)["country"])
        except NotAPhone:
            pass
        else:
            form["q"] = number_of(visit.ground.vault, visit.workspace_id, phone).token
            return {"phone": form["q"]}
    if "@" in typed:
        return {"email": typed}
    first, _, last = typed.partition(" ")
    return {"first": first, "last": last.strip()}

"""A row as it was read → an event: its person, its date, its texts. Pure: no I/O, no clock."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from hub.contract import Consent, Event, Ignored, Person, Request

from .columns import TEXTS
from .consent import spoken
from .grid import Cell, plain, text

Row = Mapping[str, Any]

_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001  a sheet's dates have no zone
_DATE = re.compile(r"(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[ T,]+(\d{1,2})[:hH.](\d{2})?)?.*")
_LANGUAGES = {
    "en": "english englisch anglais ingles inglese",
    "fr": "french francais frances francese franzosisch",
    "es": "spanish espagnol espanol spagnolo spanisch castellano",
    "it": "italian italien italiano italienisch",
    "de": "german allemand aleman tedesco deutsch",
}
_BY_NAME = {name: code for code, names in _LANGUAGES.items() for name in names.split()}


def dedupe(request: Request) -> str:
    """The row's key: the same change read twice is one."""
    try:
        key = text(_read(request.body).get("key"), 120)
    except ValueError:
        key = ""
    return key or sha256(request.body).hexdigest()


def parse(request: Request, settings: Mapping[str, str]) -> list[Event] | Ignored:
    """The event of a row that was read. Raises ValueError with a sentence."""
    row = _read(request.body)
    identity, key = text(row.get("row"), 40), text(row.get("key"), 120)
    at = _moment(text(row.get("at")), UTC)
    if not (identity and key and at):
        raise ValueError("The row that was read has no id, no key or no time.")
    if row.get("what") not in ("added", "changed"):
        return Ignored("Nothing was added or changed in this row.")
    person = person_of(row, f"row:{identity}", settings, at)
    if settings.get("event") == "contact":
        data: dict[str, Any] = {"email": person.email} if person.email else {}
        return [Event("contact.changed", key, f"row:{identity}", at, person, data)]
    data = {"row_id": identity} | _data(row)
    return [Event(f"row.{row['what']}", key, f"row:{identity}", at, person, data)]


def person_of(row: Row, record: str, settings: Mapping[str, str], at: datetime) -> Person:
    """Who a row is about. A consent that we wrote ourselves says nothing new."""
    values, said = _part(row, "values"), None
    if row.get("consent_is_ours") is not True:
        said = spoken(values.get("consent", ""))
    source = f"googlesheets column {text(row.get('consent_column'), 100)}"
    country = settings.get("country", "").strip().upper()
    phone = phone_of(values.get("phone", ""))
    email = text(values.get("email"), 254)
    return Person(
        phone=phone,
        country=country if re.fullmatch("[A-Z]{2}", country) else "",
        first_name=text(values.get("first_name"), 100),
        last_name=text(values.get("last_name"), 100),
        email=email,
        language=language_of(values.get("language", "")),
        consent=None if said is None else Consent(said, source, at),
        record=record,
        look_up=bool(email and not phone),
    )


def phone_of(cell: Cell) -> str:
    """A phone as typed. A sheet that made a number of it dropped its + or its first 0: eleven
    digits and more can only begin with a country code."""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return text(cell, 64)
    digits = text(cell, 64)
    return f"+{digits}" if digits.isdigit() and len(digits) >= 11 else digits


def is_spoilt(cell: Cell) -> bool:
    """Whether this was a phone until a program wrote it as 3.36E+10: its digits are lost."""
    return bool(re.fullmatch(r"\d[.,]\d+E\+?\d+", text(cell), re.I))


def language_of(cell: Cell) -> str:
    """ "fr_FR", "French", "français" → "fr"; empty where it is none we know."""
    word = text(cell, 30)
    code = re.fullmatch(r"([A-Za-z]{2})([-_][A-Za-z0-9]+)?", word)
    return code[1].lower() if code else _BY_NAME.get(plain(word), "")


def date_of(cell: Cell, zone: str, month_first: bool = False) -> str:
    """A date cell in ISO 8601 with its offset, in the sheet's zone; "" where it is none."""
    found = None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        found = _serial(cell)
    elif text(cell):
        found = _moment(text(cell), None) or _written(text(cell), month_first)
    if found is None or not 1990 <= found.year < 2200:
        return ""
    return (found if found.tzinfo else found.replace(tzinfo=zone_of(zone))).isoformat()


def _serial(days: float) -> datetime | None:
    # Beyond this it is no date but some other number; half seconds are rounding.
    if not 30_000 <= days < 120_000:
        return None
    return _DAY_ZERO + timedelta(seconds=round(days * 86_400))


def _written(said: str, month_first: bool) -> datetime | None:
    found = _DATE.fullmatch(said)
    if not found:
        return None
    first, second, third = (int(part) for part in found.groups()[:3])
    if first > 31:
        year, month, day = first, second, third
    else:
        year, (day, month) = third, (second, first) if month_first else (first, second)
    hour, minute = (int(part or 0) for part in found.groups()[3:])
    try:
        return datetime(year + 2000 if year < 100 else year, month, day, hour, minute)  # noqa: DTZ001
    except ValueError:
        return None


def zone_of(name: str) -> tzinfo:
    """The zone of that name; UTC where it is none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return UTC


def _moment(said: str, zone: tzinfo | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _data(row: Row) -> dict[str, Any]:
    values, texts = _part(row, "values"), _part(row, "texts")
    shown = {name: text(texts.get(name, values.get(name))) for name in ("status", *TEXTS)}
    due = date_of(values.get("date", ""), text(row.get("zone")), row.get("month_first") is True)
    return {n: said for n, said in shown.items() if said} | ({"due_at": due} if due else {})


def _part(row: Row, name: str) -> Row:
    found = row.get(name)
    return found if isinstance(found, dict) else {}


def _read(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        raise ValueError("The row that was read is not readable JSON.") from None
    if isinstance(found, dict):
        return found
    raise ValueError("The row that was read is not one JSON object.")

"""Who a contact is: phone, country, language, zone, and a consent that is a person's own word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from hub.contract import Consent, Person

from . import kinds
from .documents import Document, identity, moment, part, rows, text

_YES = frozenset(("true", "yes", "1", "on", "oui", "ja", "si", "sí", "sì"))
_NO = frozenset(("false", "no", "0", "off", "non", "nein"))

# A consent and the note of its origin are written in one call; their two dates may differ a little.
_ONE_CALL = timedelta(seconds=2)


@dataclass(frozen=True)
class Version:
    """One value a property had, since when; `at` is None where the vendor told no history."""

    value: str
    at: datetime | None = None


def person(row: Document, settings: Mapping[str, str], read_at: datetime) -> Person:
    """The person of a contact's record; `read_at` dates a consent without a date of its own."""
    values = part(row, "properties")
    named = (text(values.get(name), 64) for name in kinds.phones(settings))
    return Person(
        phone=next(filter(None, named), ""),
        country=_country(values, settings),
        first_name=text(values.get("firstname"), 100),
        last_name=text(values.get("lastname"), 100),
        email=text(values.get("email"), 254),
        language=_language(text(values.get(kinds.language(settings)), 20)),
        zone=_zone(text(values.get("hs_timezone"), 60)),
        consent=_consent(row, settings, read_at),
        record=f"contact:{identity(row.get('id'))}",
    )


def _consent(row: Document, settings: Mapping[str, str], read_at: datetime) -> Consent | None:
    name = kinds.consent(settings)
    standing = versions(row, name)
    word = last_word(row, settings)
    if not standing or word is None or standing[0] != word:
        return None  # silence, or what stands there is our own word
    granted = spoken(word.value)
    if granted is None:
        return None
    return Consent(granted, f"hubspot property {name}", word.at or read_at)


def last_word(row: Document, settings: Mapping[str, str]) -> Version | None:
    """The newest value of the consent that a person gave, ours left out; None where there is none.

    We write beside each consent what we wrote. With the history of both, a value dated as such a
    note is ours, whatever was before and came after; without it, a value equal to the note is.
    """
    name = kinds.consent(settings)
    found = versions(row, name)
    # We write to our own property only: in a merchant's own, every word is a person's.
    for note in versions(row, kinds.ORIGIN) if name == kinds.CONSENT else ():
        echoes = [one for one in found if _is_echo(one, note)]
        # One note stands for one value: a person may have said the same a moment later.
        if echoes:
            found.remove(min(echoes, key=lambda one: _apart(one, note)))
    return found[0] if found else None


def _is_echo(one: Version, note: Version) -> bool:
    same = spoken(one.value) is spoken(note.value.partition(" ")[0])
    return same and _apart(one, note) <= _ONE_CALL


def _apart(one: Version, note: Version) -> timedelta:
    if one.at is None or note.at is None:
        return timedelta(0)
    return abs(one.at - note.at)


def versions(row: Document, name: str) -> list[Version]:
    """The values of a property that are known, newest first; empty ones are values too."""
    told = part(row, "propertiesWithHistory").get(name)
    found = [Version(text(v.get("value"), 1_000), moment(v.get("timestamp"))) for v in rows(told)]
    dated = [(one.at, one) for one in found if one.at is not None]
    if dated:
        return [one for _, one in sorted(dated, key=lambda pair: pair[0], reverse=True)]
    value = text(part(row, "properties").get(name), 1_000)
    return [Version(value)] if value else []


def since(known: Sequence[Version]) -> datetime | None:
    """Since when the newest value stands; a value written again over itself is no change."""
    at = known[0].at if known else None
    for one in known:
        if one.value != known[0].value:
            break
        at = one.at
    return at


def spoken(value: Any) -> bool | None:
    """A tick box's value as portals write it; None where it is neither yes nor no."""
    word = text(value, 10).casefold()
    return True if word in _YES else False if word in _NO else None


def _country(values: Document, settings: Mapping[str, str]) -> str:
    named = (values.get("hs_country_region_code"), values.get("country"), settings.get("country"))
    codes = (text(one, 60).upper() for one in named)
    return next((code for code in codes if re.fullmatch("[A-Z]{2}", code)), "")


def _language(written: str) -> str:
    matched = re.fullmatch(r"([A-Za-z]{2,3})([-_][A-Za-z0-9_-]*)?", written)
    return matched[1].lower() if matched else ""


def _zone(written: str) -> str:
    # The vendor writes Europe/Paris as europe_slash_paris.
    return _zones().get(written.replace("_slash_", "/").casefold(), "")


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, str]:
    return {name.casefold(): name for name in available_timezones()}

"""Who a record is about: phone, country, language, and the word they gave."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hub.contract import Consent, Person

from . import documents, origin
from .documents import Row, first, long_id, moment, pick
from .mapping import Table

_NOBODY: Mapping[str, Any] = {}


def person(
    own: Table, row: Row, behind: tuple[Table, Row] | None, settings: Mapping[str, str]
) -> Person:
    """The person of a record: its own fields first, then the Contact or Lead behind it."""
    table, who = behind or (own, _NOBODY)
    if own.noun == "contact":
        table, who = own, row
    number = long_id(pick(who, "Id"))

    def either(name: str, limit: int = 254) -> str:
        mine = first(row, getattr(own, name), limit)
        return mine or (first(who, getattr(table, name), limit) if who else "")

    return Person(
        phone=either("phone", 64),
        country=documents.country(either("country", 80)) or _home(settings),
        first_name=either("first_name"),
        last_name=either("last_name"),
        email=either("email"),
        language=_language(either("language", 20)),
        consent=consent(table, who) if who else None,
        record=f"contact:{number}" if number else "",
    )


def consent(table: Table, row: Row) -> Consent | None:
    """What the record says that we did not write there ourselves; silence is None.

    The tick box is an opt-*out*: unticked it says nothing, unless a person took back our tick.
    """
    if not table.consent or pick(row, table.consent) is None:
        return _opted_in(table, row)
    out, ours = pick(row, table.consent) is True, origin.note(row, table).said
    if out and ours != "out":
        return Consent(False, f"salesforce {table.object} {table.consent}", _when(row))
    if not out and ours == "out":
        return Consent(True, f"salesforce {table.object} {table.consent}", _when(row))
    return None if out or ours else _opted_in(table, row)


def _opted_in(table: Table, row: Row) -> Consent | None:
    if table.opt_in and pick(row, table.opt_in) is True:
        return Consent(True, f"salesforce {table.object} {table.opt_in}", _when(row))
    return None


def _when(row: Row) -> datetime:
    return moment(pick(row, "LastModifiedDate")) or datetime.fromtimestamp(0, UTC)


def _home(settings: Mapping[str, str]) -> str:
    typed = settings.get("country", "").strip().upper()
    return typed if re.fullmatch("[A-Z]{2}", typed) else ""


def _language(value: str) -> str:
    matched = re.fullmatch(r"([A-Za-z]{2})([-_][A-Za-z0-9_-]*)?", value)
    return matched[1].lower() if matched else documents.language(value)

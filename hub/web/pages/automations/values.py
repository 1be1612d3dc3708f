"""Values of a document, read from the texts of a form."""

import re
from collections.abc import MutableMapping
from typing import Any

from hub.automations.conditions import variables_of
from hub.contract import VOCABULARY
from hub.web.pages.automations.drawn import UNITS, Texts

Writing = MutableMapping[str, Any]
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


def within(document: Writing, name: str) -> Writing:
    """A nested object that can be written to."""
    if not isinstance(document.get(name), dict):
        document[name] = {}
    found: Writing = document[name]
    return found


def kind_of(event: str, field: str) -> str:
    """The kind of a variable of this event; text where it has none of this name."""
    known = VOCABULARY.get(event)
    found = [v.kind for v in variables_of(known) if v.name == field] if known else []
    return found[0] if found else "text"


def wanted(kind: str, operator: str, texts: Texts) -> Any:
    """The value that a condition's controls ask for; as it stands where it is not what is needed,
    for whoever reads the document to say so."""
    text = texts["value"].strip()
    if operator == "is_known" or kind == "flag":
        return text != "no"
    if operator == "is_one_of":
        return [word.strip() for word in text.split(",") if word.strip()]
    if kind == "datetime":
        return {"hours": number(text)}
    if operator == "between":
        return [number(text), number(texts["upto"].strip())]
    if kind == "money" and texts["currency"].strip():
        return {"amount": text.replace(",", "."), "currency": texts["currency"].strip().upper()}
    return number(text) if kind in ("number", "money") else text


def number(text: str) -> int | float | str:
    """A number as it was typed; the text itself where it is none."""
    plain = text.replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        return text
    return float(plain) if "." in plain else int(plain)


def minutes_of(amount: str, unit: str) -> int | float | str:
    """So many units in minutes; as typed where it is no number."""
    found = number(amount or "0")
    if isinstance(found, str):
        return found
    minutes = found * UNITS.get(unit, 1)
    return int(minutes) if minutes == int(minutes) else minutes

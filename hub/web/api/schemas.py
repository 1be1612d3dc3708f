"""Small words for JSON Schema, and the shapes that several routes share."""

from collections.abc import Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]

ANY: Schema = {}
CSV: Schema = {"type": "string", "contentMediaType": "text/csv"}  # a file instead of JSON
FLAG: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
ID: Schema = {"type": "string", "format": "uuid"}
SLUG_PATTERN = "^[a-z0-9]+(?:[-_][a-z0-9]+)*$"
SLUG: Schema = {"type": "string", "pattern": SLUG_PATTERN, "maxLength": 80}
LANGUAGE: Schema = {"type": "string", "pattern": "^([a-z]{2}([-_][A-Za-z]{2})?)?$"}
COUNTRY: Schema = {"type": "string", "pattern": "^([A-Za-z]{2})?$"}


def text(longest: int = 300, *, empty: bool = True) -> Schema:
    """A text of at most so many characters."""
    return {"type": "string", "maxLength": longest, **({} if empty else {"minLength": 1})}


def whole(least: int, most: int) -> Schema:
    """A whole number in this range."""
    return {"type": "integer", "minimum": least, "maximum": most}


def one_of(*words: str) -> Schema:
    """One word of a closed list."""
    return {"type": "string", "enum": list(words)}


def optional(schema: Schema) -> Schema:
    """The same, or null."""
    return {**schema, "type": [schema["type"], "null"]}


def listed(schema: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": schema}


def by_name(schema: Schema, most: int = 100) -> Schema:
    """An object of any names, each with such a value."""
    return {"type": "object", "additionalProperties": schema, "maxProperties": most}


def shape(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    """An object with these fields and no others."""
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **(optional or {})},
        "additionalProperties": False,
    }


def page_of(schema: Schema) -> Schema:
    """One page of a list."""
    return shape({"items": listed(schema), "next_cursor": {"type": ["string", "null"]}})


def labelled(names: Sequence[str]) -> Schema:
    """An object whose fields are all texts."""
    return shape({name: text(100_000) for name in names})


PROBLEM: Schema = shape(
    {
        "type": text(),
        "title": text(),
        "status": whole(400, 599),
        "detail": text(2000),
        "errors": listed(labelled(["field", "words"])),
    }
)
CHECK: Schema = shape(
    {
        "asked": text(),
        "seen": text(),
        "verdict": one_of("yes", "no", "wait"),
        "sentence": text(1000),
        "data": {"type": "object"},
    }
)

"""The shapes of templates in the API: what is written, what the linter answers."""

from typing import Any

from hub.contract import VOCABULARY
from hub.web.api.schemas import (
    FLAG,
    Schema,
    by_name,
    listed,
    one_of,
    optional,
    shape,
    text,
    whole,
)

_LANGUAGES: dict[str, Any] = {"propertyNames": {"pattern": "^[a-z]{2}$"}, "maxProperties": 50}


def _by_language(schema: Schema, least: int = 0) -> Schema:
    made = {"type": "object", "minProperties": least, "additionalProperties": schema}
    return {**made, **_LANGUAGES}


_TEXTS = _by_language(text(20_000), 1)
_RICH = _by_language({"type": "object"})
_COUPON = shape(
    {"days": whole(1, 366)},
    {
        "percent": text(6),
        "amount": text(12),
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        "shared": FLAG,
        "prefix": {"type": "string", "pattern": "^[A-Z0-9]{0,8}$"},
    },
)
_VARIANTS = {
    **by_name(shape({}, {"texts": _by_language(text(20_000)), "rich": _RICH}), 5),
    "propertyNames": {"pattern": "^[a-z][a-z0-9_-]{0,19}$"},
}
REQUIRED: dict[str, Schema] = {
    "kind": one_of("marketing", "transactional"),
    "title": text(100, empty=False),
    "texts": _TEXTS,
}
OPTIONAL: dict[str, Schema] = {
    "defaults": by_name(text(300)),
    "transliterate": FLAG,
    "max_parts": whole(1, 10),
    # A name, a number, or a template of the language.
    "sender": {
        "type": "string",
        "pattern": "^([A-Za-z0-9 ]{1,11}|\\+?[0-9]{3,15}|[^{}]*[{].*)?$",
        "maxLength": 300,
    },
    "event": one_of("", *VOCABULARY),
    "rich": _RICH,
    "ttl_minutes": whole(1, 2880),
    "expects_replies": FLAG,
    "page": one_of("", "basket", "appointment", "offer"),
    "previews": _by_language(
        shape({}, {"title": text(200), "description": text(300), "image": text(500)})
    ),
    "utm": shape({}, {name: text(100) for name in ("source", "medium", "campaign", "content")}),
    "link_days": whole(1, 365),
    "coupon": optional(_COUPON),
    "variants": _VARIANTS,
}
WORDS = shape(REQUIRED, OPTIONAL)
TRIED = shape(REQUIRED, {**OPTIONAL, "slug": text(80)})
TEMPLATE = {"slug": text(), "version": whole(1, 10**9), **REQUIRED, **OPTIONAL}

_SPAN: Schema = {"type": ["array", "null"], "items": {"type": "integer"}}
FINDING = shape(
    {
        "severity": one_of("error", "warning", "info"),
        "code": text(40),
        "field": text(200),
        "words": text(1000),
        "language": text(2),
        "channel": text(10),
        "names": {"type": "object"},
        "span": _SPAN,
        "repair": optional(text(20_000)),
    }
)
_FIGURE = shape(
    {
        "encoding": text(5),
        "units": whole(0, 10**6),
        "parts": whole(1, 1000),
        "left": whole(0, 1000),
        "price": optional(text(20)),
        "currency": text(3),
        "text": text(20_000),
    }
)
BILL = shape(
    {
        "language": text(2),
        "channel": text(10),
        "events": whole(0, 10_000),
        "unfilled": whole(0, 10_000),
        "shortest": _FIGURE,
        "median": _FIGURE,
        "p99": _FIGURE,
        "largest": _FIGURE,
    }
)
LISTED = shape({"items": listed(shape(TEMPLATE))})
LINTED = shape({**TEMPLATE, "findings": listed(FINDING)})
REPORT = shape({"findings": listed(FINDING), "bills": listed(BILL)})
PREVIEW = shape(
    {
        "language": text(5),
        "sms": shape(
            {
                "text": text(20_000),
                "parts": listed(text(2000)),
                "encoding": text(5),
                "units": whole(0, 10**6),
                "left": whole(0, 1000),
                "sender": text(20),
                "lock_screen": text(100),
                "described": text(300),
                "problem": text(1000),
            }
        ),
        "rcs": optional(shape({"content": {"type": ["object", "null"]}, "problem": text(1000)})),
        "agent": optional(shape({"name": text(200), "logo": text(2000), "active": FLAG})),
    }
)
ASKED = shape(
    {},
    {
        "language": text(2),
        "sample": one_of("declared", "newest", "longest"),
        "variant": text(20),
        "template": WORDS,
    },
)

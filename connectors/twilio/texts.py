"""Reading what Twilio says without trusting its shape: texts, forms and whole numbers."""

import re
from typing import Any
from urllib.parse import parse_qsl

# No id or address of Twilio's is longer; anything beyond matches nothing.
SHORT = 140
MOST_FIELDS = 500
_NO_TEXT = re.compile("[\ud800-\udfff]")
_DIGITS = re.compile(r"\+?\d(?:[-. ()]{0,2}\d){6,}")


def text(value: Any, limit: int = SHORT) -> str:
    """A text or a whole number as text a database can hold; anything else is an empty text."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    kept = str(value) if isinstance(value, int) else value.replace("\0", "")
    return _NO_TEXT.sub("\ufffd", kept)[:limit]


def form_of(body: bytes) -> list[tuple[str, str]]:
    """The fields of a form, bytes that are no UTF-8 kept as they are, so that a signature over
    them can be judged. Raises ValueError in words."""
    try:
        return parse_qsl(
            body.decode("utf-8", "surrogateescape"),
            keep_blank_values=True,
            errors="surrogateescape",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise ValueError("The callback has more fields than Twilio ever sends.") from None


def hide_numbers(words: str) -> str:
    """The same words without anything that could be somebody's phone number."""
    return _DIGITS.sub("(a number)", words)

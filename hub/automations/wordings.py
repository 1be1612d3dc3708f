"""Wordings of a template: its own text and the others by name, and which channel each is for."""

from collections.abc import Mapping
from typing import Any

from hub.store.database import Row


def channel_of(template: Row, variant: str) -> str:
    """ "rcs" where the wording has a rich document in any language, else "sms". A wording that has
    none of its own takes the template's."""
    own: Mapping[str, Any] = (template.get("variants") or {}).get(variant, {})
    return "rcs" if own.get("rich") or template.get("rich") else "sms"


def names_of(template: Row | None) -> tuple[str, ...]:
    """The names of its other wordings."""
    return tuple(sorted(template.get("variants") or {})) if template is not None else ()

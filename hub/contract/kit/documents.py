"""Events, receipts and replies as plain JSON documents, and how one document holds another."""

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hub.contract.values import Phone


def document_of(value: Any) -> Any:
    """The JSON form of a contract value: times in ISO 8601, spans in seconds, the rest as text."""
    if isinstance(value, Phone):
        return value.e164
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: document_of(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): document_of(item) for name, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [document_of(item) for item in value]
    return value


def difference(wanted: Any, found: Any, at: str = "it") -> str:
    """The first place where `found` lacks what `wanted` asks, in words; empty when it has all.

    Objects may hold more than is wanted of them; lists must have the same length and order.
    """
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        missing = next((name for name in wanted if name not in found), None)
        if missing is not None:
            return f"{at} has no «{missing}»."
        return _first(difference(wanted[n], found[n], f"{at}.{n}") for n in wanted)
    if isinstance(wanted, list) and isinstance(found, list):
        if len(wanted) != len(found):
            return f"{at} has {len(found)} entries, not {len(wanted)}."
        pairs = enumerate(zip(wanted, found, strict=True))
        return _first(difference(w, f, f"{at}[{i}]") for i, (w, f) in pairs)
    return "" if wanted == found else f"{at} is {found!r}, not {wanted!r}."


def _first(sentences: Any) -> str:
    return next((words for words in sentences if words), "")

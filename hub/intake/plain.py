"""Making a vendor's values fit for rows: PostgreSQL's text takes neither NUL nor half a pair."""

from typing import Any


def plain(value: Any) -> Any:
    """The same value with NUL removed and lone surrogates shown as U+FFFD, at any depth."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {_text(str(k)): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


def _text(value: str) -> str:
    if value.isascii():
        return value.replace("\x00", "")
    whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "")

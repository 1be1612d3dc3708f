"""Making a vendor's values fit for rows: PostgreSQL's text takes neither NUL nor half a pair."""

from typing import Any

import orjson


def plain(value: Any) -> Any:
    """The same value with NUL removed and lone surrogates shown as U+FFFD, at any depth. What is
    fit already, and nearly everything is, comes back as it is."""
    return value if _fits(value) else _mended(value)


def _fits(value: Any) -> bool:
    try:
        return b"\\u0000" not in orjson.dumps(value)
    except TypeError:  # half a pair, or a key that is no text
        return False


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {_text(str(k)): _mended(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_mended(v) for v in value]
    return value


def _text(value: str) -> str:
    whole = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\x00", "")

"""Asking how the line stands, whether the operator lets us in, and what the bind knows."""

import json
from typing import Any
from urllib.parse import quote

from hub.contract import Account, Context, Found, Unavailable

from .client import error_of, get
from .documents import found_of
from .probe import let_in, operator_of

_NOT_RUNNING = "Start the bind with hub bind: until it runs, messages wait and no replies come."


def check(ctx: Context) -> Account:
    """Which operator. The bind is asked; where none runs, the operator itself is, by a bind that
    ends at once. Raises AuthLost, Unavailable."""
    operator = operator_of(ctx)
    label = f"SMPP · {operator.host}:{operator.port}"
    try:
        response = get(ctx, "/line")
    except Unavailable as error:
        if error.reached:
            raise
        let_in(ctx)
        return Account(label, lacks=(_NOT_RUNNING,))
    if response.status_code != 200:
        raise error_of(response)
    line = _document(response.content)
    if line.get("bound") is not True:
        return Account(label, lacks=("The line to the operator is down; the bind tries again.",))
    return Account(label)


def find(ctx: Context, reference: str) -> Found | None:
    """The message under our reference; None where the bind has been there all along and never
    took it. Raises Unavailable where that is not proven."""
    response = get(ctx, f"/messages/{quote(reference, safe='')}")
    if response.status_code == 404 and b'"unknown"' in response.content[:200]:
        return None
    if response.status_code == 409:
        raise Unavailable("The bind does not know what became of it; a receipt may tell.")
    if response.status_code != 200:
        raise error_of(response)
    found = found_of(_document(response.content))
    if found is None:
        raise Unavailable("The bind's answer cannot be read; ask again later.")
    return found


def _document(content: bytes) -> dict[str, Any]:
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not {"bound", "carrier_message_id"} & set(document):
        raise Unavailable("Something else than the bind answers at its address.")
    return document

"""The till's calls as verbs; all HTTP is here."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from hub.contract import Account, Context, Page, Request, Unavailable
from hub.contract.http import check_status, json_of, session, translated

VENDOR = "The till"
PAGE = 200

_session = session()
Note = Mapping[str, str]


def check(ctx: Context) -> Account:
    """The till, by its name."""
    return Account(str(_call(ctx, "GET", "/till/account")["name"]))


def pull(ctx: Context, cursor: str) -> Page:
    """Orders after the cursor, which is the number of the last one seen."""
    if not cursor:
        return Page((), str(_call(ctx, "GET", "/till/account")["last"]))
    found = _call(ctx, "GET", f"/till/changes?after={cursor}&limit={PAGE}")
    requests = tuple(_as_delivery(one) for one in found["orders"])
    return Page(requests, str(found["last"]), more=bool(found["more"]))


def _as_delivery(order: Any) -> Request:
    return Request("POST", {}, orjson.dumps({"orders": [order]}))


def standing(ctx: Context, notes: Sequence[Note]) -> list[bool]:
    """Whether each of these notes is there already, by its marker."""
    return list(_call(ctx, "POST", "/till/standing", {"notes": notes})["standing"])


def add_notes(ctx: Context, notes: Sequence[Note]) -> None:
    """Put these on their orders; the till does not look whether they are there."""
    _call(ctx, "POST", "/till/notes", {"notes": notes})


def _call(ctx: Context, method: str, path: str, document: Any = None) -> dict[str, Any]:
    url = ctx.settings["url"].rstrip("/") + path
    headers = {"X-Key": ctx.secrets["api_key"], "Content-Type": "application/json"}
    body = orjson.dumps(document) if document is not None else None
    with translated(VENDOR):
        answer = _session.request(
            method, url, headers=headers, data=body, timeout=ctx.deadline, allow_redirects=False
        )
    check_status(VENDOR, answer)
    found = json_of(VENDOR, answer)
    if not isinstance(found, dict):
        raise Unavailable(f"{VENDOR} answered in a form that is not expected.")
    return found

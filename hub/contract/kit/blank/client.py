"""The vendor's calls as verbs; all HTTP is here."""

import json
from typing import Any

from hub.contract import Account, Context, Page, Request, Unavailable
from hub.contract.http import check_status, json_of, session, translated

VENDOR = "Example Vendor"
PAGE = 100

_session = session()


def check(ctx: Context) -> Account:
    """The account, by its name. Raises AuthLost when the key is wrong."""
    return Account(str(_object(call(ctx, "GET", "/v1/account")).get("name", VENDOR)))


def pull(ctx: Context, cursor: str) -> Page:
    """Contacts changed after the cursor, the vendor's own running number of changes."""
    if not cursor:
        return Page((), str(_object(call(ctx, "GET", "/v1/account")).get("last_change", 0)))
    found = _object(call(ctx, "GET", "/v1/changes", params={"after": cursor, "limit": PAGE}))
    changes = found.get("changes", [])
    requests = tuple(Request("POST", {}, json.dumps(change).encode()) for change in changes)
    last = str(changes[-1]["number"]) if changes else cursor
    return Page(requests, last, more=len(changes) == PAGE)


def notes(ctx: Context, contact: str) -> list[dict[str, Any]]:
    """The notes on a contact. Raises Refused (404) when there is no such contact."""
    return list(_object(call(ctx, "GET", f"/v1/contacts/{contact}/notes")).get("notes", []))


def add_note(ctx: Context, contact: str, text: str) -> str:
    """Put a note on a contact; its id."""
    body = {"text": text}
    return str(_object(call(ctx, "POST", f"/v1/contacts/{contact}/notes", json=body)).get("id"))


def call(ctx: Context, method: str, path: str, **more: Any) -> Any:
    """One request, with the key, the deadline and no redirects; its JSON."""
    url = ctx.settings["url"].rstrip("/") + path
    key = {"Authorization": f"Bearer {ctx.secrets['api_key']}"}
    with translated(VENDOR):
        answer = _session.request(
            method, url, headers=key, timeout=ctx.deadline, allow_redirects=False, **more
        )
    check_status(VENDOR, answer)
    return json_of(VENDOR, answer)


def _object(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise Unavailable(f"{VENDOR} answered in a form that is not expected.")
    return document

"""The shop's page that hands out keys (wc-auth): approve, and they are POSTed to the callback."""

import json
import secrets
from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode, urlsplit

import requests

from .access import Access

Page = tuple[int, dict[str, str], str]
_NEEDED = ("app_name", "scope", "user_id", "return_url", "callback_url")


def authorize(query: Mapping[str, str]) -> Page:
    """The question, with its two answers as links."""
    missing = [name for name in _NEEDED if not query.get(name)]
    if missing:
        return _page(401, f"Error: Missing parameter {escape(missing[0])}.")
    approve = f"/wc-auth/v1/access_granted?{urlencode(query)}"
    words = (
        f"<h1>{escape(query['app_name'])} would like to connect to your store</h1>"
        f'<p><a id="approve" href="{escape(approve)}">Approve</a> '
        f'<a id="deny" href="{escape(_back(query, "0"))}">Deny</a></p>'
    )
    return _page(200, words)


def grant(query: Mapping[str, str], access: Access) -> Page:
    """Approved: make a pair, POST it, and send the browser back."""
    missing = [name for name in _NEEDED if not query.get(name)]
    if missing:
        return _page(401, f"Error: Missing parameter {escape(missing[0])}.")
    key, secret = f"ck_{secrets.token_hex(20)}", f"cs_{secrets.token_hex(20)}"
    told = {
        "key_id": len(access.keys) + 1,
        "user_id": query["user_id"],
        "consumer_key": key,
        "consumer_secret": secret,
        "key_permissions": query["scope"],
    }
    access.keys[key] = secret  # as the shop does it: they are good before anybody hears of them
    if not _told(query["callback_url"], told):
        del access.keys[key]
        return _page(500, "Error: An error occurred in the request and at the time were unable "
                     "to send the consumer data.")  # fmt: skip
    if query["scope"] == "read":
        access.readers.add(key)
    return 302, {"Location": _back(query, "1")}, ""


def _told(callback: str, keys: Mapping[str, object]) -> bool:
    if urlsplit(callback).hostname not in ("127.0.0.1", "localhost", "::1"):
        return False
    with requests.Session() as session:
        session.trust_env = False
        headers = {"Content-Type": "application/json;charset=utf-8", "Connection": "close"}
        try:
            answer = session.post(callback, data=json.dumps(keys), headers=headers, timeout=10)
        except requests.RequestException:
            return False
        return answer.status_code == 200


def _back(query: Mapping[str, str], success: str) -> str:
    more = urlencode({"success": success, "user_id": query["user_id"]})
    return f"{query['return_url']}{'&' if '?' in query['return_url'] else '?'}{more}"


def _page(status: int, words: str) -> Page:
    return status, {"Content-Type": "text/html; charset=UTF-8"}, f"<!doctype html>{words}"

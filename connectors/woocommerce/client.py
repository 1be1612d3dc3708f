"""The shop's REST API (v3) as verbs, through the `woocommerce` package. All HTTP is here."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import requests
import woocommerce.api
from woocommerce import API

from hub.contract import AuthLost, Context, Refused, Unavailable
from hub.contract.http import AGENT, check_status, json_of, translated
from hub.contract.http_once import own_session

VENDOR = "The shop"
PAGE = 100

Row = dict[str, Any]


class _QueryCut(logging.Filter):
    """Cuts queries out of urllib3's lines: a shop without https gets its keys in them."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                a.split("?", 1)[0] + "?…" if isinstance(a, str) and "?" in a else a
                for a in record.args
            )
        return True


logging.getLogger("urllib3.connectionpool").addFilter(_QueryCut())


def _request(**asked: Any) -> requests.Response:
    return own_session(VENDOR).request(**asked)


# The package opens a session for each call and takes none of ours, so the one word by which it does
# is given ours: only addresses that may be called, nobody's cookies, no proxy of the environment.
woocommerce.api.request = _request


def address(settings: Mapping[str, str]) -> str:
    """The shop's base address as a merchant may have typed it. Raises Refused."""
    typed = settings.get("url", "").strip()
    split = urlsplit(typed if "://" in typed else f"https://{typed}")
    bare = split.scheme in ("http", "https") and split.hostname and "@" not in split.netloc
    if not bare:
        raise Refused("The shop's address is not a web address such as https://shop.example.com.")
    path = split.path.split("/wp-json")[0].split("/wp-admin")[0].rstrip("/")
    return f"{split.scheme}://{split.netloc}{path}"


def host(settings: Mapping[str, str]) -> str:
    """The shop's host name, which is how its account is shown."""
    return urlsplit(address(settings)).netloc


def orders(ctx: Context, **query: Any) -> list[Row]:
    """One page of orders; `query` is the vendor's (page, status, modified_after …)."""
    return _rows(_call(ctx, "GET", "orders", query={"per_page": PAGE, **query}))


def order(ctx: Context, number: str) -> Row:
    """One order."""
    return _row(_call(ctx, "GET", f"orders/{number}"))


def set_meta(ctx: Context, number: str, values: Mapping[str, str]) -> None:
    """Write meta rows by their key; the shop replaces a row of the same key."""
    meta = [{"key": key, "value": value} for key, value in values.items()]
    _row(_call(ctx, "PUT", f"orders/{number}", {"meta_data": meta}))


def notes(ctx: Context, number: str) -> list[Row]:
    """All notes of an order."""
    return _rows(_call(ctx, "GET", f"orders/{number}/notes"))


def add_note(ctx: Context, number: str, note: str) -> str:
    """Add a note that only the shop's staff sees; answers its id."""
    data = {"note": note, "customer_note": False}
    return str(_row(_call(ctx, "POST", f"orders/{number}/notes", data)).get("id", ""))


def make_coupons(ctx: Context, documents: Sequence[Row]) -> list[Row]:
    """Make many codes with one call; for each its row, or {"error": {code, message, data}}."""
    made = _row(_call(ctx, "POST", "coupons/batch", {"create": list(documents)}))
    found = made.get("create")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise Unavailable("The shop answered with something that is not a list of codes.")
    return found


def may_make_coupons(ctx: Context) -> bool:
    """Whether these keys may: an empty batch is let through, and makes nothing."""
    try:
        _call(ctx, "POST", "coupons/batch", {"create": []})
    except (AuthLost, Refused):
        return False
    return True


def coupons(ctx: Context, **query: Any) -> list[Row]:
    """One page of coupons; `query` is the vendor's (code, orderby, order …)."""
    return _rows(_call(ctx, "GET", "coupons", query={"per_page": PAGE, **query}))


def currency(ctx: Context) -> str:
    """The currency the shop sells in (ISO 4217)."""
    return str(_row(_call(ctx, "GET", "data/currencies/current")).get("code", ""))


def webhooks(ctx: Context) -> list[Row]:
    """All webhooks of the shop, whoever made them."""
    found: list[Row] = []
    for page in range(1, 51):
        rows = _rows(_call(ctx, "GET", "webhooks", query={"per_page": PAGE, "page": page}))
        found += rows
        if len(rows) < PAGE:
            break
    return found


def add_webhook(ctx: Context, topic: str) -> Row:
    """Make a webhook for a topic that delivers to this connection."""
    data = {
        "name": f"Relais: {topic}",
        "topic": topic,
        "delivery_url": ctx.hook_url,
        "secret": ctx.secrets["webhook_secret"],
        "status": "active",
    }
    return _row(_call(ctx, "POST", "webhooks", data))


def switch_on(ctx: Context, number: str) -> Row:
    """Activate a webhook again, with the secret this connection knows."""
    data = {"status": "active", "secret": ctx.secrets["webhook_secret"]}
    return _row(_call(ctx, "PUT", f"webhooks/{number}", data))


def remove_webhook(ctx: Context, number: str) -> None:
    """Delete a webhook; one that is gone already is fine."""
    try:
        _call(ctx, "DELETE", f"webhooks/{number}", query={"force": "true"})
    except Refused as error:
        if error.code not in ("404", "410"):
            raise


def _api(ctx: Context) -> API:
    return API(
        url=address(ctx.settings),
        consumer_key=ctx.secrets.get("consumer_key", ""),
        consumer_secret=ctx.secrets.get("consumer_secret", ""),
        wp_api=True,
        version="wc/v3",
        timeout=(min(5.0, ctx.deadline), ctx.deadline),
        query_string_auth=is_on(ctx.settings.get("query_string_auth", "")),
        user_agent=AGENT,
    )


def is_on(flag: str) -> bool:
    """A flag field as forms and files write it."""
    return flag.strip().lower() in ("1", "true", "yes", "on")


def _call(
    ctx: Context,
    method: str,
    path: str,
    data: Any = None,
    query: Mapping[str, Any] | None = None,
) -> requests.Response:
    api, failed = _api(ctx), None
    ask = {"GET": api.get, "DELETE": api.delete, "POST": api.post, "PUT": api.put}[method]
    sent = {} if data is None else {"data": data}
    try:
        with translated(VENDOR):
            answer: requests.Response = ask(
                path, params=dict(query or {}), allow_redirects=False, **sent
            )
    except Unavailable as error:
        failed = Unavailable(error.words, reached=error.reached)
    if failed:
        # Raised apart from its cause, whose words hold the address and, without https, the keys.
        raise failed
    if 300 <= answer.status_code < 400:
        raise Refused(_moved(answer), code=str(answer.status_code))
    check_status(VENDOR, answer)
    return answer


def _moved(answer: requests.Response) -> str:
    target = urlsplit(answer.headers.get("Location", ""))
    there = f"{target.scheme}://{target.netloc}" if target.netloc else "another page"
    return f"The shop sends calls on to {there}. Put its exact address in the settings."


def _rows(answer: requests.Response) -> list[Row]:
    found = json_of(VENDOR, answer)
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise Unavailable("The shop answered with something that is not a list.")
    return found


def _row(answer: requests.Response) -> Row:
    found = json_of(VENDOR, answer)
    if not isinstance(found, dict):
        raise Unavailable("The shop answered with something that is not a record.")
    return found

"""Asking smsmode: which account a key belongs to, what is left on it, what it sent."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from hub.contract import Account, AuthLost, Context, Found, Money, Refused, Unavailable

from .client import get
from .documents import part, text
from .statuses import status_of
from .trees import MOST_NAME, RCS, SMS, Tree, agent_name

_ORGANISATIONS = "/commons/v1/organisations"


def check(ctx: Context) -> Account:
    """The account. The addresses of messages are asked too: a key for RCS reads the account well,
    and could send no SMS; what is wrong with RCS is told in `lacks`. Raises AuthLost."""
    _first_page(ctx, SMS)
    lacks = _lacks(ctx)
    account = _account(ctx)
    if account is None:
        return Account("smsmode · a key that may send but not see the account", lacks=lacks)
    name = text(account.get("name")) or "account without a name"
    money = _balance(account)
    left = f"{money.amount:.2f} {money.currency} left" if money else ""
    return Account(f"smsmode · {name}", text(account.get("organisationId")), left, lacks)


def _lacks(ctx: Context) -> tuple[str, ...]:
    """What RCS still needs; nothing where neither an agent nor a key for it is given."""
    name, key = agent_name(ctx.settings), ctx.secrets.get(RCS.secret, "").strip()
    if not name:
        return ("RCS waits for the agent's name: set it, or remove the RCS key.",) if key else ()
    if len(name) > MOST_NAME:
        return (f"smsmode takes an agent's name of at most {MOST_NAME} characters: shorten it.",)
    if not key:
        return ("Nothing goes out as RCS: paste the API key of an RCS channel.",)
    try:
        _first_page(ctx, RCS)
    except AuthLost as error:
        return (f"Nothing goes out as RCS: {error.words}",)
    return ()


def _first_page(ctx: Context, tree: Tree) -> None:
    get(ctx, tree.messages, {"pageSize": "1"})


def balance(ctx: Context) -> Money | None:
    """What is left on the account; None where the key may not see it."""
    account = _account(ctx)
    return _balance(account) if account is not None else None


def find(ctx: Context, reference: str) -> Found | None:
    """The message smsmode has under our reference, or None when it has none *yet*: its lists may
    lag some minutes behind a send. It stands among the SMS or, where there is a key for RCS, among
    those. An answer that does not prove the absence raises Unavailable."""
    found = _find(ctx, reference, SMS)
    if found is None and ctx.secrets.get(RCS.secret, "").strip():
        found = _find(ctx, reference, RCS)
    return found


def _find(ctx: Context, reference: str, tree: Tree) -> Found | None:
    page = get(ctx, tree.messages, {"searchBy[refClient]": reference, "pageSize": "100"})
    items = _items(page)
    mine = [item for item in items if _is_ours(item, reference)]
    if mine:
        return _as_found(mine[0], tree)
    total = page.get("totalCount") if isinstance(page, dict) else None
    if isinstance(total, int) and total > len(items):
        raise Unavailable("smsmode listed other messages than the one asked for; ask again later.")
    return None


def status(ctx: Context, message_id: str) -> Found | None:
    """How a message stands that smsmode took under this id; None where its lists do not know it
    *yet*."""
    trees = (SMS, RCS) if ctx.secrets.get(RCS.secret, "").strip() else (SMS,)
    for tree in trees:
        try:
            item = get(ctx, f"{tree.messages}/{quote(message_id, safe='')}")
        except Refused as error:
            if error.code != "404":
                raise
            continue
        if text(part({"item": item}, "item").get("messageId")) != message_id:
            raise Unavailable("smsmode showed another message than the one asked for.")
        return _as_found(item, tree)
    return None


def _as_found(item: Any, tree: Tree) -> Found:
    stated = part(item, "status")
    value, detail = text(stated.get("value")), text(stated.get("detail"))
    state = status_of(value, detail, rcs=tree is RCS)
    return Found(text(item.get("messageId")), state.state or "sent", state.code)


def _is_ours(item: Any, reference: str) -> bool:
    """A reply carries the reference of what it answers: it proves nothing about the sending."""
    if not isinstance(item, dict) or text(item.get("direction")).upper() == "MO":
        return False
    return text(item.get("refClient")) == reference


def _account(ctx: Context) -> Mapping[str, Any] | None:
    try:
        page = get(ctx, _ORGANISATIONS)
    except AuthLost as error:
        # A key of the role User may see its own channel only: 403 here, and yet it may send.
        if "answered 403" in error.words:
            return None
        raise
    found = next((item for item in _items(page) if isinstance(item, dict)), None)
    if found is None:
        raise Unavailable("smsmode showed no account for this key; try again later.")
    return found


def _balance(account: Mapping[str, Any]) -> Money | None:
    stated = part(account, "balance")
    try:
        return Money.parse(stated.get("amount"), text(stated.get("currency")) or "EUR")
    except ValueError:
        return None


def _items(page: Any) -> Sequence[Any]:
    items = page.get("items") if isinstance(page, dict) else page
    if not isinstance(items, list):
        raise Unavailable("smsmode answered with a list that cannot be read; try again later.")
    return items

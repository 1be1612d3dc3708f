"""Asking smsmode: which account a key belongs to, what is left on it, what it sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from hub.contract import Account, AuthLost, Context, Found, Money, Unavailable

from .client import get
from .documents import part, text
from .statuses import status_of

MESSAGES = "/sms/v1/messages"


def check(ctx: Context) -> Account:
    """The account. The SMS address is asked too: a key for RCS reads the account well,
    and could send nothing. Raises AuthLost."""
    get(ctx, MESSAGES, {"pageSize": "1"})
    account = _account(ctx)
    if account is None:
        return Account("smsmode · a key that may send but not see the account")
    name = text(account.get("name")) or "account without a name"
    money = _balance(account)
    left = f"{money.amount:.2f} {money.currency} left" if money else ""
    return Account(f"smsmode · {name}", text(account.get("organisationId")), left)


def balance(ctx: Context) -> Money | None:
    """What is left on the account; None where the key may not see it."""
    account = _account(ctx)
    return _balance(account) if account is not None else None


def find(ctx: Context, reference: str) -> Found | None:
    """The message smsmode has under our reference, or None when it has none *yet*: its list may
    lag some minutes behind a send. An answer that does not prove the absence raises Unavailable."""
    page = get(ctx, MESSAGES, {"searchBy[refClient]": reference, "pageSize": "100"})
    items = _items(page)
    mine = [item for item in items if _is_ours(item, reference)]
    if mine:
        stated = part(mine[0], "status")
        status = status_of(text(stated.get("value")), text(stated.get("detail")))
        return Found(text(mine[0].get("messageId")), status.state or "sent", status.code)
    total = page.get("totalCount") if isinstance(page, dict) else None
    if isinstance(total, int) and total > len(items):
        raise Unavailable("smsmode listed other messages than the one asked for; ask again later.")
    return None


def _is_ours(item: Any, reference: str) -> bool:
    """A reply carries the reference of what it answers: it proves nothing about the sending."""
    if not isinstance(item, dict) or text(item.get("direction")).upper() == "MO":
        return False
    return text(item.get("refClient")) == reference


def _account(ctx: Context) -> Mapping[str, Any] | None:
    try:
        page = get(ctx, "/commons/v1/organisations")
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

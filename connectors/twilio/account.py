"""Asking Twilio: whose account this is, what is left on it, how a message stands."""

from collections.abc import Mapping
from typing import Any

from hub.contract import Account, AuthLost, Context, Found, Money, Refused, Unavailable

from .client import get, is_message_id
from .statuses import meaning_of
from .texts import text

_TRIAL = "This is a trial account: Twilio only sends to numbers that were verified there."
_ASLEEP = "The account is {state} at Twilio: nothing is sent until that is settled there."


def check(ctx: Context) -> Account:
    """The account, its balance, and what it cannot do. Raises AuthLost."""
    account = _object(get(ctx, ".json"))
    sid = text(account.get("sid"))
    if not sid:
        raise Unavailable("Twilio showed no account; try again later.")
    name = text(account.get("friendly_name")) or "account without a name"
    money = balance(ctx)
    left = f"{money.amount:.2f} {money.currency} left" if money else ""
    return Account(f"Twilio · {name}", sid, left, _lacks(account))


def balance(ctx: Context) -> Money | None:
    """What is left on the account; None where Twilio does not say, as for a subaccount."""
    try:
        stated = _object(get(ctx, "/Balance.json"))
    except (AuthLost, Refused) as error:
        if " answered 401" in error.words:
            raise
        return None
    try:
        return Money.parse(stated.get("balance"), text(stated.get("currency"), 3) or "USD")
    except ValueError:
        return None


def status(ctx: Context, name: str) -> Found | None:
    """How the message with this id of Twilio's stands; None where Twilio does not know it."""
    if not is_message_id(name):
        return None
    try:
        message = _object(get(ctx, f"/Messages/{name}.json"))
    except Refused as error:
        if " answered 404" in error.words:
            return None
        raise
    if text(message.get("sid")) != name:
        raise Unavailable("Twilio showed another message than the one asked for.")
    rcs = text(message.get("to")).startswith("rcs:")
    meaning = meaning_of(text(message.get("status")), text(message.get("error_code")), rcs=rcs)
    return Found(name, meaning.state or "sent", meaning.code)


def _lacks(account: Mapping[str, Any]) -> tuple[str, ...]:
    state = text(account.get("status"), 20).lower()
    found = [_ASLEEP.format(state=state)] if state not in ("", "active") else []
    return (*found, _TRIAL) if text(account.get("type")).lower() == "trial" else tuple(found)


def _object(document: Any) -> Mapping[str, Any]:
    if not isinstance(document, dict):
        raise Unavailable("Twilio answered with something that cannot be read; try again later.")
    return document

"""A message in smsmode's form, for either tree."""

from typing import Any

from hub.contract import Context, Outgoing

from .rich import body_of, validity_of
from .trees import RCS, SMS, Tree, agent_name

_LONGEST_CALLBACK = 255


def tree_for(message: Outgoing) -> Tree:
    """Where it is sent to."""
    return RCS if message.channel == "rcs" else SMS


def resource(ctx: Context, message: Outgoing) -> dict[str, Any]:
    """The message in smsmode's form. Raises Unfit where it has none."""
    made = {"recipient": {"to": message.to.e164.removeprefix("+")}, "refClient": message.reference}
    made |= _rcs(ctx, message) if tree_for(message) is RCS else _sms(ctx, message)
    if ctx.hook_url and len(ctx.hook_url) <= _LONGEST_CALLBACK:
        made |= {"callbackUrlStatus": ctx.hook_url, "callbackUrlMo": ctx.hook_url}
    return made


def _sms(ctx: Context, message: Outgoing) -> dict[str, Any]:
    sender = (message.sender or ctx.settings.get("sender", "")).strip().removeprefix("+")
    body = {
        "text": message.text,
        "encoding": "GSM7" if message.encoding == "GSM7" else "UNICODE",
        "stop": message.marketing,
    }
    return {"body": body, **({"from": sender} if sender else {})}


def _rcs(ctx: Context, message: Outgoing) -> dict[str, Any]:
    made: dict[str, Any] = {"from": agent_name(ctx.settings), "body": body_of(message)}
    return made | ({"validity": validity_of(message.within)} if message.within else {})

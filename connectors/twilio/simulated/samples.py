"""One callback of each kind, always the same ones; and messages to send."""

from collections.abc import Mapping

from .messages import inbound

HOOK = "https://hub.example.com/hooks/twilio/k1"
_REFERENCE = "0191d3a2-0000-7000-8000-00000000000"
_PERSON, _SHOP = "+33639980123", "+15005550006"
_RCS_PERSON, _RCS_SHOP = f"rcs:{_PERSON}", "rcs:maison_lune_agent"


def samples(account_sid: str) -> list[tuple[str, Mapping[str, str]]]:
    """Each as its address and its fields."""
    sms, rcs = {"From": _PERSON, "To": _SHOP}, {"From": _RCS_PERSON, "To": _RCS_SHOP}
    tapped = rcs | {"ButtonText": "Yes, please", "ButtonPayload": "p-0191d3a2-yes"}
    replies = [
        inbound(account_sid, _sid(11), sms, "YES"),
        inbound(account_sid, _sid(12), sms | {"OptOutType": "STOP"}, "STOP"),
        inbound(account_sid, _sid(13), tapped, "Yes, please"),
    ]
    return [
        (f"{HOOK}?ref={_REFERENCE}1", _status(account_sid, 1, "delivered")),
        (f"{HOOK}?ref={_REFERENCE}2", _status(account_sid, 2, "undelivered", "30005")),
        (f"{HOOK}?ref={_REFERENCE}3", _status(account_sid, 3, "read", rcs=True)),
        (f"{HOOK}?ref={_REFERENCE}4", _status(account_sid, 4, "failed", "63003", rcs=True)),
        *((HOOK, reply) for reply in replies),
    ]


def _sid(number: int) -> str:
    return f"SM{number:032x}"


def _status(
    account_sid: str, number: int, status: str, error: str = "", *, rcs: bool = False
) -> dict[str, str]:
    sides = (_RCS_SHOP, _RCS_PERSON) if rcs else (_SHOP, _PERSON)
    fields = {
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
        "MessageSid": _sid(number),
        "MessageStatus": status,
        "SmsSid": _sid(number),
        "SmsStatus": status,
        "From": sides[0],
        "To": sides[1],
    }
    return fields | ({"ErrorCode": error} if error else {})

"""smsmode's own documents as the simulator writes them: messages, replies, errors."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

CHANNEL_ID = "0191d3a0-6f1e-7c52-8a44-5d2f0c9b7e10"
RCS_CHANNEL_ID = "0191d3a0-6f1e-7c52-8a44-5d2f0c9b7e11"
ORGANISATION_ID = "0191d3a0-6f1e-7c52-8a44-5d2f0c9b7e01"
SHORT_CODE = "36034"
STOP_MENTION = f" STOP {SHORT_CODE}"
# GSM 03.38's second table: each of these takes two of a part's places.
_WIDE = "^{}\\[~]|€\f"


def stamp(moment: datetime) -> str:
    """A time as smsmode writes it: to the second, without a zone."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def parts_of(text: str, encoding: str) -> int:
    """How many parts the text is billed as, from 1 to 10."""
    if encoding == "UNICODE":
        length, alone, chained = len(text.encode("utf-16-le", "surrogatepass")) // 2, 70, 67
    else:
        length, alone, chained = len(text) + sum(text.count(c) for c in _WIDE), 160, 153
    return 1 if length <= alone else min(-(-length // chained), 10)


def shown(body: Mapping[str, Any]) -> str:
    """The text as the phone shows it: smsmode itself appends the mention of STOP."""
    return str(body["text"]) + (STOP_MENTION if body.get("stop") else "")


def message(
    wanted: Mapping[str, Any], message_id: str, now: str, rate: Decimal, kind: str = "SMS"
) -> dict[str, Any]:
    """The resource of a message that smsmode has just taken, as SMS or as RCS."""
    body, parts = dict(wanted["body"]), 1
    if kind == "SMS":
        encoding = body.get("encoding") or "GSM7"
        parts = parts_of(shown(body), encoding)
        body |= {"encoding": encoding, "messagePartCount": parts, "length": len(shown(body))}
    kept = {
        n: wanted[n] for n in ("refClient", "callbackUrlStatus", "callbackUrlMo") if n in wanted
    }
    later = str(wanted.get("sentDate", ""))
    return {
        "messageId": message_id,
        "acceptedAt": now,
        "sentDate": later or now,
        "channel": channel("MARKETING" if body.get("stop") else "TRANSACTIONAL", kind),
        "type": kind,
        "direction": "MT",
        "recipient": {"to": str(wanted["recipient"]["to"]).removeprefix("+")},
        "from": wanted.get("from") or SHORT_CODE,
        "body": body,
        "price": {"amount": float(rate * parts), "currency": "EUR"},
        "status": {"deliveryDate": now, "value": "SCHEDULED" if later > now else "ENROUTE"},
        "href": f"/{kind.lower()}/v1/messages/{message_id}",
        **kept,
    }


def channel(flow: str, kind: str = "SMS") -> dict[str, str]:
    """The one channel of its kind of the simulated account."""
    rcs = kind == "RCS"
    own = {
        "channelId": RCS_CHANNEL_ID if rcs else CHANNEL_ID,
        "name": "Shop RCS" if rcs else "Shop",
    }
    return {**own, "type": kind, "flow": flow}


def report(resource: Mapping[str, Any], now: str, value: str, detail: str) -> dict[str, Any]:
    """The message resource in a later status, which is what a delivery report is."""
    status = {"deliveryDate": now, "value": value} | ({"detail": detail} if detail else {})
    return dict(resource) | {"status": status}


def reply(
    answered: Mapping[str, Any], message_id: str, now: str, text: str, stop: bool
) -> dict[str, Any]:
    """What a person answers, in the documented orientation: from the phone to the short code."""
    said: dict[str, Any] = {"text": text, "encoding": "GSM7", "messagePartCount": 1}
    return {
        "messageId": message_id,
        "originMessageId": answered["messageId"],
        "sentDate": now,
        "channel": answered["channel"],
        "type": "SMS",
        "direction": "MO",
        "recipient": {"to": SHORT_CODE},
        "from": answered["recipient"]["to"],
        "body": said | {"length": len(text)} | ({"stop": True} if stop else {}),
        "href": f"/sms/v1/messages/{message_id}",
        **({"refClient": answered["refClient"]} if "refClient" in answered else {}),
    }


def rcs_reply(
    answered: Mapping[str, Any], message_id: str, now: str, body: Mapping[str, str]
) -> dict[str, Any]:
    """What a person answers or taps on RCS, in the orientation met in production: the sides stand
    as in the message that is answered."""
    return {
        "messageId": message_id,
        "originMessageId": answered["messageId"],
        "sentDate": now,
        "channel": answered["channel"],
        "type": "RCS",
        "direction": "MO",
        "recipient": dict(answered["recipient"]),
        "from": answered["from"],
        "body": dict(body),
        "href": f"/rcs/v1/messages/{message_id}",
        **({"refClient": answered["refClient"]} if "refClient" in answered else {}),
    }


def organisation(name: str, balance: Decimal) -> dict[str, Any]:
    """The account's resource."""
    left = {"amount": float(balance), "currency": "EUR", "paymentType": "PREPAID"}
    return {
        "organisationId": ORGANISATION_ID,
        "name": name,
        "state": "ACTIVATED",
        "balance": left | {"parentBilling": False},
        "monthlyConsumption": 0,
        "monthlyConsumptionLimit": None,
    }


def page_of(found: Sequence[Mapping[str, Any]], page: int, size: int) -> dict[str, Any]:
    """One page of a list, from page 1."""
    items = list(found[(page - 1) * size : page * size])
    return {
        "page": page,
        "pageSize": size,
        "count": len(items),
        "totalCount": len(found),
        "links": {},
        "items": items,
    }

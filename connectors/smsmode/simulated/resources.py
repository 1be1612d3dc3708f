"""smsmode's own documents as the simulator writes them: messages, replies, errors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

CHANNEL_ID = "0191d3a0-6f1e-7c52-8a44-5d2f0c9b7e10"
ORGANISATION_ID = "0191d3a0-6f1e-7c52-8a44-5d2f0c9b7e01"
SHORT_CODE = "36034"
STOP_MENTION = f" STOP {SHORT_CODE}"
# GSM 03.38's second table: each of these takes two of a part's places.
_WIDE = "^{}\\[~]|€\f"


@dataclass
class Problem(Exception):
    """An error as smsmode answers it. Of the codes only 400.029 is known to be the real one."""

    status: int
    code: str
    title: str
    detail: str

    def document(self) -> dict[str, str]:
        """The body of the answer."""
        return {
            "title": self.title,
            "message": self.title,
            "detail": self.detail,
            "errorCode": self.code,
            "type": f"https://dev.smsmode.com/errors/{self.code}",
        }


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


def message(wanted: Mapping[str, Any], message_id: str, now: str, rate: Decimal) -> dict[str, Any]:
    """The resource of a message that smsmode has just taken."""
    body = dict(wanted["body"])
    encoding = body.get("encoding") or "GSM7"
    parts = parts_of(shown(body), encoding)
    kept = {
        n: wanted[n] for n in ("refClient", "callbackUrlStatus", "callbackUrlMo") if n in wanted
    }
    later = str(wanted.get("sentDate", ""))
    return {
        "messageId": message_id,
        "acceptedAt": now,
        "sentDate": later or now,
        "channel": channel("MARKETING" if body.get("stop") else "TRANSACTIONAL"),
        "type": "SMS",
        "direction": "MT",
        "recipient": {"to": str(wanted["recipient"]["to"]).removeprefix("+")},
        "from": wanted.get("from") or SHORT_CODE,
        "body": body
        | {"encoding": encoding, "messagePartCount": parts, "length": len(shown(body))},
        "price": {"amount": float(rate * parts), "currency": "EUR"},
        "status": {"deliveryDate": now, "value": "SCHEDULED" if later > now else "ENROUTE"},
        "href": f"/sms/v1/messages/{message_id}",
        **kept,
    }


def channel(flow: str) -> dict[str, str]:
    """The one SMS channel of the simulated account."""
    return {"channelId": CHANNEL_ID, "name": "Shop", "type": "SMS", "flow": flow}


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


def validate(wanted: Any) -> Mapping[str, Any]:
    """The message, if smsmode would take it; raises Problem."""
    if not isinstance(wanted, dict) or not isinstance(wanted.get("body"), dict):
        raise Problem(
            400, "400.002", "Malformed message", "A message needs a recipient and a body."
        )
    recipient = wanted.get("recipient")
    to = str(recipient.get("to", "")).removeprefix("+") if isinstance(recipient, dict) else ""
    if not (to.isascii() and to.isdigit() and 7 <= len(to) <= 15):
        raise Problem(400, "400.029", "Bad phone number format", "recipient.to is not E.164.")
    _validate_body(wanted["body"])
    _validate_fields(wanted)
    return wanted


def _validate_body(body: Mapping[str, Any]) -> None:
    if not isinstance(body.get("text"), str) or not body["text"]:
        raise Problem(400, "400.010", "Text missing", "body.text must not be empty.")
    if body.get("encoding") not in (None, "GSM7", "UNICODE"):
        raise Problem(400, "400.011", "Unknown encoding", "body.encoding is GSM7 or UNICODE.")
    if not isinstance(body.get("stop", False), bool):
        raise Problem(400, "400.012", "Bad flag", "body.stop is true or false.")


def _validate_fields(wanted: Mapping[str, Any]) -> None:
    reference = wanted.get("refClient", "ref")
    if not isinstance(reference, str) or not 3 <= len(reference) <= 140:
        raise Problem(400, "400.020", "Bad reference", "refClient has 3 to 140 characters.")
    sender = wanted.get("from", "shop")
    if not isinstance(sender, str) or not 1 <= len(sender) <= (15 if sender.isdigit() else 11):
        raise Problem(400, "400.021", "Bad sender", "from has 1 to 11 characters.")
    for name in ("callbackUrlStatus", "callbackUrlMo"):
        if len(str(wanted.get(name, ""))) > 255:
            raise Problem(400, "400.022", "Address too long", f"{name} has at most 255 characters.")

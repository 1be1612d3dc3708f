"""Google's events and people's messages as its webhook sends them."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from uuid6 import uuid7

_Event = dict[str, Any]


def stamp(moment: datetime) -> str:
    """A time as Google writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def of_message(kind: str, agent: str, phone: str, message: str, at: str) -> _Event:
    """What happened to a message: told by the phone, or by Google's servers when its time ended."""
    whose = "phoneNumber" if kind.startswith("TTL_") else "senderPhoneNumber"
    return {
        whose: phone,
        "agentId": f"{agent}@rbm.goog",
        "messageId": message,
        "eventType": kind,
        "eventId": str(uuid7()),
        "sendTime": at,
    }


def of_person(agent: str, phone: str, at: str, content: Mapping[str, Any]) -> _Event:
    """What a person wrote, tapped or sent."""
    return {
        "agentId": f"{agent}@rbm.goog",
        "senderPhoneNumber": phone,
        "messageId": str(uuid7()),
        "sendTime": at,
        **content,
    }


def of_menu(kind: str, agent: str, phone: str, message: str = "") -> _Event:
    """UNSUBSCRIBE or SUBSCRIBE, IS_TYPING; with the message it followed, where there was one."""
    after = {"messageId": message} if message else {}
    who = {"senderPhoneNumber": phone, "agentId": f"{agent}@rbm.goog"}
    return {**who, "eventType": kind, "eventId": str(uuid7()), **after}


def wrapped(data: bytes) -> bytes:
    """The callback's body around the data."""
    encoded = base64.b64encode(data).decode()
    return json.dumps({"message": {"data": encoded}}, separators=(",", ":")).encode()


def headers(data: bytes, client_token: str) -> dict[str, str]:
    """The callback's headers, signed."""
    digest = hmac.digest(client_token.encode(), data, hashlib.sha512)
    signature = base64.b64encode(digest).decode()
    return {"Content-Type": "application/json", "X-Goog-Signature": signature}

"""The simulator's memory of messages, and what becomes of one on its way to a phone."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hub.contract import Rich
from hub.contract.kit.handsets import Handsets, bare

# Status and error code, one after the other.
Steps = tuple[tuple[str, str], ...]

DELIVERED: Steps = (("sent", ""), ("delivered", ""))
NO_RCS: Steps = (("failed", "63003"),)
NO_RCS_AFTER_ALL: Steps = (("sent", ""), ("undelivered", "63003"))
EXPIRED: Steps = (("undelivered", "30036"),)


@dataclass
class Sent:
    """One message that was taken. `hook` is where Twilio tells of it."""

    sid: str
    to: str
    sender: str
    text: str
    rich: Rich | None
    hook: str
    made: datetime
    status: str = "accepted"
    error: str = ""

    @property
    def number(self) -> str:
        """The phone, digits alone."""
        return bare(self.to)

    @property
    def channel(self) -> str:
        """By which it goes."""
        return "rcs" if self.to.startswith("rcs:") else "sms"

    @property
    def waits(self) -> bool:
        """Whether nothing became of it yet."""
        return self.status == "accepted"

    @property
    def reference(self) -> str:
        """Ours, as the address of the callback carries it."""
        return parse_qs(urlsplit(self.hook).query).get("ref", [""])[0]

    def resource(self, account_sid: str) -> dict[str, Any]:
        """As Twilio writes it; the price is known long after."""
        return {
            "sid": self.sid,
            "account_sid": account_sid,
            "to": self.to,
            "from": self.sender,
            "body": self.text,
            "status": self.status,
            "direction": "outbound-api",
            "num_segments": "0",
            "price": None,
            "price_unit": "USD",
            "error_code": int(self.error) if self.error else None,
            "error_message": None,
            "date_created": format_datetime(self.made),
        }

    def callback(self, account_sid: str, status: str, error: str) -> dict[str, str]:
        """The fields of a status callback."""
        fields = {
            "AccountSid": account_sid,
            "ApiVersion": "2010-04-01",
            "MessageSid": self.sid,
            "MessageStatus": status,
            "SmsSid": self.sid,
            "SmsStatus": status,
            "From": self.sender,
            "To": self.to,
        }
        fields |= {"ErrorCode": error} if error else {}
        return fields | ({"ChannelPrefix": "rcs"} if self.channel == "rcs" else {})


@dataclass
class Messages:
    """Every message of the account, by id and by phone."""

    by_sid: dict[str, Sent] = field(default_factory=dict)
    last_to: dict[str, Sent] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def keep(self, sent: Sent) -> None:
        """Remember it."""
        with self._lock:
            self.by_sid[sent.sid] = sent
            self.last_to[sent.number] = sent

    def under(self, reference: str) -> list[Sent]:
        """Those with this reference, oldest first."""
        with self._lock:
            return [one for one in self.by_sid.values() if one.reference == reference]

    def waiting(self, number: str) -> list[Sent]:
        """Those to a phone of which nothing became yet."""
        with self._lock:
            known = list(self.by_sid.values())
        return [one for one in known if one.number == bare(number) and one.waits]

    def to(self, number: str) -> Sent:
        """The last one to a phone. Raises LookupError when there was none."""
        with self._lock:
            if bare(number) not in self.last_to:
                raise LookupError("No message went to this phone yet.")
            return self.last_to[bare(number)]


def steps(handsets: Handsets, sent: Sent) -> Steps:
    """What Twilio will tell of it; nothing while the phone is offline."""
    if handsets.takes(sent.number, sent.channel):
        return DELIVERED
    kind = handsets.kind(sent.number)
    if kind == "offline":
        return ()
    return NO_RCS_AFTER_ALL if kind == "learns_late" else NO_RCS


def inbound(account_sid: str, sid: str, answered: Mapping[str, str], text: str) -> dict[str, str]:
    """The fields of a reply: `answered` says From and To of the person's side."""
    return {
        "AccountSid": account_sid,
        "ApiVersion": "2010-04-01",
        "MessageSid": sid,
        "SmsMessageSid": sid,
        "SmsSid": sid,
        "SmsStatus": "received",
        "NumMedia": "0",
        "NumSegments": "1",
        "Body": text,
        **answered,
    }

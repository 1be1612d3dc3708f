"""What goes to a carrier, what comes back, and what a CRM is told."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from hub.contract.rich import Rich
from hub.contract.values import Money, Phone


@dataclass(frozen=True)
class Outgoing:
    """One message for a carrier. `reference` is our message id, echoed in receipts and replies.

    On the channel "rcs" there is `rich`, and `text` is what it says in plain words; `within` is
    how long the carrier may try to deliver it, where it is bounded.
    """

    reference: str
    to: Phone
    text: str
    encoding: str  # "GSM7" or "UCS2"
    marketing: bool
    sender: str = ""
    channel: str = "sms"
    rich: Rich | None = None
    within: timedelta | None = None


@dataclass(frozen=True)
class Accepted:
    """The carrier took the message; `carrier_message_id` is its own id, for receipts."""

    carrier_message_id: str
    price: Money | None = None


@dataclass(frozen=True)
class Refusal:
    """The carrier understood and will not send it: proven not sent. `code` is the carrier's.

    `unreachable` says that this phone cannot be reached on this channel (no RCS), which is kept;
    `blocked` and `dead_number` are as in a receipt.
    """

    code: str
    words: str
    permanent: bool = True
    unreachable: bool = False
    blocked: bool = False
    dead_number: bool = False


@dataclass(frozen=True)
class Unknown:
    """The carrier may or may not have taken it: a time-out, an answer that cannot be read."""

    words: str


SendResult = Accepted | Refusal | Unknown


@dataclass(frozen=True)
class Receipt:
    """What a carrier tells later of one message.

    `state` is one of: sent, delivered, read, failed, expired. `code` is the carrier's own word,
    `blocked` says the number opted out on the carrier's side, `dead_number` that it is no number,
    `unreachable` that the phone cannot be reached on this channel (no RCS). `parts` are the
    segments billed, where the carrier says so.
    """

    carrier_message_id: str
    reference: str
    state: str
    at: datetime | None = None
    code: str = ""
    words: str = ""
    blocked: bool = False
    dead_number: bool = False
    price: Money | None = None
    unreachable: bool = False
    parts: int = 0


@dataclass(frozen=True)
class Reply:
    """What a person answered. `reference` is the message it answers, where the carrier knows;
    `postback` the id of the suggestion that was tapped."""

    carrier_reply_id: str
    sender: str
    text: str
    at: datetime | None = None
    reference: str = ""
    opt_out: bool = False
    postback: str = ""


@dataclass(frozen=True)
class Found:
    """A carrier's answer to `find(reference)`: None in its place means it does not know it."""

    carrier_message_id: str
    state: str
    code: str = ""


@dataclass(frozen=True)
class Listed:
    """One line of a carrier's own list of what it took for a number: its id, when, the text, how
    the message stands."""

    carrier_message_id: str
    at: datetime
    text: str
    state: str = "sent"
    code: str = ""


@dataclass(frozen=True)
class Counted:
    """What a carrier says it took on one day (UTC): messages, and their price where it tells."""

    messages: int
    cost: Money | None = None


@dataclass(frozen=True)
class Outcome:
    """A message state worth telling, for the record it came from.

    `kind` is one of: sent, delivered, read, failed, skipped, clicked, bought, replied, opted_out,
    opted_in, confirmed, declined, postponed. `subject` is the vendor's record ("order:12"),
    `person_record` the person's own ("contact:7") where the source told it. `marker` is unique to
    this outcome: a connector writes it with the outcome, so that writing twice changes nothing; it
    need not look for it first where `again` is False: no earlier try can have been done.
    `message_id` is empty where no message caused it: an opt-out told by another CRM. `origin` names
    the connector that a consent came from.
    """

    marker: str
    message_id: str
    kind: str
    subject: str
    at: datetime
    sentence: str
    text: str = ""
    template: str = ""
    person_record: str = ""
    details: dict[str, str] = field(default_factory=dict)
    again: bool = True
    origin: str = ""


@dataclass(frozen=True)
class Written:
    """Where an outcome was written ("note:31"), or why it can never be (`refused`, in words)."""

    reference: str = ""
    refused: str = ""


@dataclass(frozen=True)
class Coupon:
    """A code that a shop is to honour: `percent` off, or `amount` where there is none; once where
    it is one person's own. `reference` is the hub's id of it."""

    reference: str
    code: str
    expires_at: datetime
    percent: Decimal | None = None
    amount: Money | None = None
    once: bool = True


@dataclass(frozen=True)
class Minted:
    """The shop honours the code: its own name for it ("coupon:44"); or why never (`refused`)."""

    reference: str = ""
    refused: str = ""

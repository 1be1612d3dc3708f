"""What goes to a carrier, what comes back, and what a CRM is told."""

from dataclasses import dataclass, field
from datetime import datetime

from hub.contract.values import Money, Phone


@dataclass(frozen=True)
class Outgoing:
    """One message for a carrier. `reference` is our message id, echoed in receipts and replies."""

    reference: str
    to: Phone
    text: str
    encoding: str  # "GSM7" or "UCS2"
    marketing: bool
    sender: str = ""
    channel: str = "sms"


@dataclass(frozen=True)
class Accepted:
    """The carrier took the message; `carrier_message_id` is its own id, for receipts."""

    carrier_message_id: str
    price: Money | None = None


@dataclass(frozen=True)
class Refusal:
    """The carrier understood and will not send it: proven not sent. `code` is the carrier's."""

    code: str
    words: str
    permanent: bool = True


@dataclass(frozen=True)
class Unknown:
    """The carrier may or may not have taken it: a time-out, an answer that cannot be read."""

    words: str


SendResult = Accepted | Refusal | Unknown


@dataclass(frozen=True)
class Receipt:
    """What a carrier tells later of one message.

    `state` is one of: sent, delivered, read, failed, expired. `code` is the carrier's own word,
    `blocked` says the number opted out on the carrier's side, `dead_number` that it is no number.
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


@dataclass(frozen=True)
class Reply:
    """What a person answered. `reference` is the message it answers, where the carrier knows."""

    carrier_reply_id: str
    sender: str
    text: str
    at: datetime | None = None
    reference: str = ""
    opt_out: bool = False


@dataclass(frozen=True)
class Found:
    """A carrier's answer to `find(reference)`: None in its place means it does not know it."""

    carrier_message_id: str
    state: str
    code: str = ""


@dataclass(frozen=True)
class Outcome:
    """A message state worth telling, for the record it came from.

    `kind` is one of: sent, delivered, read, failed, skipped, clicked, replied, opted_out, opted_in,
    confirmed, declined, postponed. `subject` is the vendor's record ("order:12"), `person_record`
    the person's own ("contact:7") where the source told it. `marker` is unique to this outcome: a
    connector writes it with the outcome, so that writing twice changes nothing; it need not look
    for it first where `again` is False, which says that no earlier try can have been done.
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

"""SMPP: a line of your own to an operator, kept open by a process of its own."""

from datetime import timedelta

from hub.contract import Carrier, Connector, Field, Keys

from .account import check, find
from .binding import bind
from .callbacks import dedupe, receipts, replies, verify
from .client import ADDRESS
from .sending import BATCH_SIZE, send

_KEYS = (
    Field(
        "system_id",
        "System id",
        help="The name the operator gave you for the bind, at most 15 characters.",
        required=True,
    ),
    Field(
        "password",
        "Password",
        kind="secret",
        help="The password the operator gave you with it.",
        required=True,
    ),
    Field(
        "door_key",
        "Key of the bind",
        kind="secret",
        help="At least 16 characters of your own: the hub and its bind know each other by it.",
        required=True,
    ),
)

_SETTINGS = (
    Field("host", "Operator's host", help="Where the operator's SMPP server listens."),
    Field(
        "port",
        "Operator's port",
        kind="number",
        help="2775 as a rule; operators with TLS often use 3550.",
        default="2775",
    ),
    Field(
        "tls",
        "TLS",
        kind="flag",
        help="On when the operator encrypts the line; its certificate is then checked.",
    ),
    Field(
        "sender",
        "Sender",
        help="What the phone shows where the template names none. Empty: the operator's own.",
    ),
    Field(
        "bind_url",
        "Address of the bind",
        kind="url",
        help="Where the bind process listens on this machine; each connection needs its own port.",
        default=ADDRESS,
    ),
    Field(
        "per_second",
        "Messages per second",
        kind="number",
        help="The most the operator allows on this line. Empty: no limit.",
        default="50",
    ),
    Field(
        "window",
        "Window",
        kind="number",
        help="How many parts may wait for the operator's answer at once.",
        default="10",
        advanced=True,
    ),
    Field(
        "patience",
        "Patience",
        kind="number",
        help="The seconds the operator has for an answer before a part counts as unanswered.",
        default="10",
        advanced=True,
    ),
    Field(
        "system_type",
        "System type",
        help="Only where the operator named one, such as VMA.",
        advanced=True,
    ),
    Field(
        "receipt_ids",
        "Ids in receipts",
        kind="choice",
        help="Some operators write a message's id one way in answers and another in receipts.",
        default="same",
        choices=(
            ("same", "as in answers"),
            ("decimal", "decimal, where answers are hexadecimal"),
            ("hexadecimal", "hexadecimal, where answers are decimal"),
        ),
        advanced=True,
    ),
    Field(
        "settle_seconds",
        "Seconds before a miss is believed",
        kind="number",
        help="How long after a lost answer the line's own word that nothing went is not believed.",
        default="120",
        advanced=True,
    ),
    Field(
        "opt_out_codes",
        "Codes of opt-out",
        help="The operator's error codes for people who opted out there, with commas.",
        advanced=True,
    ),
)

connector = Connector(
    title="SMPP",
    auth=Keys(fields=_KEYS),
    check=check,
    settings=_SETTINGS,
    carrier=Carrier(
        channels=("sms",),
        send=send,
        batch_size=BATCH_SIZE,
        verify=verify,
        dedupe=dedupe,
        receipts=receipts,
        replies=replies,
        find=find,
        settle_after=timedelta(minutes=2),
        bind=bind,
    ),
)

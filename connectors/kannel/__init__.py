"""Kannel: your own SMS gateway, through its sendsms door, with receipts and replies."""

from hub.contract import Carrier, Connector, Field, Keys

from .account import check
from .callbacks import dedupe, receipts, replies, verify
from .client import ADDRESS
from .sending import BATCH_SIZE, send

connector = Connector(
    title="Kannel",
    auth=Keys(
        fields=(
            Field(
                "username",
                "User name",
                help="The username of the sendsms-user group in kannel.conf.",
                required=True,
            ),
            Field(
                "password",
                "Password",
                kind="secret",
                help="The password of the same sendsms-user group.",
                required=True,
            ),
            Field(
                "hook_word",
                "Shared word",
                kind="secret",
                help="When set, each of Kannel's calls must carry it as «key» in its address.",
                advanced=True,
            ),
        )
    ),
    check=check,
    settings=(
        Field(
            "sendsms_url",
            "Address of sendsms",
            kind="url",
            help="Where the smsbox listens: its sendsms-port, and /cgi-bin/sendsms.",
            default=ADDRESS,
        ),
        Field(
            "sender",
            "Sender",
            help="What the phone shows where the template names none. Empty: Kannel's own.",
        ),
        Field(
            "smsc",
            "SMSC",
            help="The smsc-id of the line to use, where Kannel has several. Empty: Kannel chooses.",
            advanced=True,
        ),
        Field(
            "opt_out_codes",
            "Codes of opt-out",
            help="The error codes of your operator for people who opted out there, with commas.",
            advanced=True,
        ),
        Field(
            "per_second",
            "Messages per second",
            kind="number",
            help="The most the hub hands to Kannel in one second. Empty: no limit.",
            default="100",
        ),
    ),
    carrier=Carrier(
        channels=("sms",),
        send=send,
        batch_size=BATCH_SIZE,
        verify=verify,
        dedupe=dedupe,
        receipts=receipts,
        replies=replies,
        methods=("GET", "POST"),
    ),
)

"""smsmode: a French carrier of SMS with receipts, replies and STOP."""

from datetime import timedelta

from hub.contract import Carrier, Connector, Field, Keys

from .account import balance, check, find
from .client import BASE_URL
from .receipts import dedupe, receipts, replies, verify
from .sending import BATCH_SIZE, send

connector = Connector(
    title="smsmode",
    auth=Keys(
        fields=(
            Field(
                "api_key",
                "API key",
                kind="secret",
                help="The key of an SMS channel at smsmode; one of an RCS channel sends nothing.",
                required=True,
            ),
        )
    ),
    check=check,
    settings=(
        Field(
            "sender",
            "Sender",
            help="1 to 11 letters and digits, as the phone shows it. Empty: the channel's own.",
        ),
        Field(
            "channel_id",
            "Channel id",
            help="When set, callbacks of any other smsmode channel are turned away.",
        ),
        Field(
            "per_second",
            "Messages per second",
            kind="number",
            help="The most the hub hands to smsmode in one second. Empty: no limit.",
            default="500",
        ),
        Field(
            "settle_seconds",
            "Seconds before a miss is believed",
            kind="number",
            help="smsmode lists a message some minutes late; the hub waits this long.",
            default="600",
        ),
        Field("base_url", "Address of smsmode", kind="url", default=BASE_URL),
    ),
    carrier=Carrier(
        channels=("sms",),
        send=send,
        batch_size=BATCH_SIZE,
        verify=verify,
        dedupe=dedupe,
        receipts=receipts,
        replies=replies,
        find=find,
        settle_after=timedelta(minutes=10),
        balance=balance,
        appends_stop=True,
    ),
)

"""smsmode: a French carrier of SMS and RCS with receipts, replies and STOP."""

from datetime import timedelta

from hub.contract import Carrier, Connector, Field, Keys

from .account import balance, check, find, status
from .client import BASE_URL
from .receipts import dedupe, receipts, replies, verify
from .sending import BATCH_SIZE, send
from .trees import agent, carries

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
            Field(
                "rcs_key",
                "API key for RCS",
                kind="secret",
                help="The key of an RCS channel at smsmode, where you have one.",
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
            "agent",
            "RCS agent",
            help="The agent's name as Google approved it, up to 40 characters. Empty: no RCS.",
        ),
        Field(
            "agent_logo",
            "Logo of the RCS agent",
            kind="url",
            help="Shown with the agent's name in previews here; phones show the approved one.",
            advanced=True,
        ),
        Field(
            "rcs_channel_id",
            "RCS channel id",
            help="When set, callbacks about RCS of any other smsmode channel are turned away.",
            advanced=True,
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
            advanced=True,
        ),
        Field(
            "base_url",
            "Address of smsmode",
            kind="url",
            help="Where smsmode answers. Change it only if smsmode tells you to.",
            default=BASE_URL,
            advanced=True,
        ),
    ),
    carrier=Carrier(
        channels=("sms", "rcs"),
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
        carries=carries,
        agent=agent,
        status=status,
    ),
)

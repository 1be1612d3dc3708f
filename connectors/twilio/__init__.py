"""Twilio: a carrier of SMS and RCS whose callbacks are signed, with receipts, replies and STOP."""

from hub.contract import Carrier, Connector, Keys

from .account import balance, check, status
from .fields import CREDENTIALS, SETTINGS, agent, carries
from .receipts import answer, dedupe, receipts, replies
from .sending import BATCH_SIZE, send
from .signature import verify

connector = Connector(
    title="Twilio",
    auth=Keys(fields=CREDENTIALS),
    check=check,
    settings=SETTINGS,
    carrier=Carrier(
        channels=("sms", "rcs"),
        send=send,
        batch_size=BATCH_SIZE,
        verify=verify,
        dedupe=dedupe,
        receipts=receipts,
        replies=replies,
        answer=answer,
        balance=balance,
        status=status,
        carries=carries,
        agent=agent,
    ),
    leaves=(
        "The content templates named «relais …» stay in the Twilio account; delete them there when "
        "no message of theirs is on its way."
    ),
)

"""A tower's connector: what all classes share, and the proof that each has of its own."""

from typing import Any

from hub.contract import Carrier, Connector, Field, Keys
from hub.local.chaos.tower.callbacks import dedupe, receipts, replies, verify
from hub.local.chaos.tower.calls import BATCH_SIZE, check, send


def tower(title: str, **proof: Any) -> Connector:
    """The connector of one class of carrier; `proof` are fields of Carrier."""
    return Connector(
        title=title,
        auth=Keys(
            fields=(
                Field("api_key", "API key", kind="secret", required=True),
                Field("signing_key", "Signing key", kind="secret", required=True),
            )
        ),
        check=check,
        settings=(
            Field("url", "Address", kind="url", required=True),
            Field("settle_seconds", "Seconds before a miss is believed", kind="number"),
        ),
        carrier=Carrier(
            channels=("sms", "rcs"),
            send=send,
            batch_size=BATCH_SIZE,
            verify=verify,
            dedupe=dedupe,
            receipts=receipts,
            replies=replies,
            **proof,
        ),
    )  # fmt: skip

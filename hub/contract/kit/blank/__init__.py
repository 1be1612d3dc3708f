"""Example Vendor: contacts that change, and notes on what was sent to them."""

from datetime import timedelta

from hub.contract import Connector, Field, Keys, Poll, Target, Webhook

from .client import check, pull
from .events import dedupe, parse, verify
from .write_back import write

connector = Connector(
    title="Example Vendor",
    auth=Keys(
        fields=(
            Field(
                "api_key",
                "API key",
                kind="secret",
                help="Your account, then API keys, then New key.",
                required=True,
            ),
        )
    ),
    check=check,
    settings=(
        Field("url", "Address", kind="url", default="https://api.example.com", required=True),
    ),
    emits=("contact.changed",),
    webhook=Webhook(verify=verify, parse=parse, dedupe=dedupe),
    poll=Poll(pull=pull, every=timedelta(minutes=5)),
    target=Target(write=write, subjects=("contact",), batch_size=20),
)

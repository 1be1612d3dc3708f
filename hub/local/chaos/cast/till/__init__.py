"""A till: orders that come in, signed, one or many at once; notes on what was sent about them."""

from datetime import timedelta

from hub.contract import Connector, Field, Keys, Poll, Target, Webhook

from .client import check, pull
from .events import dedupe, parse, verify
from .write_back import BATCH_SIZE, write

connector = Connector(
    title="Till",
    auth=Keys(fields=(Field("api_key", "API key", kind="secret", required=True),)),
    check=check,
    settings=(Field("url", "Address", kind="url", required=True),),
    emits=("order.created",),
    webhook=Webhook(verify=verify, parse=parse, dedupe=dedupe),
    poll=Poll(pull=pull, every=timedelta(seconds=2)),
    target=Target(write=write, subjects=("order",), batch_size=BATCH_SIZE),
)

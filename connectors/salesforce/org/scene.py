"""A day in the org, as its Outbound Messages tell it."""

from collections.abc import Iterator, Sequence

from hub.contract import Clock, Request

from . import outbound
from .memory import ORG, Memory, Row
from .outbound import Sender
from .people import People


def outbound_messages(clock: Clock, url: str, objects: Sequence[str]) -> Iterator[Request]:
    """Each change of a record of these objects alone, then all of them in one message."""
    sender = Sender(ORG, hold=True)

    def tell(name: str, row: Row) -> None:
        if name in objects:
            sender.tell(url, name, outbound.fields_of(row))

    People(Memory(clock, tell), clock).touch_everything()
    entries = [entry for _, entry in sender.waiting]
    for entry in entries:
        yield outbound.request(url, outbound.envelope(ORG, [entry]))
    yield outbound.request(url, outbound.envelope(ORG, entries))

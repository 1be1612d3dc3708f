"""A carrier that does not know a message yet is believed at once, and it is sent again."""

from hub.local.chaos.mutants.replacing import put
from hub.send import doubt
from hub.send.doubt_rules import Step


def patch() -> None:
    """The first miss is proof."""
    put(doubt, after_miss=lambda asked: Step("unsent"))

"""A send whose answer never came is sent again, as if it had never gone."""

from hub.local.chaos.mutants.replacing import put
from hub.send import answers
from hub.send.answers import Answer


def patch() -> None:
    """What is only unknown counts as not sent."""
    put(answers, uncertain=_unsent)


def _unsent(words: str) -> Answer:
    return Answer("scheduled", "refused", "unknown", f"Waiting: {words}", wait=0.5)

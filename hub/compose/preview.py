"""What is seen of a message before it is opened, and its description for a screen reader."""

import re

from hub.compose.segments import count

_EXCERPT = 40  # characters; about what a locked phone shows on one line
_UNFINISHED = re.compile("[\u200d\ufe0e\ufe0f\\s]+\\Z")


def lock_screen(text: str) -> str:
    """The first words, about 40 characters on one line, cut between words where possible."""
    line = " ".join(text.split())
    if len(line) <= _EXCERPT:
        return line
    head = line[: _EXCERPT - 1]
    words, space, _ = head.rpartition(" ")
    if line[_EXCERPT - 1] != " " and space and len(words) > _EXCERPT // 2:
        head = words
    return _UNFINISHED.sub("", head) + "…"


def describe(text: str, sender: str) -> str:
    """The message in one line: "SMS from MARQUE, 132 characters, 1 part"."""
    cost = count(text)
    origin = f"SMS from {sender}" if sender else "SMS"
    return f"{origin}, {_number(cost.units, 'character')}, {_number(cost.parts, 'part')}"


def _number(amount: int, noun: str) -> str:
    return f"{amount} {noun}" if amount == 1 else f"{amount} {noun}s"

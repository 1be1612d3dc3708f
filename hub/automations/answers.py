"""The three answers of a check: yes, no with its reason, wait."""

from typing import Any

from hub.automations.facts import Check


def yes(asked: str, seen: str, sentence: str, **data: Any) -> Check:
    """The decision goes on."""
    return Check(asked, seen, "yes", sentence, data)


def no(reason: str, asked: str, seen: str, sentence: str, **data: Any) -> Check:
    """The decision stops here; `reason` is one of REASONS."""
    return Check(asked, seen, "no", sentence, {**data, "reason": reason})


def wait(asked: str, seen: str, sentence: str, **data: Any) -> Check:
    """The message is kept until sending hours open."""
    return Check(asked, seen, "wait", sentence, data)

"""Asked: which automations a batch of events asks for an answer, step by step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from hub.automations.checks import once_key
from hub.automations.gathered import Gathered, event_seen
from hub.automations.merchants import Live
from hub.automations.stand_ins import asked_by
from hub.store.database import Row

Key = tuple[UUID, str]


@dataclass(frozen=True)
class Asked:
    """One question for a decision: an event, what answers it, which step, and the once-key."""

    event: Row
    live: Live
    step: int
    key: Key


def questions(batch: Sequence[Row], known: Gathered) -> list[Asked]:
    """Every decision that these events ask for, in order."""
    return [
        Asked(event, live, step, _key(event, live, step))
        for event in batch
        for live, step in _answering(event, known)
    ]


def _answering(event: Row, known: Gathered) -> Iterator[tuple[Live, int]]:
    asked = asked_by(event, known)
    if asked is not None:
        yield asked, 0
        return
    for live in known.merchants[event["workspace_id"]].automations:
        if live.answers(event["type"]):
            yield from ((live, step) for step in range(len(live.document.delay.plan)))


def _key(event: Row, live: Live, step: int) -> Key:
    own = once_key(live.document, event_seen(event), event["phone"], step)
    return live.row["id"] or event["id"], own

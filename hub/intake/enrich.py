"""Enrich: fetch what thin events lack, many at once, with no transaction open."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from hub.contract import (
    AuthLost,
    ConnectorError,
    Context,
    Event,
    Ignored,
    Parsed,
    Refused,
    Throttled,
)
from hub.intake.opened import Source
from hub.store import health, intakes
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

MOST_EVENTS = 500  # in one go, so that the first are written while the last are fetched
AFTER_FAILURE = timedelta(seconds=30)
SIGNED_OUT = timedelta(minutes=15)

Enrich = Callable[[Context, Sequence[Event]], Sequence[Event | Ignored]]


@dataclass(frozen=True)
class Thin:
    """An intake whose events name records without saying what is in them."""

    source: Source
    connection: Row
    enrich: Enrich
    events: tuple[Event, ...]


def fetch(ground: Ground, thin: Sequence[Thin]) -> Iterator[list[tuple[Source, Parsed]]]:
    """Portions of whole ones. What cannot be fetched now is opened later: nothing is lost."""
    for portion in _portions(thin):
        try:
            answers = ground.call(portion[0].connection, lambda ctx: _ask(ctx, portion))  # noqa: B023
        except ConnectorError as error:
            _excuse(ground, portion, error)
        except Exception as error:
            log.exception("enrich.failed", extra={"connection": portion[0].connection["id"]})
            _stumble(ground, portion, f"The connector failed: {type(error).__name__}.")
        else:
            yield list(_whole(portion, answers))


def _portions(thin: Sequence[Thin]) -> Iterator[list[Thin]]:
    by_connection: dict[UUID, list[Thin]] = {}
    for one in thin:
        by_connection.setdefault(one.connection["id"], []).append(one)
    for group in by_connection.values():
        portion: list[Thin] = []
        for one in group:
            if portion and sum(len(t.events) for t in portion) + len(one.events) > MOST_EVENTS:
                yield portion
                portion = []
            portion.append(one)
        yield portion


def _ask(context: Context, portion: Sequence[Thin]) -> Sequence[Event | Ignored]:
    events = [event for one in portion for event in one.events]
    answers = portion[0].enrich(context, events)
    if len(answers) != len(events):
        raise ValueError(f"{len(events)} thin events got {len(answers)} answers")
    return answers


def _whole(
    portion: Sequence[Thin], answers: Sequence[Event | Ignored]
) -> Iterator[tuple[Source, Parsed]]:
    left = iter(answers)
    for one in portion:
        mine = [next(left) for _ in one.events]
        found = [event for event in mine if isinstance(event, Event)]
        ignored = next((event for event in mine if isinstance(event, Ignored)), None)
        yield one.source, found if found or ignored is None else ignored


def _excuse(ground: Ground, portion: Sequence[Thin], error: ConnectorError) -> None:
    """The vendor cannot be asked: wait as long as it needs. Only a refusal counts as a try."""
    row = portion[0].connection
    log.warning("enrich.waits", extra={"connection": row["id"], "why": error.words})
    if isinstance(error, Refused):
        _stumble(ground, portion, error.words)
        return
    match error:
        case AuthLost():
            wait = SIGNED_OUT
        case Throttled(retry_after=seconds):
            wait = timedelta(seconds=seconds)
        case _:
            wait = AFTER_FAILURE
    until = ground.clock() + wait
    with ground.database.begin() as db:
        intakes.wait(db, [t.source.row["id"] for t in portion], until, f"Waits: {error.words}")
        if isinstance(error, Throttled):
            health.pause(db, row["id"], until)


def _stumble(ground: Ground, portion: Sequence[Thin], reason: str) -> None:
    with ground.database.begin() as db:
        for one in portion:
            intakes.stumble(db, one.source.row["id"], ground.clock(), reason)

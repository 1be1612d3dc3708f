"""A batch in one transaction; and when one row chokes the database, each row on its own, so that
a poison row holds up nobody and ends where a person sees it."""

import logging
from collections.abc import Callable
from uuid import UUID

from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)

# What a poison row raises: the database's refusal, or a value that the arrow cannot work with.
CHOKES = (DBAPIError, ArithmeticError, LookupError, TypeError, ValueError)


Step = Callable[[int, list[UUID]], int]
Stumble = Callable[[UUID, str], None]


def in_batches(step: Step, stumble: Stumble, limit: int) -> int:
    """Run `step(limit, claimed)`, which commits a batch and adds the ids it claimed; how many.

    If that fails, steps of one; a row that fails alone is handed to `stumble(id, reason)`.
    """
    claimed: list[UUID] = []
    try:
        return step(limit, claimed)
    except CHOKES as error:
        log.warning("batch.failed", extra={"why": type(error).__name__, "rows": len(claimed)})
        return sum(_alone(step, stumble) for _ in range(max(len(claimed), 1)))


def _alone(step: Step, stumble: Stumble) -> int:
    claimed: list[UUID] = []
    try:
        return step(1, claimed)
    except CHOKES as error:
        log.exception("row.failed")
        cause = getattr(error, "orig", error)
        for row_id in claimed:
            stumble(row_id, f"It could not be processed: {type(cause).__name__}.")
        return len(claimed)

"""A batch in one transaction; and when one row chokes the database, each row on its own, so that
a poison row holds up nobody and ends where a person sees it. No row is blamed for a database that
went away: what was claimed is free again, and the sweep comes back for it."""

import logging
from collections.abc import Callable
from uuid import UUID

import psycopg
from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)

# What a poison row raises: the database's refusal, or a value that the arrow cannot work with.
CHOKES = (DBAPIError, ArithmeticError, LookupError, TypeError, ValueError)
# Of PostgreSQL's codes, those of a connection that is lost (08) or was ended from its side (57P).
_LOST = ("08", "57P")


Step = Callable[[int, list[UUID]], int]
Stumble = Callable[[UUID, str], None]


def in_batches(step: Step, stumble: Stumble, limit: int) -> int:
    """Run `step(limit, claimed)`, which commits a batch and adds the ids it claimed; how many.

    If that fails, steps of one; a row that fails alone is handed to `stumble(id, reason)`. Raises
    what `step` raised where the database is gone: no row would fare better alone.
    """
    claimed: list[UUID] = []
    try:
        return step(limit, claimed)
    except CHOKES as error:
        if is_gone(error):
            raise
        log.warning("batch.failed", extra={"why": type(error).__name__, "rows": len(claimed)})
        return sum(_alone(step, stumble) for _ in range(max(len(claimed), 1)))


def is_gone(error: Exception) -> bool:
    """Whether this error says that the database cannot be reached, whatever it is asked."""
    if getattr(error, "connection_invalidated", False):
        return True
    cause = getattr(error, "orig", error)
    if not isinstance(cause, psycopg.OperationalError):
        return False
    # The driver's own errors have no code: nobody was there to give one.
    return cause.sqlstate is None or cause.sqlstate.startswith(_LOST)


def _alone(step: Step, stumble: Stumble) -> int:
    claimed: list[UUID] = []
    try:
        return step(1, claimed)
    except CHOKES as error:
        if is_gone(error):
            raise
        log.exception("row.failed")
        cause = getattr(error, "orig", error)
        for row_id in claimed:
            stumble(row_id, f"It could not be processed: {type(cause).__name__}.")
        return len(claimed)

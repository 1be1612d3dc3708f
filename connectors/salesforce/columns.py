"""Which optional fields an org lacks, remembered a while: not each reading must find out again."""

import threading
from datetime import datetime, timedelta

from .soql import Query

_REMEMBERED = timedelta(minutes=10)

_missing: dict[tuple[str, str, str], datetime] = {}
_lock = threading.Lock()


def remember(instance: str, table: str, column: str, at: datetime) -> None:
    """This org has no such field, as of now."""
    with _lock:
        _missing[(instance, table, last(column))] = at


def bare(instance: str, query: Query, now: datetime) -> Query:
    """The query without what its org was found to lack a moment ago."""
    with _lock:
        known = {
            column
            for (where, table, column), at in _missing.items()
            if where == instance and table == query.table and now - at < _REMEMBERED
        }
    return query.without(one for one in query.optional if last(one) in known)


def last(path: str) -> str:
    """A path's own field, in small letters: errors name it without its way."""
    return path.rpartition(".")[2].casefold()

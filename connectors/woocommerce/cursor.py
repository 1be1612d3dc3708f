"""Where the poll stands: plain values, kept by the hub as JSON text between two pages."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from .documents import document, moment

OVERLAP = timedelta(minutes=2)
SETTLED = timedelta(minutes=10)

_TIMES = ("since", "carts_since", "newest", "seen_at", "carts_until", "skip_at", "floor")
_OTHERS = ("phase", "page", "carts_page")


@dataclass(frozen=True)
class Cursor:
    """`phase` is "changes" or "carts"; the times are the shop's, but for `seen_at`.

    `since`/`page`: where reading the changed orders stands; `newest`, the latest change seen,
    first at `seen_at`. `carts_since`/`carts_until`/`carts_page`: the same for left checkouts.
    `skip` holds the ids of orders last changed at `skip_at`, the second the poll began in, and
    `floor` is that beginning: reading steps back behind its own pages, never behind the install.
    """

    since: datetime
    carts_since: datetime
    phase: str = "changes"
    page: int = 1
    newest: datetime | None = None
    seen_at: datetime | None = None
    carts_until: datetime | None = None
    carts_page: int = 1
    skip: tuple[str, ...] = ()
    skip_at: datetime | None = None
    floor: datetime | None = None

    def dump(self) -> str:
        """As JSON text."""
        return json.dumps(
            {k: v.isoformat() if isinstance(v, datetime) else v for k, v in asdict(self).items()}
        )

    @classmethod
    def load(cls, kept: str) -> "Cursor":
        """From `dump`. Raises ValueError when the text is no cursor of ours."""
        found = document(kept.encode())
        values: dict[str, Any] = {name: moment(found.get(name)) for name in _TIMES}
        if not (values["since"] and values["carts_since"]):
            raise ValueError("The poll's cursor is not one of this connector.")
        values |= {name: found[name] for name in _OTHERS if name in found}
        return cls(skip=tuple(found.get("skip") or ()), **values)


def after_page(at: Cursor, last: datetime) -> Cursor:
    """The next full page: on from the last change read, its whole second included.

    Counting pages alone would skip orders, since one that changes meanwhile moves to the end and
    all behind it move up; pages are only counted within one second's crowd.
    """
    onward = last - timedelta(seconds=1)
    if onward > at.since:
        return replace(at, since=onward, page=1, newest=_latest(at.newest, last))
    return replace(at, page=at.page + 1, newest=_latest(at.newest, last))


def after_last_page(at: Cursor, last: datetime | None, now: datetime) -> Cursor:
    """All changes are read: step back a little for what commits late, until things are quiet."""
    newest = _latest(at.newest, last)
    seen_at = now if newest != at.newest or at.seen_at is None else at.seen_at
    done = replace(at, phase="carts", page=1, newest=newest, seen_at=seen_at)
    if newest is None:
        return done
    quiet = now - seen_at >= SETTLED
    floor = at.floor or at.since
    return replace(done, floor=floor, since=max(floor, newest if quiet else newest - OVERLAP))


def _latest(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((t for t in (one, other) if t), default=None)

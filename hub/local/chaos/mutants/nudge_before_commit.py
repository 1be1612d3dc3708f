"""The next arrow is woken before its rows are there, and no sweep makes up for it."""

import time
from collections.abc import Callable

from hub.local.chaos.mutants.replacing import put
from hub.store import backlog
from hub.work.pipeline import Due, Pipeline

_NEXT = {
    "open": ("decide",),
    "decide": ("send_transactional",),
    "send_transactional": ("write_back",),
    "settle": ("write_back",),
}
# What no row of the road causes still has to be swept, or a trial would not even begin.
_OWN = frozenset({"pull", "look_after", "doubt", "expire"})

_SLOWLY = 0.5  # seconds between nudge and work, as on a busy machine


def patch() -> None:
    """Each arrow wakes the next one first, and then does its work."""
    for name, following in _NEXT.items():
        put(Pipeline, **{name: _eager(getattr(Pipeline, name), following)})
    put(Pipeline, _due=_nothing)
    usual = backlog.due
    put(backlog, due=lambda db, now, *among: [a for a in usual(db, now, *among) if a in _OWN])


def _nothing(pipeline: Pipeline, done: int, *following: str) -> Due:
    """Whoever follows has been woken already."""
    return []


def _eager(
    work: Callable[[Pipeline], Due], following: tuple[str, ...]
) -> Callable[[Pipeline], Due]:
    def run(pipeline: Pipeline) -> Due:
        pipeline.nudge(*following)
        time.sleep(_SLOWLY)
        work(pipeline)
        return []

    return run

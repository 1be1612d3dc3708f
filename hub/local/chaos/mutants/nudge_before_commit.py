"""The next arrow is woken before its rows are there, and no sweep makes up for it."""

from collections.abc import Callable

from hub.local.chaos.mutants.replacing import put
from hub.store import backlog
from hub.work.pipeline import Pipeline

_NEXT = {
    "open": ("decide",),
    "decide": ("send_transactional",),
    "send_transactional": ("write_back",),
    "settle": ("write_back",),
}
# What no row of the road causes still has to be swept, or a trial would not even begin.
_OWN = frozenset({"pull", "look_after", "doubt", "expire"})


def patch() -> None:
    """Each arrow wakes the next one first, and then does its work."""
    for name, following in _NEXT.items():
        put(Pipeline, **{name: _eager(getattr(Pipeline, name), following)})
    put(Pipeline, _wake=_no_wake)
    usual = backlog.due
    put(backlog, due=lambda db, now: [a for a in usual(db, now) if a in _OWN])


def _no_wake(pipeline: Pipeline, done: int, again: str, *following: str) -> None:
    """Whoever follows has been woken already."""


def _eager(
    work: Callable[[Pipeline], None], following: tuple[str, ...]
) -> Callable[[Pipeline], None]:
    def run(pipeline: Pipeline) -> None:
        pipeline.nudge(*following)
        work(pipeline)

    return run

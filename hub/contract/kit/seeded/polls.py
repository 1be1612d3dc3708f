"""Faults of reading what changed, and of fetching what thin events lack."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from hub.contract import Connector, Context, Page
from hub.contract.errors import ConnectorError
from hub.contract.events import Event
from hub.contract.kit.mutants import Seeded

Wrap = Callable[[Any], Any]


def seeded(connector: Connector) -> Iterator[Seeded]:
    """Each fault of a poll, then of an enrich."""
    poll, enrich = connector.poll, connector.enrich
    for name, laws, wrap in _POLLING if poll else ():
        if poll:
            faulty = replace(poll, pull=wrap(poll.pull))
            yield Seeded(f"poll: {name}", laws, replace(connector, poll=faulty))
    for name, laws, wrap in _FETCHING if enrich else ():
        yield Seeded(f"enrich: {name}", laws, replace(connector, enrich=wrap(enrich)))


def _forgetful(pull: Any) -> Any:
    """The cursor is saved before the page's records are: after a crash the page is lost."""
    served: dict[str, str] = {}

    def pulled(ctx: Context, cursor: str) -> Page:
        key = f"{ctx.hook_url} {cursor}"
        page: Page = pull(ctx, served.get(key, cursor))
        if cursor:
            served[key] = page.cursor
        return page

    return pulled


def _pages(change: Callable[[Page], Page]) -> Wrap:
    return lambda pull: lambda ctx, cursor: change(pull(ctx, cursor))


def _one_by_one(enrich: Any) -> Any:
    return lambda ctx, events: [answer for one in events for answer in enrich(ctx, [one])]


def _trusting(enrich: Any) -> Any:
    def fetched(ctx: Context, events: Sequence[Event]) -> Any:
        try:
            return enrich(ctx, events)
        except ConnectorError:
            return events

    return fetched


_POLLING: tuple[tuple[str, tuple[str, ...], Wrap], ...] = (
    ("the cursor is saved before its page", ("poll-crash",), _forgetful),
    (
        "the last record of each page is dropped",
        ("poll-all",),
        _pages(lambda page: replace(page, requests=page.requests[:-1])),
    ),
    (
        "only the cursor of a page is kept",
        ("poll-all",),
        _pages(lambda page: replace(page, requests=())),
    ),
    (
        "it always says that there is more",
        ("poll-from-now",),
        _pages(lambda page: replace(page, more=True)),
    ),
    (
        "there is no cursor to go on from",
        ("poll-from-now",),
        _pages(lambda page: replace(page, cursor="")),
    ),
)
_FETCHING: tuple[tuple[str, tuple[str, ...], Wrap], ...] = (
    ("one call for each event", ("enrich-batch",), _one_by_one),
    (
        "answers in another order",
        ("enrich-order",),
        lambda enrich: lambda ctx, events: list(enrich(ctx, events))[::-1],
    ),
    (
        "the last event is dropped",
        ("enrich-order",),
        lambda enrich: lambda ctx, events: list(enrich(ctx, events))[:-1],
    ),
    ("what the vendor refuses to tell is taken for whole", ("fault-429",), _trusting),
)

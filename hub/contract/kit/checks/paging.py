"""Reading what changed: page by page, through crashes and while the vendor goes on changing."""

from hub.contract import Event
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.conditions import has_poll
from hub.contract.kit.reading import drain, pull, start
from hub.contract.kit.score import check

CHANGES = 250


@check("poll-from-now", "An empty cursor means «from now»: nothing old is read", has_poll)
def from_now(bench: Bench) -> None:
    """A new connection must not text the customers of last year."""
    bench.simulator.change(3)
    page = pull(bench, "")
    insist(not page.requests and not page.more, "An empty cursor reads what is long past.")
    insist(page.cursor, "An empty cursor gives no cursor to go on from.")


@check("poll-all", "Two hundred and fifty changes are all found, page by page", has_poll)
def everything(bench: Bench) -> None:
    """Each change is a record of its own."""
    began = _changed(bench)
    subjects = {event.subject for event in drain(bench, began)[0]}
    insist(len(subjects) >= CHANGES, f"Of {CHANGES} records changed, {len(subjects)} were found.")


@check("poll-crash", "A crash between any two pages loses nothing", has_poll)
def crash(bench: Bench) -> None:
    """Each page is read, dropped as if the hub had died, and read again."""
    began = _changed(bench)
    whole, _ = drain(bench, began)
    crashed, _ = drain(bench, began, before_each=lambda cursor: pull(bench, cursor))
    lost = _keys(whole) - _keys(crashed)
    insist(not lost, f"After crashes between pages, {len(lost)} events were never read.")


@check("poll-moving", "Changes made while pages are read push nothing out of sight", has_poll)
def moving(bench: Bench) -> None:
    """Paging by offset over a list that moves skips records; this finds it."""
    began = _changed(bench)
    _, cursor = read = drain(bench, began, before_each=lambda _: bench.simulator.change(7))
    later, _ = drain(bench, cursor)
    whole, _ = drain(bench, began)
    lost = _keys(whole) - _keys(read[0]) - _keys(later)
    insist(not lost, f"{len(lost)} events were pushed out of sight while pages were read.")


@check(
    "poll-same", "Reading the same changes twice gives the same keys; silence gives none", has_poll
)
def same(bench: Bench) -> None:
    """An overlap may show an event again, never a new key for it."""
    began = _changed(bench, 5)
    first, cursor = drain(bench, began)
    again, _ = drain(bench, began)
    insist(_keys(first) == _keys(again), "The same change has other keys on the second reading.")
    for _ in range(3):
        silent, cursor = drain(bench, cursor)
        new = _keys(silent) - _keys(first)
        insist(not new, f"Without a change, {len(new)} new events appear.")


def _changed(bench: Bench, count: int = CHANGES) -> str:
    before = start(bench)
    bench.simulator.change(count)
    return before


def _keys(events: list[Event]) -> set[str]:
    return {event.key for event in events}

"""Reading what changed: page by page, through crashes and while the vendor goes on changing."""

from collections.abc import Callable

from hub.contract import Ignored, Page, Pull
from hub.contract.events import Event
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.conditions import has_poll
from hub.contract.kit.score import check

CHANGES = 250
_MOST_PAGES = 100


@check("poll-from-now", "An empty cursor means «from now»: nothing old is read", has_poll)
def from_now(bench: Bench) -> None:
    """A new connection must not text the customers of last year."""
    bench.simulator.change(3)
    page = _pull(bench, "")
    insist(not page.requests and not page.more, "An empty cursor reads what is long past.")
    insist(page.cursor, "An empty cursor gives no cursor to go on from.")


@check("poll-all", "Two hundred and fifty changes are all found, page by page", has_poll)
def everything(bench: Bench) -> None:
    """Each change is a record of its own."""
    start = _changed(bench)
    subjects = {event.subject for event in _drain(bench, start)[0]}
    insist(len(subjects) >= CHANGES, f"Of {CHANGES} records changed, {len(subjects)} were found.")


@check("poll-crash", "A crash between any two pages loses nothing", has_poll)
def crash(bench: Bench) -> None:
    """Each page is read, dropped as if the hub had died, and read again."""
    start = _changed(bench)
    whole, _ = _drain(bench, start)
    crashed, _ = _drain(bench, start, before_each=lambda cursor: _pull(bench, cursor))
    lost = _keys(whole) - _keys(crashed)
    insist(not lost, f"After crashes between pages, {len(lost)} events were never read.")


@check("poll-moving", "Changes made while pages are read push nothing out of sight", has_poll)
def moving(bench: Bench) -> None:
    """Paging by offset over a list that moves skips records; this finds it."""
    start = _changed(bench)
    _, cursor = read = _drain(bench, start, before_each=lambda _: bench.simulator.change(7))
    later, _ = _drain(bench, cursor)
    whole, _ = _drain(bench, start)
    lost = _keys(whole) - _keys(read[0]) - _keys(later)
    insist(not lost, f"{len(lost)} events were pushed out of sight while pages were read.")


@check(
    "poll-same", "Reading the same changes twice gives the same keys; silence gives none", has_poll
)
def same(bench: Bench) -> None:
    """An overlap may show an event again, never a new key for it."""
    start = _changed(bench, 5)
    first, cursor = _drain(bench, start)
    again, _ = _drain(bench, start)
    insist(_keys(first) == _keys(again), "The same change has other keys on the second reading.")
    for _ in range(3):
        silent, cursor = _drain(bench, cursor)
        new = _keys(silent) - _keys(first)
        insist(not new, f"Without a change, {len(new)} new events appear.")


def _changed(bench: Bench, count: int = CHANGES) -> str:
    start = _pull(bench, "").cursor
    bench.simulator.change(count)
    return start


def _pull(bench: Bench, cursor: str) -> Page:
    poll = bench.connector.poll
    insist(poll, "There is nothing to poll.")
    page = poll.pull(bench.ctx, cursor) if poll else Page((), cursor)
    insist(isinstance(page.cursor, str), "A cursor must be a text.")
    return page


def _drain(
    bench: Bench, cursor: str, before_each: Callable[[str], object] = lambda _: None
) -> tuple[list[Event], str]:
    found: list[Event] = []
    for _ in range(_MOST_PAGES):
        before_each(cursor)
        page = _pull(bench, cursor)
        found += _events(bench, page)
        insist(not page.more or page.cursor != cursor, "It asks for the same page again and again.")
        cursor = page.cursor
        if not page.more:
            return found, cursor
    raise AssertionError(f"After {_MOST_PAGES} pages it still says there are more.")


def _events(bench: Bench, page: Page) -> list[Event]:
    found = list[Event]()
    for request in page.requests:
        name = bench.connector.dedupe(request) if bench.connector.dedupe else ""
        insist(name, "dedupe gives a polled record no name.")
        parsed = bench.connector.parse(request, bench.settings) if bench.connector.parse else ()
        found += [] if isinstance(parsed, Ignored | Pull) else parsed
    return bench.whole(found)


def _keys(events: list[Event]) -> set[str]:
    return {event.key for event in events}

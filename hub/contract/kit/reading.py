"""What is new at the vendor, as the hub would read it: heard, polled, read, made whole."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from hub.contract import Event, Ignored, Page, Pull, Request
from hub.contract.kit.bench import Bench, Door, insist

MOST_PAGES = 100


def pull(bench: Bench, cursor: str) -> Page:
    """One page after the cursor."""
    poll = bench.connector.poll
    insist(poll, "There is nothing to poll.")
    page = poll.pull(bench.ctx, cursor) if poll else Page((), cursor)
    insist(isinstance(page.cursor, str), "A cursor must be a text.")
    return page


def start(bench: Bench) -> str:
    """The cursor of «now»; empty where nothing is polled."""
    return pull(bench, "").cursor if bench.connector.poll else ""


def drain(
    bench: Bench, cursor: str, before_each: Callable[[str], object] = lambda _: None
) -> tuple[list[Event], str]:
    """Every whole event after the cursor, page by page, and the cursor of the end."""
    found: list[Event] = []
    for _ in range(MOST_PAGES):
        before_each(cursor)
        page = pull(bench, cursor)
        found += bench.whole(parsed(bench, page.requests))
        insist(not page.more or page.cursor != cursor, "It asks for the same page again and again.")
        cursor = page.cursor
        if not page.more:
            return found, cursor
    raise AssertionError(f"After {MOST_PAGES} pages it still says there are more.")


def parsed(bench: Bench, requests: Iterable[Request]) -> list[Event]:
    """The events of polled records, thin ones still thin."""
    found = list[Event]()
    for request in requests:
        name = bench.connector.dedupe(request) if bench.connector.dedupe else ""
        insist(name, "dedupe gives a polled record no name.")
        found += read(bench, request, bench.settings)
    return found


def read(bench: Bench, request: Request, settings: Mapping[str, str]) -> list[Event]:
    """The events of one request as the webhook or the poll reads it."""
    said = bench.connector.parse(request, settings) if bench.connector.parse else ()
    return [] if isinstance(said, Ignored | Pull) else list(said)


def heard(bench: Bench, since: int = 0) -> list[Event]:
    """The events of what the vendor told by itself, thin ones still thin."""
    flush(bench)
    found = list[Event]()
    for request in bench.ear.heard[since:]:
        if not bench.greets(request):
            found += _events(bench.door_of(request).read(request))
    return found


def read_all(bench: Bench, requests: Iterable[Request]) -> list[Event]:
    """The events of genuine requests, each read at its own door; thin ones still thin."""
    return [e for one in requests for e in _events(bench.door_of(one).read(one))]


def thin(bench: Bench, count: int) -> list[Event]:
    """So many events or more that lack what the vendor must be asked for; none where none does."""
    began, there, since = start(bench), listen(bench), len(bench.ear.heard)
    bench.simulator.change(count)
    sources: tuple[Callable[[], list[Event]], ...] = (
        lambda: heard(there, since),
        lambda: _polled(bench, began),
        lambda: read_all(bench, [request for _, request in bench.executions(count)]),
    )
    for source in sources:
        found, before = source(), bench.simulator.faults.asked
        bench.whole(found[:1])
        if bench.simulator.faults.asked > before:
            return found
    return []


def _polled(bench: Bench, cursor: str) -> list[Event]:
    found: list[Event] = []
    for _ in range(MOST_PAGES if bench.connector.poll else 0):
        page = pull(bench, cursor)
        found, cursor = found + parsed(bench, page.requests), page.cursor
        if not page.more:
            break
    return found


def news(bench: Bench, cursor: str, since: int = 0) -> list[Event]:
    """All that the hub would learn: what was told from delivery `since` on, what is polled after
    the cursor; whole."""
    told = bench.whole(heard(bench, since))
    return told + (drain(bench, cursor)[0] if bench.connector.poll else [])


def readable(bench: Bench, polled: int = 2) -> list[tuple[Door, Request]]:
    """Genuine deliveries with their doors, and some polled records; those nobody verifies."""
    found = bench.genuine() if bench.doors() else []
    if bench.connector.poll is None or bench.connector.dedupe is None:
        return found
    began = start(bench)
    bench.simulator.change(polled)
    listed = pull(bench, began).requests[:polled]
    settings, named = bench.settings, bench.connector.dedupe
    door = Door("poll", lambda *_: None, named, lambda r: read(bench, r, settings))
    return found + [(door, request) for request in listed]


def listen(bench: Bench) -> Bench:
    """Have the vendor tell this bench's ear, where the hub can subscribe; the bench goes on with
    what the subscription keeps."""
    hook = bench.connector.webhook
    if hook is None or hook.subscribe is None:
        return bench
    return replace(bench, state=hook.subscribe(bench.ctx).state)


def flush(bench: Bench) -> None:
    """Wait until the vendor has told what it has to tell."""
    wait = getattr(bench.simulator, "flush", None)
    insist(wait is None or wait(10.0) is not False, "The simulator's deliveries hang.")


def _events(said: object) -> list[Event]:
    return [one for one in said if isinstance(one, Event)] if isinstance(said, list | tuple) else []

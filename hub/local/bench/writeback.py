"""Telling a CRM what became of messages, in its own batch size, beside a plain loop that does the
same to the same CRM."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import click

from hub.local.bench.children import Broken, first_line, running, say_go
from hub.local.bench.measured import Bar, Measured
from hub.local.bench.rig import Rig, rig
from hub.local.bench.telling import Teller
from hub.store import write_backs
from hub.store.database import new_id

NAME = "writeback"
SAYS = "Tell a CRM 20,000 results, 500 in a call, beside a plain loop."
OPTIONS = (
    click.Option(["--outcomes"], type=int, default=20_000, show_default=True,
                 help="How many results there are to tell."),
    click.Option(["--workers"], type=int, default=2, show_default=True, help="Worker processes."),
)  # fmt: skip

_PATIENCE = 120.0
_AT_ONCE = 5_000


def run(say: Teller, outcomes: int = 20_000, workers: int = 2) -> Measured:
    """Results told a second, of the hub and of the loop."""
    with rig(say, worker_processes=workers) as here:
        _plant(here, 500)
        _told(here, say, "warming up", 500)
        bare = _bare(here, say, outcomes)
        with here.resting():
            _plant(here, outcomes)
            here.vendors.ask("reset")
            began = time.monotonic()
        last, counts = _told(here, say, "the hub", outcomes)
    hub = outcomes / (last - began)
    ratio = round(hub / bare, 3)
    say(f"told a second   hub {hub:9,.0f}   bare {bare:9,.0f}   {ratio:.2f} ×")
    bars = (Bar("told twice", counts["twice"], 0, at_most=True),)
    figures = {"hub_per_s": round(hub), "bare_per_s": round(bare), "ratio": ratio, **counts}
    return Measured(figures, bars)


def _plant(here: Rig, count: int) -> None:
    """So many results wait."""
    now = here.ground.clock()
    outcome = {
        "kind": "sent", "subject": "order:N0000001", "record": "", "at": now.isoformat(),
        "sentence": "Sent.", "text": "Thank you! Your order is with us.",
    }  # fmt: skip
    for first in range(0, count, _AT_ONCE):
        planned = [
            write_backs.planned(
                str(new_id()), workspace_id=here.workspace_id, connection_id=here.shop["id"],
                message_id=None, outcome=outcome, due_at=now,
            )
            for _ in range(min(_AT_ONCE, count - first))
        ]  # fmt: skip
        with here.ground.database.begin() as db:
            write_backs.add_all(db, planned)


def _told(here: Rig, say: Teller, what: str, count: int) -> tuple[float, dict[str, Any]]:
    """When the CRM was told the last of so many. Raises Broken when they do not come."""
    ends = time.monotonic() + _PATIENCE
    while (seen := here.vendors.ask("counts"))["notes"] < count:
        if time.monotonic() > ends:
            raise Broken(f"Only {seen['notes']} of {count} results were told.")
        say.now(f"{what}: {seen['notes']:,} of {count:,} told")
        time.sleep(0.05)
    return float(seen["last"]), {"told": seen["notes"], "twice": seen["notes_twice"]}


def _bare(here: Rig, say: Teller, count: int) -> float:
    """The plain loop, alone: the hub's workers rest, for the rows are the hub's own."""
    with here.resting():
        _plant(here, count)
        here.vendors.ask("reset")
        with _loop(here) as began:
            last, _ = _told(here, say, "bare", count)
    return count / (last - began)


@contextmanager
def _loop(here: Rig) -> Iterator[float]:
    with ExitStack() as stack:
        child = stack.enter_context(
            running("bare", "tell", BENCH_DATABASE=here.hub.settings.database_url,
                    BENCH_CARRIER=here.vendors.url)
        )  # fmt: skip
        first_line(child)
        began = time.monotonic()
        say_go(child)
        yield began

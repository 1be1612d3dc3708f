"""One signed event per POST through the whole hub, beside the bare ceiling of the same run."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any

import click
import psycopg

from hub.local.bench import bare
from hub.local.bench.children import Broken, Vendors, first_line, load, running, say_go
from hub.local.bench.measured import Bar, Measured, waits
from hub.local.bench.orders import Address
from hub.local.bench.rig import Rig, asked_by, rig
from hub.local.bench.telling import Teller
from hub.local.engines.ports import free_ports

NAME = "road"
SAYS = "Take in and send as fast as it goes, and at 300 events a second, beside a bare ceiling."
OPTIONS = (
    click.Option(["--events"], type=int, default=10_000, show_default=True,
                 help="How many events each fast lap has."),
    click.Option(["--seconds"], type=int, default=15, show_default=True,
                 help="How long the lap at 300 a second takes."),
    click.Option(["--workers"], type=int, default=2, show_default=True, help="Worker processes."),
)  # fmt: skip

RATE = 300
WIDTH = 64  # connections that each have an order on the way
_PATIENCE = 120.0
_LAPS = {"bare": 2_000_000, "drain": 3_000_000, "through": 4_000_000, "paced": 5_000_000}


def run(say: Teller, events: int = 10_000, seconds: int = 15, workers: int = 2) -> Measured:
    """Accepted and sent a second, waits at 300 a second, memory; each with its ratio."""
    with rig(say, worker_processes=workers) as here:
        _lap(here, say, "warming up", 1_000_000, 600)
        ceiling = _ceiling(here, say, events, workers)
        drained = _drain(here, say, events)
        before = here.efforts()
        through = _lap(here, say, "the hub, taking in and sending", _LAPS["through"], events)
        efforts = {n: here.efforts()[n] - was for n, was in before.items()}
        figures = {
            "bare": ceiling,
            "hub": {**through, **drained, **_paced(here, say, seconds)},
            "memory_mb": round(sum((parts := here.weights()).values()), 1),
            "memory_mb_by_part": parts,
            "cpu_ms_per_event": {n: round(s * 1000 / events, 3) for n, s in efforts.items()},
            "twice": here.vendors.ask("counts")["twice"],
            "workers": workers,
        }
    return _judged(say, figures)


def steady(here: Rig, say: Teller, what: str, events: int) -> dict[str, float]:
    """A lap after one to warm up: what the bench of growth asks for each number of workers."""
    _lap(here, say, f"{what}, warming up", 1_000_000, 600)
    return _lap(here, say, what, _LAPS["through"], events)


def _lap(here: Rig, say: Teller, what: str, first: int, events: int) -> dict[str, float]:
    """As fast as it goes until the carrier has everything: accepted and sent, both a second."""
    return lap(here.vendors, here.address, lambda words: say.now(f"{what}: {words}"), first, events)


def lap(
    carrier: Vendors, address: Address, tell: Callable[[str], object], first: int, events: int
) -> dict[str, float]:
    """One lap with accept and send at the same time, from the first answer to the last message."""
    carrier.ask("reset")

    def tick() -> None:
        tell(f"{carrier.ask('counts')['messages']:,} of {events:,} sent")

    met = load(asked_by(address, first=first, count=events, width=WIDTH), tick)
    last = _all_sent(carrier, events - met["refused"], tick)
    return {
        "accepted_per_s": round(len(met["accepted"]) / (met["last"] - met["first"]), 1),
        "sent_per_s": round(events / (last - met["first"]), 1),
        "refused": met["refused"],
        **{f"accept_{name}": ms for name, ms in waits(met["waits"]).items()},
    }


def _all_sent(carrier: Vendors, count: int, tick: Callable[[], object]) -> float:
    """When the carrier had the last of so many. Raises Broken when they do not come."""
    ends = time.monotonic() + _PATIENCE
    while (seen := carrier.ask("counts"))["messages"] < count:
        if time.monotonic() > ends:
            raise Broken(f"Only {seen['messages']} of {count} messages reached the carrier.")
        time.sleep(0.05)
        tick()
    return float(seen["last"])


def _drain(here: Rig, say: Teller, events: int) -> dict[str, float]:
    """A backlog is taken in while the workers rest, then worked off while nothing comes in."""
    here.vendors.ask("reset")
    with here.resting():
        alone = load(
            asked_by(here.address, first=_LAPS["drain"], count=events, width=WIDTH),
            lambda: say.now("the hub, taking in alone"),
        )
        began = time.monotonic()
    last = _all_sent(here.vendors, events, lambda: say.now("the hub, working off a backlog"))
    taken = alone["last"] - alone["first"]
    return {
        "accepted_alone_per_s": round(events / taken, 1),
        "drained_per_s": round(events / (last - began), 1),
    }


def _paced(here: Rig, say: Teller, seconds: int) -> dict[str, float]:
    """Waits at a steady rate: from when an order was due to its answer, and to the carrier."""
    here.vendors.ask("reset")
    count = RATE * seconds
    met = load(
        asked_by(here.address, first=_LAPS["paced"], count=count, rate=RATE),
        lambda: say.now(f"{RATE} a second for {seconds} s"),
    )
    _all_sent(here.vendors, count - met["refused"], lambda: None)
    sent: Mapping[str, float] = here.vendors.ask("times")
    road = [max(sent[n] - at, 0.0) for n, at in met["accepted"].items() if n in sent]
    return {
        **{f"paced_accept_{name}": ms for name, ms in waits(met["waits"]).items()},
        **{f"accept_to_carrier_{name}": ms for name, ms in waits(road).items()},
        "paced_refused": met["refused"],
    }


def _ceiling(here: Rig, say: Teller, events: int, workers: int) -> dict[str, float]:
    """The bare server and the bare loop on the hub's own PostgreSQL, the hub at rest."""
    database = here.hub.settings.database_url
    with psycopg.connect(database, autocommit=True) as db:
        db.execute(bare.TABLE)
    with bare_web(database, here.hub.settings.web_processes) as address:
        address = replace(address, host=here.hub.settings.host)
        here.vendors.ask("reset")
        alone = load(
            asked_by(address, first=_LAPS["bare"], count=events, width=WIDTH),
            lambda: say.now("bare, taking in alone"),
        )
        with bare_loops(database, here.vendors.url, workers) as began:
            last = _all_sent(here.vendors, events, lambda: say.now("bare, a backlog"))
            here.vendors.ask("reset")
            lines = lap(here.vendors, address, lambda w: say.now(f"bare: {w}"),
                        _LAPS["bare"] + events, events)  # fmt: skip
    return {
        **lines,
        "accepted_alone_per_s": round(events / (alone["last"] - alone["first"]), 1),
        "drained_per_s": round(events / (last - began), 1),
    }


@contextmanager
def bare_web(database: str, workers: int) -> Iterator[Address]:
    """The bare server, up."""
    port = next(free_ports())
    with running("bare", "web", str(port), str(workers), BENCH_DATABASE=database) as child:
        first_line(child)
        yield Address("127.0.0.1", port, "/in", bare.SECRET)


@contextmanager
def bare_loops(database: str, carrier: str, workers: int) -> Iterator[float]:
    """So many bare loops at work; they begin together, at the instant that is yielded."""
    with ExitStack() as stack:
        children = [
            stack.enter_context(
                running("bare", "loop", BENCH_DATABASE=database, BENCH_CARRIER=carrier)
            )
            for _ in range(workers)
        ]
        for child in children:
            first_line(child)
        began = time.monotonic()
        for child in children:
            say_go(child)
        yield began


_PAIRS = (
    ("accepted_alone_per_s", "accepted a second, nothing else going on"),
    ("accepted_per_s", "accepted a second while sending"),
    ("drained_per_s", "sent a second from a backlog"),
    ("sent_per_s", "sent a second, end to end"),
)


def _judged(say: Teller, figures: dict[str, Any]) -> Measured:
    hub, base = figures["hub"], figures["bare"]
    ratios = {name: round(hub[name] / base[name], 3) for name, _ in _PAIRS}
    for name, words in _PAIRS:
        say(f"{words:44} hub {hub[name]:9,.0f}   bare {base[name]:9,.0f}   {ratios[name]:.2f} ×")
    parts = ", ".join(f"{name} {mb:.0f}" for name, mb in figures["memory_mb_by_part"].items())
    say(f"memory {figures['memory_mb']:.0f} MB ({parts}); load {os.getloadavg()[0]:.1f}")
    efforts = ", ".join(f"{name} {ms:.2f}" for name, ms in figures["cpu_ms_per_event"].items())
    say(f"processor time of one event, in ms: {efforts}")
    bars = (
        Bar("accepted, beside bare", ratios["accepted_alone_per_s"], 0.5, " ×"),
        Bar("sent end to end, beside bare", ratios["sent_per_s"], 0.4, " ×"),
        Bar(f"accept p99 at {RATE}/s", hub["paced_accept_p99_ms"], 50, " ms", at_most=True),
        Bar("accept to carrier p50", hub["accept_to_carrier_p50_ms"], 100, " ms", at_most=True),
        Bar("accept to carrier p99", hub["accept_to_carrier_p99_ms"], 500, " ms", at_most=True),
        Bar("memory", figures["memory_mb"], 400, " MB", at_most=True),
        Bar("messages sent twice", figures["twice"], 0, at_most=True),
    )
    return Measured({**figures, "ratios": ratios, "load": os.getloadavg()[0]}, bars)

"""How fast an idle hub is: from the shop's answer to the carrier's call, one order at a time."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from rich.table import Table

from hub.local.demo import oracle
from hub.local.demo.people import Resident
from hub.local.demo.town import Town
from hub.local.demo.waiting import wait_for
from hub.local.demo.witness import percentile

ORDERS = 60


@dataclass(frozen=True)
class Pace:
    """Seconds: of the shop's deliveries until answered, of the orders from there to the carrier."""

    answers: tuple[float, ...]
    roads: tuple[float, ...]
    missing: int = 0

    def bars(self) -> Iterator[tuple[str, float, float]]:
        """(what, measured, the most it may be), in milliseconds."""
        yield "Order accepted → carrier called, median", _ms(self.roads, 0.5), 300
        yield "Order accepted → carrier called, p99", _ms(self.roads, 0.99), 1000
        yield "The shop's delivery answered, median", _ms(self.answers, 0.5), 20


def measure(town: Town, orders: int = ORDERS) -> Pace:
    """Place orders one at a time, each when the hub has nothing left to do."""
    before, roads = len(town.witness.answers), []
    for number in range(orders):
        person = Resident(f"p-{number}", "Zoë", "Martin", f"+33 6 39 98 00 {number + 40:02}", "fr")
        took = _one(town, person)
        if took is not None:
            roads.append(took)
    answers = tuple(a.seconds for a in town.witness.answers[before:] if a.status == 200)
    return Pace(answers, tuple(roads), orders - len(roads))


def _one(town: Town, person: Resident) -> float | None:
    wait_for(lambda: oracle.is_quiet(town), 20, every=0.02)
    order_id = int(town.acts.order(person).partition(":")[2])
    number = person.number.removeprefix("+")
    called = wait_for(lambda: town.witness.calls.get(number), 20, every=0.005)
    accepted = wait_for(lambda: town.witness.accepted_at(order_id), 5, every=0.005)
    wait_for(lambda: len(town.shop.notes(order_id)) >= 2, 20, every=0.02)
    time.sleep(0.05)
    return called - accepted if called and accepted else None


def _ms(seconds: tuple[float, ...], share: float) -> float:
    return percentile(seconds, share) * 1000


def wrongs(pace: Pace) -> list[str]:
    """What is slower than its bar, or never came."""
    slow = [f"{what} {ms:.0f} ms, over {bar:.0f}." for what, ms, bar in pace.bars() if ms > bar]
    return slow + ([f"{pace.missing} orders never reached the carrier."] if pace.missing else [])


def table(pace: Pace) -> Table:
    """The figures beside their bars."""
    drawn = Table("From an idle hub", "Measured", "Bar", pad_edge=False)
    for what, ms, bar in pace.bars():
        drawn.add_row(f"{what} ({len(pace.roads)} orders)", f"{ms:.0f} ms", f"{bar:.0f} ms")
    return drawn

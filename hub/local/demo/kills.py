"""`hub demo --once --kills N`: orders flow while parts of the hub are killed; then every order is
counted, at the carrier and in the shop."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from hub.local.demo import oracle
from hub.local.demo.luck import Luck
from hub.local.demo.people import Resident
from hub.local.demo.town import Town
from hub.local.demo.waiting import wait_for
from hub.local.demo.witness import percentile

RATE = 50.0  # orders in a second
QUIET_WITHIN = 240.0
# smsmode repeats a callback for a day; here it must outlast a restart of the web.
RETRIES = (0.1, 0.2, 0.5, 1.0, 2.0, 4.0, 8.0, 8.0)


@dataclass(frozen=True)
class Found:
    """What was counted. `faults` are the wrongs by name, all zero when nothing is wrong;
    `stumbles` are restarts that the supervisor had to try again."""

    orders: int
    kills: Mapping[str, int]
    faults: Mapping[str, int]
    told_sent: int
    told_delivered: int
    answered_ms: tuple[float, float]
    seconds_to_quiet: float
    seed: int
    wrongs: tuple[str, ...]
    stumbles: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether each order has its one confirmation and its notes."""
        return not self.wrongs and not any(self.faults.values())


def run(
    town: Town, console: Console, kills: int, orders: int, seed: int | None, rate: float = RATE
) -> bool:
    """Place the orders, kill, wait, count, tell; True when nothing is wrong."""
    luck = random.SystemRandom().randrange(1_000_000) if seed is None else seed
    console.print(f"{orders} orders at {rate:.0f} a second, {kills} kills, seed {luck}…")
    found = put_to_test(town, console.print, kills, orders, luck, rate)
    console.print(table(found))
    for wrong in found.wrongs[:20]:
        console.print(f"✗ {wrong}", markup=False, style="red")
    for words in found.stumbles:
        console.print(f"A restart was tried again. {words}", markup=False)
    if found.is_right:
        console.print("✓ Every order has one confirmation on its phone and each result once.")
    return found.is_right


def put_to_test(
    town: Town, say: Callable[[str], None], kills: int, orders: int, seed: int, rate: float
) -> Found:
    """The same without a screen."""
    town.phones.courier.retries = RETRIES
    stop = threading.Event()
    luck = Luck(town.hub, kills, orders / rate, seed)
    killing = threading.Thread(target=luck.run, args=(stop,), name="luck", daemon=True)
    killing.start()
    placed = _place(town, orders, rate, say)
    killing.join(timeout=180)
    stop.set()
    say(f"All orders are placed; {luck.done.total()} kills are done. Waiting until all is quiet…")
    began = time.monotonic()
    wait_for(lambda: _is_settled(town, placed), QUIET_WITHIN, every=0.5)
    return _count(town, placed, luck, time.monotonic() - began)


def _place(town: Town, orders: int, rate: float, say: Callable[[str], None]) -> dict[int, str]:
    """The orders by id, each with the number of a phone of its own."""
    placed: dict[int, str] = {}
    began = time.monotonic()
    for n in range(orders):
        time.sleep(max(began + n / rate - time.monotonic(), 0))
        digits = f"{n + 1000:04}"
        phone = f"+33 6 39 98 {digits[:2]} {digits[2:]}"
        person = Resident(f"k-{n}", "Zoë", "Martin", phone, "fr")
        placed[int(town.acts.order(person).partition(":")[2])] = person.number
        if n and n % 500 == 0:
            say(f"  {n} orders are placed.")
    return placed


def _is_settled(town: Town, placed: Mapping[int, str]) -> bool:
    noted = all(town.shop.notes(order_id) for order_id in placed)
    return noted and oracle.is_quiet(town)


def _count(town: Town, placed: Mapping[int, str], luck: Luck, seconds: float) -> Found:
    messages, told = oracle.messages_of(town), oracle.told_of(town)
    on_phones = [len(town.phones.inbox(number)) for number in placed.values()]
    sent = [sum("SMS sent." in n for n in town.shop.notes(o)) for o in placed]
    delivered = [sum("SMS delivered." in n for n in town.shop.notes(o)) for o in placed]
    answers = [a.seconds * 1000 for a in town.witness.accepted()]
    faults = {
        "orders without a confirmation": sum(n == 0 for n in on_phones),
        "orders with more than one": sum(n > 1 for n in on_phones),
        "messages still uncertain": sum(m["state"] == "uncertain" for m in messages),
        "orders without the note «sent»": sum(n == 0 for n in sent),
        "orders with that note twice": sum(n > 1 for n in sent),
        "orders with «delivered» twice": sum(n > 1 for n in delivered),
    }
    wrongs = [
        *oracle.wrongs_of_messages(town.phones, messages),
        *oracle.wrongs_of_notes(town.shop, told),
    ]
    return Found(
        orders=len(placed),
        kills=Counter(luck.done),
        faults=faults,
        told_sent=sum(n > 0 for n in sent),
        told_delivered=sum(n > 0 for n in delivered),
        answered_ms=(percentile(answers, 0.5), percentile(answers, 0.99)),
        seconds_to_quiet=seconds,
        seed=luck.seed,
        wrongs=tuple(wrongs),
        stumbles=tuple(town.trouble),
    )


def table(found: Found) -> Table:
    """The count as a table."""
    drawn = Table("Counted", "", title="After the kills", pad_edge=False)
    places = ", ".join(f"{place} {n}" for place, n in sorted(found.kills.items()))
    median, worst = found.answered_ms
    drawn.add_row("orders placed", str(found.orders))
    drawn.add_row("kills", f"{sum(found.kills.values())} ({places})")
    for name, n in found.faults.items():
        drawn.add_row(name, str(n), style="red" if n else "")
    drawn.add_row("orders told «sent»", str(found.told_sent))
    drawn.add_row("orders told «delivered»", str(found.told_delivered))
    drawn.add_row("shop's deliveries answered", f"median {median:.0f} ms, p99 {worst:.0f} ms")
    drawn.add_row("quiet after the last order", f"{found.seconds_to_quiet:.0f} s")
    drawn.add_row("seed", str(found.seed))
    return drawn

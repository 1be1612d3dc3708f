"""Guard: messages that a person paused by hand, and those of an automation that suddenly sends far
more than is usual or whose messages do not arrive, wait here and say why."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import Receipt
from hub.send.bills import zone_of
from hub.send.ready import Ready
from hub.send.stops import Stop
from hub.store import spend
from hub.store.database import Row

_WEEK = 7
_FROM = 50  # messages: fewer say nothing of what is usual
_TIMES, _ARRIVING = 5, 50  # where the rules do not say
_LOOK_AGAIN = timedelta(minutes=10)
_ENDS = {"delivered": spend.ARRIVED, "read": spend.ARRIVED,
         "failed": spend.LOST, "expired": spend.LOST}  # fmt: skip


@dataclass
class Pulse:
    """How an automation does: messages sent `today`, on each of seven days before, and how many of
    today's arrived and were lost."""

    slug: str
    today: int = 0
    week: list[int] = field(default_factory=lambda: [0] * _WEEK)
    arrived: int = 0
    lost: int = 0

    def surge(self, times: int) -> bool:
        """Whether so many times the usual day are sent; a day is usual where most days of the week
        had messages, and a new automation has none."""
        usual = median(self.week)
        return 0 < usual * times <= self.today and self.today >= _FROM

    def few_arrive(self, least: int) -> bool:
        """Whether less than this percentage arrives."""
        known = self.arrived + self.lost
        return known >= _FROM and self.arrived * 100 < least * known


def keep(
    db: Connection, ready: Sequence[Ready], shops: Mapping[UUID, Row], now: datetime
) -> dict[UUID, Stop]:
    """Those that must wait, with why. Every automation's state is read at each claim, so whatever
    a person changes holds from the next claim on."""
    pulses = _pulses(db, ready, shops, now)
    stops = {}
    for one in ready:
        shop, made = shops[one.row["workspace_id"]], one.row["automation_id"]
        stop = _paused(one.row, shop, now) or _unusual(pulses.get(made), shop, now)
        if stop is not None:
            stops[one.row["id"]] = stop
        elif made in pulses:
            pulses[made].today += 1
    return stops


def note(db: Connection, moved: Iterable[tuple[Receipt, Row]], now: datetime) -> None:
    """Count what became of automations' messages. An RCS message that failed says little: an SMS
    follows it."""
    ended: dict[UUID, tuple[Row, str]] = {}
    for receipt, message in moved:
        end, known = _ENDS.get(receipt.state), _ENDS.get(message["state"])
        failing_rcs = end == spend.LOST and message["channel"] == "rcs"
        if message["automation_id"] and end and end != known and not failing_rcs:
            ended[message["id"]] = message, end
    counted = Counter((m["workspace_id"], m["automation_id"], end) for m, end in ended.values())
    spend.count_ends(
        db,
        [
            {"workspace_id": shop, "automation_id": made, "scope": end, "since": now.date(),
             "messages": n}
            for (shop, made, end), n in counted.items()
        ],
    )  # fmt: skip


def _pulses(
    db: Connection, ready: Sequence[Ready], shops: Mapping[UUID, Row], now: datetime
) -> dict[UUID, Pulse]:
    whose = {made: one.row["workspace_id"] for one in ready if (made := one.row["automation_id"])}
    if not whose:
        return {}
    days = {made: now.astimezone(zone_of(shops[shop])).date() for made, shop in whose.items()}
    found: dict[UUID, Pulse] = {}
    for line in spend.of_automations(db, list(days), min(days.values()) - timedelta(_WEEK)):
        pulse = found.setdefault(line["id"], Pulse(line["slug"]))
        _add(pulse, line, days[line["id"]], now.date())
    return found


def _add(pulse: Pulse, line: Row, today: date, counted_on: date) -> None:
    before = (today - line["since"]).days
    if line["scope"] == "automation":
        if before == 0:
            pulse.today = line["messages"]
        elif 0 < before <= _WEEK:
            pulse.week[before - 1] = line["messages"]
    elif line["since"] == counted_on:
        setattr(pulse, line["scope"], line["messages"])


def _paused(message: Row, shop: Row, now: datetime) -> Stop | None:
    paused = shop["rules"].get("paused")
    if paused != "all" and paused != message["kind"]:
        return None
    what = "all sending" if paused == "all" else "marketing"
    words = f"Waiting: {what} is paused by hand. It goes once somebody resumes it."
    return Stop("hold", "paused", words, now + _LOOK_AGAIN)


def _unusual(pulse: Pulse | None, shop: Row, now: datetime) -> Stop | None:
    if pulse is None:
        return None
    times = _whole(shop, "surge_times", _TIMES)
    least = _whole(shop, "least_arriving", _ARRIVING)
    if pulse.surge(times):
        words = (
            f"Waiting: the automation «{pulse.slug}» has sent {pulse.today} messages today, where "
            f"{median(pulse.week):.0f} are usual. Look why; it goes tomorrow, or once "
            "«surge_times» in the sending rules is raised."
        )
        return Stop("hold", "surge", words, now + _LOOK_AGAIN)
    if pulse.few_arrive(least):
        words = (
            f"Waiting: of {pulse.arrived + pulse.lost} messages of the automation «{pulse.slug}» "
            f"only {pulse.arrived} arrived today. Look why; it goes tomorrow, or once "
            "«least_arriving» in the sending rules is lowered."
        )
        return Stop("hold", "few_arrive", words, now + _LOOK_AGAIN)
    return None


def _whole(shop: Row, name: str, usual: int) -> int:
    """A rule as a number; 0 switches it off, and one that cannot be read is the usual one."""
    given: Any = shop["rules"].get(name)
    return given if isinstance(given, int) else usual

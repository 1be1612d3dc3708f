"""Bills: what a message would cost through its carrier, which lines of spending it adds to, and
the words for one that a limit keeps."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hub.send.pace import prefix_of, whole
from hub.send.ready import Ready
from hub.send.stops import Stop
from hub.store import spend
from hub.store.database import Row
from hub.store.prices import amount_of
from hub.store.spend import Line, Stood

_LOOK_AGAIN = timedelta(minutes=10)  # money that was reserved may be free again


_NOTHING = Stood(0, 0)


@dataclass
class Purse:
    """A line of spending with the limits it is held against (micros, messages; None and 0 where
    there is none), and what is on it: `stood` at first, and what was added since."""

    line: Line
    cap: int | None
    most: int
    stood: Stood = _NOTHING
    micros: int = 0
    messages: int = 0

    @property
    def limited(self) -> bool:
        """Whether anything can be too much for it."""
        return self.cap is not None or self.most > 0


@dataclass(frozen=True)
class Bill:
    """What one message would cost, and the purses that pay it; `micros` None where no price is
    known."""

    ready: Ready
    currency: str
    micros: int | None
    day: date
    zone: ZoneInfo
    keys: tuple[str, ...]
    purses: Sequence[Purse]

    @property
    def cost(self) -> int:
        """In micros; a message without a price is counted, and costs nothing."""
        return self.micros or 0

    @property
    def country(self) -> str:
        """Where it goes."""
        country: str = self.ready.row["to"].country
        return country

    def entry(self) -> dict[str, Any]:
        """Its line of the ledger."""
        row = self.ready.row
        return {
            "message_id": row["id"],
            "n": row["tries"] + 1,
            "workspace_id": row["workspace_id"],
            "connection_id": self.ready.route.row["id"],
            "automation_id": row["automation_id"],
            "channel": self.ready.channel,
            "country": self.country,
            "parts": self.ready.parts,
            "micros": self.cost,
            "currency": self.currency,
            "keys": self.keys,
            "day": self.day,
        }


@dataclass(frozen=True)
class Till:
    """Where one workspace's messages are paid: its purses, each made once for all messages that
    count there."""

    shop: Row
    zone: ZoneInfo
    day: date
    purses: dict[Line, Purse] = field(default_factory=dict)
    _paid_from: dict[str, tuple[Purse, ...]] = field(default_factory=dict)

    def bill(self, ready: Ready, slug: str) -> Bill:
        """What it would cost; `shop` is as houses keeps it, the route as carriers does."""
        to, channel, currency = ready.row["to"], ready.channel, self.shop["currency"]
        prices = ready.route.row["prices"]
        price = prices.get((channel, to.country)) or prices.get((channel, ""))
        micros = _micros(price, units(channel, ready.parts), currency)
        keys = _keys(slug, to.country, to.e164)
        purses = [purse for key in keys for purse in self._paid_from.get(key) or self._made(key)]
        return Bill(ready, currency, micros, self.day, self.zone, keys, purses)

    def _made(self, key: str) -> tuple[Purse, ...]:
        """The purses of one key, whatever other keys a message has."""
        lines = spend.lines_of(self.shop["id"], (key,), self.day)
        made = {line: self._new(line) for line in lines}
        self.purses.update(made)
        return self._paid_from.setdefault(key, tuple(made.values()))

    def _new(self, line: Line) -> Purse:
        limits = self.shop["limits"]
        own = limits.get((line.scope, line.key, line.period))
        cap = own if own is not None else limits.get((line.scope, "", line.period))
        rule = f"messages_per_{line.period}"
        most = whole(self.shop["rules"].get(rule)) if line.scope == "workspace" else 0
        return Purse(line, cap, most)


def till_of(shop: Row, now: datetime) -> Till:
    """A workspace's till today."""
    zone = zone_of(shop)
    return Till(shop, zone, now.astimezone(zone).date())


def units(channel: str, parts: int) -> int:
    """What is paid for: each segment of an SMS, an RCS message as one."""
    return 1 if channel == "rcs" else parts


def _micros(price: tuple[int, str] | None, paid: int, currency: str) -> int | None:
    """None for a price in another currency too: there is no rate to hold it against a limit."""
    return price[0] * paid if price is not None and price[1] == currency else None


def _keys(slug: str, country: str, e164: str) -> tuple[str, ...]:
    made = (f"automation:{slug}",) if slug else ()
    where = (f"country:{country}",) if country else ()
    return "workspace:", *made, *where, f"prefix:{prefix_of(e164)}"


def zone_of(shop: Row) -> ZoneInfo:
    """Where a workspace's days begin; UTC where its zone is none."""
    try:
        return ZoneInfo(shop["zone"])
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def stop_of(bill: Bill, now: datetime) -> Stop | None:
    """What a limit says to a message while so much is spent; None lets it go. A limit without a
    price to hold against it lets nothing go."""
    for purse in bill.purses:
        if purse.most and purse.stood.messages + purse.messages >= purse.most:
            return _enough(bill, purse.line, purse.most, now)
        if purse.cap is None:
            continue
        if bill.micros is None:
            return _no_price(bill, now)
        spent = purse.stood.micros + purse.micros
        if spent + bill.micros > purse.cap:
            return _capped(bill, purse.line, purse.cap, spent, now)
    return None


def _no_price(bill: Bill, now: datetime) -> Stop:
    where = f" to {bill.country}" if bill.country else ""
    words = (
        f"Waiting: spending is limited, and no price in {bill.currency} is known for "
        f"{bill.ready.channel.upper()}{where} through {bill.ready.route.name}. Enter the price."
    )
    return Stop("hold", "no_price", words, now + _LOOK_AGAIN)


_OF = {
    "workspace": "all messages",
    "automation": "the automation «{}»",
    "country": "messages to {}",
    "prefix": "messages to +{}…",
}


def _capped(bill: Bill, line: Line, cap: int, spent: int, now: datetime) -> Stop:
    whose = _OF[line.scope].format(line.key)
    when = "today" if line.period == "day" else "this month"
    words = (
        f"Waiting: {whose} may cost {amount_of(cap)} {bill.currency} {when}, of which "
        f"{amount_of(spent)} is spent, and this one costs {amount_of(bill.cost)}. It goes when "
        f"the next {line.period} begins, or when the limit is raised."
    )
    return Stop("hold", "spend_cap", words, min(_next(line, bill.zone), now + _LOOK_AGAIN))


def _enough(bill: Bill, line: Line, most: int, now: datetime) -> Stop:
    words = (
        f"Waiting: the sending rules allow {most} messages a {line.period}, and so many have been "
        f"sent. It goes when the next {line.period} begins, or when the limit is raised."
    )
    return Stop("hold", "message_cap", words, min(_next(line, bill.zone), now + _LOOK_AGAIN))


def _next(line: Line, zone: ZoneInfo) -> datetime:
    """When the period after this one begins, where the workspace is."""
    first = line.since + timedelta(days=1)
    if line.period == "month":
        first = (line.since + timedelta(days=31)).replace(day=1)
    return datetime.combine(first, time.min, zone).astimezone(UTC)

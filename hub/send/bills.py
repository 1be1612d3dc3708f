"""Bills: what a message would cost through its carrier, which lines of spending it adds to, and
the words for one that a limit keeps."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Connection

from hub.send.pace import prefix_of, whole
from hub.send.ready import Ready
from hub.send.stops import Stop
from hub.store import automations, prices, spend
from hub.store.database import Row
from hub.store.prices import amount_of
from hub.store.spend import Cap, Line, Stood

_LOOK_AGAIN = timedelta(minutes=10)  # money that was reserved may be free again


@dataclass(frozen=True)
class Bill:
    """What one message would cost, and where that is added; `micros` None where no price is
    known. `most` messages a day and a month may leave the workspace, 0 for no limit."""

    ready: Ready
    channel: str
    country: str
    currency: str
    micros: int | None
    day: date
    zone: ZoneInfo
    keys: tuple[str, ...]
    lines: tuple[Line, ...]
    most: Mapping[str, int]

    @property
    def cost(self) -> int:
        """In micros; a message without a price is counted, and costs nothing."""
        return self.micros or 0

    def entry(self) -> dict[str, Any]:
        """Its line of the ledger."""
        row = self.ready.row
        return {
            "message_id": row["id"],
            "n": row["tries"] + 1,
            "workspace_id": row["workspace_id"],
            "connection_id": self.ready.route.row["id"],
            "automation_id": row["automation_id"],
            "channel": self.channel,
            "country": self.country,
            "parts": self.ready.parts,
            "micros": self.cost,
            "currency": self.currency,
            "keys": list(self.keys),
            "day": self.day,
        }


def bills_of(
    db: Connection, ready: Sequence[Ready], shops: Mapping[UUID, Row], now: datetime
) -> Iterator[Bill]:
    """One for each, in their order, from two queries."""
    known = prices.of_connections(db, [r.route.row["id"] for r in ready])
    named = automations.by_ids(db, [i for r in ready if (i := r.row["automation_id"])])
    slugs = {id: row["slug"] for id, row in named.items()}
    today = {id: _today(shop, now) for id, shop in shops.items()}
    most = {id: _most(shop) for id, shop in shops.items()}
    for one in ready:
        shop, row, channel = shops[one.row["workspace_id"]], one.row, one.channel
        country, carrier = row["to"].country, one.route.row["id"]
        price = known.get((carrier, channel, country)) or known.get((carrier, channel, ""))
        keys = tuple(_keys(slugs.get(row["automation_id"], ""), country, row["to"].e164))
        zone, day = today[shop["id"]]
        yield Bill(
            ready=one,
            channel=channel,
            country=country,
            currency=shop["currency"],
            micros=_micros(price, units(channel, one.parts), shop["currency"]),
            day=day,
            zone=zone,
            keys=keys,
            lines=spend.lines_of(shop["id"], keys, day),
            most=most[shop["id"]],
        )


def _today(shop: Row, now: datetime) -> tuple[ZoneInfo, date]:
    zone = zone_of(shop)
    return zone, now.astimezone(zone).date()


def _most(shop: Row) -> Mapping[str, int]:
    """The most messages a day and a month; 0 where there is no limit."""
    return {p: whole(shop["rules"].get(f"messages_per_{p}")) for p in ("day", "month")}


def units(channel: str, parts: int) -> int:
    """What is paid for: each segment of an SMS, an RCS message as one."""
    return 1 if channel == "rcs" else parts


def _micros(price: tuple[int, str] | None, paid: int, currency: str) -> int | None:
    """None for a price in another currency too: there is no rate to hold it against a limit."""
    return price[0] * paid if price is not None and price[1] == currency else None


def _keys(slug: str, country: str, e164: str) -> Iterator[str]:
    yield "workspace:"
    if slug:
        yield f"automation:{slug}"
    if country:
        yield f"country:{country}"
    yield f"prefix:{prefix_of(e164)}"


def zone_of(shop: Row) -> ZoneInfo:
    """Where a workspace's days begin; UTC where its zone is none."""
    try:
        return ZoneInfo(shop["zone"])
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def stop_of(
    bill: Bill, caps: Mapping[Cap, int], stood: Mapping[Line, Stood], now: datetime
) -> Stop | None:
    """What a limit says to a message while so much is spent; None lets it go. A limit without a
    price to hold against it lets nothing go."""
    for line in bill.lines:
        most = bill.most[line.period] if line.scope == "workspace" else 0
        if most and stood[line].messages >= most:
            return _enough(bill, line, most, now)
        cap = _cap(line, caps)
        if cap is None:
            continue
        if bill.micros is None:
            return _no_price(bill, now)
        if stood[line].micros + bill.micros > cap:
            return _capped(bill, line, cap, stood[line].micros, now)
    return None


def _cap(line: Line, caps: Mapping[Cap, int]) -> int | None:
    own = caps.get((line.workspace_id, line.scope, line.key, line.period))
    return own if own is not None else caps.get((line.workspace_id, line.scope, "", line.period))


def _no_price(bill: Bill, now: datetime) -> Stop:
    where = f" to {bill.country}" if bill.country else ""
    words = (
        f"Waiting: spending is limited, and no price in {bill.currency} is known for "
        f"{bill.channel.upper()}{where} through {bill.ready.route.name}. Enter the price."
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

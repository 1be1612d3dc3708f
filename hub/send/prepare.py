"""Prepare: what was claimed is judged once more, given a carrier and a channel, written, and its
price set aside. All in the claim's own transaction; nothing here calls anybody."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection

from hub import crash
from hub.compose.faults import RenderError, TemplateError
from hub.send import codes, guard, spending
from hub.send.links import Links, base_of
from hub.send.ready import Judgement, Ready, change
from hub.send.repeats import repeated
from hub.send.routing import Route, Routing, routings
from hub.send.stops import Stop
from hub.send.writing import Desk, NotWritten, write, write_rich
from hub.store import houses, links, postbacks, reach, sending, templates
from hub.store.database import Row
from hub.store.ground import Ground

Judge = Callable[[Connection, Sequence[Row], datetime], Mapping[UUID, Judgement]]

SMS, RCS = "sms", "rcs"
_ERASED = Stop("skip", "erased", "Not sent: the person's number was erased.")
# While a carrier is asked what a phone can do; sooner where it answers.
_ASKING = timedelta(seconds=30)
_LATER = timedelta(hours=1)
# No way by RCS at all is no reason to wait: the SMS goes.
_NO_WAY = ("no_carrier", "all_circuits_open")


@dataclass
class Prepared:
    """What goes now, and whose phones a carrier must first be asked about; the merchants by id."""

    shops: Mapping[UUID, Row]
    ready: list[Ready] = field(default_factory=list)
    asked: list[tuple[Route, Row]] = field(default_factory=list)


@dataclass(frozen=True)
class Batch:
    """What one batch of claimed messages needs to know, read in one query per noun."""

    ground: Ground
    now: datetime
    shops: Mapping[UUID, Row]
    routing: Mapping[UUID, Routing]
    templates: Mapping[tuple[UUID, int], Row]
    codes: Mapping[UUID, Mapping[str, Any] | Stop]

    def template(self, message: Row) -> Row:
        """The version that was pinned when the message was planned."""
        return self.templates[message["template_id"], message["template_version"]]

    def choose(self, message: Row, channel: str) -> Route | Stop:
        """Who carries it by this channel."""
        return self.routing[message["workspace_id"]].choose(message, channel, self.now)

    def desk(self, message: Row, channel: str) -> Desk:
        """What the message is written with."""
        shop, template = self.shops[message["workspace_id"]], self.template(message)
        base = base_of(shop, self.ground.settings.address)
        made = self.codes.get(message["id"], {})
        kept = Links(message, template, shop, base, self.now, channel)
        return Desk(message, template, shop, kept, {} if isinstance(made, Stop) else made)


def prepare(
    ground: Ground, db: Connection, due: Sequence[Row], judge: Judge, owner: int, now: datetime
) -> Prepared:
    """Make ready what may go, and write down why the rest does not."""
    verdicts = judge(db, due, now)
    judged = [(m, verdicts[m["id"]]) for m in due]
    going = [m for m, verdict in judged if verdict.action == "send"]
    stopped = [(m, verdict) for m, verdict in judged if verdict.action != "send"]
    batch = _read(ground, db, due, going, now)
    made = Prepared(batch.shops)
    ready: list[Ready] = []
    for message, found in _written(db, batch, going, made):
        if isinstance(found, Ready):
            ready.append(found)
        else:
            stopped.append((message, found))
    for keep_back in (guard.keep, repeated, spending.reserve):
        kept = keep_back(db, ready, batch.shops, now)
        if not kept:
            continue
        stopped += [(one.row, kept[one.row["id"]]) for one in ready if one.row["id"] in kept]
        ready = [one for one in ready if one.row["id"] not in kept]
    sending.set_states(db, [change(message, verdict) for message, verdict in stopped], now)
    crash.at("C10")
    _start(ground, db, ready, owner, now)
    made.ready = ready
    crash.at("C12")
    return made


def _read(
    ground: Ground, db: Connection, due: Sequence[Row], going: Sequence[Row], now: datetime
) -> Batch:
    shops = houses.by_ids(db, [m["workspace_id"] for m in due])
    wanted = templates.lasting(db, [(m["template_id"], m["template_version"]) for m in due])
    return Batch(
        ground=ground,
        now=now,
        shops=shops,
        routing=routings(ground, db, shops),
        templates=wanted,
        codes=codes.codes_for(ground, db, going, wanted, shops, now),
    )


def _start(
    ground: Ground, db: Connection, ready: Sequence[Ready], owner: int, now: datetime
) -> None:
    until = now + timedelta(seconds=ground.settings.lease)
    sending.start_sending(db, [one.started(now) for one in ready], owner, now, until)
    links.add_all(db, [row for one in ready for row in one.written.links])
    postbacks.add_all(db, [row for one in ready for row in one.written.postbacks])


def _written(
    db: Connection, batch: Batch, going: Sequence[Row], made: Prepared
) -> list[tuple[Row, Ready | Judgement]]:
    found: list[tuple[Row, Ready | Judgement]] = []
    rich: list[tuple[Row, Route]] = []
    for message in going:
        if message["to"] is None:
            found.append((message, _ERASED))
            continue
        waits = batch.codes.get(message["id"])
        way = batch.choose(message, RCS) if message["channel"] == RCS else None
        if isinstance(waits, Stop):
            found.append((message, waits))
        elif isinstance(way, Route):
            rich.append((message, way))
        elif isinstance(way, Stop) and (message["pinned"] or way.reason not in _NO_WAY):
            found.append((message, way))
        else:
            found.append((message, _sms(batch, message)))
    known = reach.known(db, [(way.row["id"], m["phone"]) for m, way in rich], batch.now)
    for message, way in rich:
        found.append((message, _rich(batch, message, way, known, made)))
    return found


def _rich(
    batch: Batch,
    message: Row,
    route: Route,
    known: Mapping[tuple[UUID, str], bool | None],
    made: Prepared,
) -> Ready | Judgement:
    """RCS where the phone can show it; the SMS where it is known that it cannot, or where there is
    nothing to show. One that is given again in doubt stays RCS: the phone may have it."""
    phone, again = (route.row["id"], message["phone"]), message["pinned"]
    if known.get(phone) is False and not again:
        return _sms(batch, message)
    if phone not in known and route.carrier.reach is not None and not again:
        made.asked.append((route, message))
        words = "Asking the carrier whether this phone has RCS."
        return Stop("hold", "reach", words, batch.now + _ASKING)
    text = write_rich(batch.desk(message, RCS))
    if isinstance(text, NotWritten):
        later = Stop("hold", text.reason, f"Waiting: {text.sentence}", batch.now + _LATER)
        return later if again else _sms(batch, message)
    lives = timedelta(minutes=batch.template(message)["ttl_minutes"])
    return Ready(message, route, RCS, text, "", lives)


def _sms(batch: Batch, message: Row) -> Ready | Judgement:
    route = batch.choose(message, SMS)
    if isinstance(route, Stop):
        return route
    desk = batch.desk(message, SMS)
    text = write(desk, route.carrier.appends_stop)
    if isinstance(text, NotWritten):
        return Stop("skip", text.reason, text.sentence)
    try:
        sender = desk.sender()
    except (RenderError, TemplateError) as error:
        return Stop("skip", "no_sender", f"Not sent: {error}")
    return Ready(message, route, SMS, text, sender)

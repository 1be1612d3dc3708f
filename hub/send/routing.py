"""Which carrier takes a message: by the workspace's routes, their weights and how each has done
lately; another one only where the last is proven not to have taken it."""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from hub.contract import Carrier
from hub.send.stops import Stop
from hub.store import carriers, houses, spend
from hub.store.database import Row
from hub.store.ground import Ground

TRICKLE = 5  # messages of one claim that a carrier on trial is given
_OURS = frozenset({"paced", "given_back", "prefix_paced", *spend.KEPT_FOR})


@dataclass(frozen=True)
class Route:
    """A carrier connection and the code that speaks to it."""

    row: Row
    carrier: Carrier

    def paused(self, now: datetime) -> bool:
        """Whether the carrier asked us to wait, or cannot take anything now."""
        return bool(self.row["paused_until"] and self.row["paused_until"] > now)

    def carries(self, channel: str) -> bool:
        """Whether this connection is set up for the channel."""
        return channel in self.carrier.channels_of(self.row["settings"])

    @property
    def name(self) -> str:
        """As a person knows it."""
        return str(self.row["label"] or self.row["connector"])


Weighted = tuple[Route, float]
Step = Sequence[Weighted]  # the carriers of one position


@dataclass(frozen=True)
class Routing:
    """One workspace's carriers, their order per (channel, country) where it is set, their marks.

    Made for one claim: `given` counts what carriers on trial were given in it.
    """

    carriers: Sequence[Route] = ()
    order: Mapping[tuple[str, str], Sequence[Row]] = field(default_factory=dict)
    marks: Mapping[tuple[UUID, str], Row] = field(default_factory=dict)
    given: dict[tuple[UUID, str], int] = field(default_factory=dict)
    _known: dict[tuple[str, str], list[Step]] = field(default_factory=dict)

    def carries(self, channel: str) -> bool:
        """Whether any carrier of this workspace is set up for the channel."""
        return any(route.carries(channel) for route in self.carriers)

    def choose(self, message: Row, channel: str, now: datetime) -> Route | Stop:
        """The carrier for a message, the same again while nothing has changed; or why none."""
        steps = (
            self._pinned(message, channel)
            if message["pinned"]
            else self._steps(channel, message["to"].country)
        )
        if not any(steps):
            return _no_carrier(channel, now, pinned=bool(message["pinned"]))
        free = [[(r, w) for r, w in step if self._takes(r, channel, now)] for step in steps]
        for step in (*_others(free, _refused_by(message)), *free):
            if step:
                return self._given(_draw(message["id"], step), channel)
        return self._all_closed([r for step in steps for r, _ in step], channel, now)

    def _pinned(self, message: Row, channel: str) -> list[Step]:
        held_to = [r for r in self.carriers if r.row["id"] == message["carrier_id"]]
        return [[(route, 1.0)] for route in held_to if route.carries(channel)]

    def _steps(self, channel: str, country: str) -> list[Step]:
        place = (channel, country)
        return self._known.get(place) or self._known.setdefault(place, self._ordered(*place))

    def _ordered(self, channel: str, country: str) -> list[Step]:
        lines = self.order.get((channel, country)) or self.order.get((channel, ""))
        able = {r.row["id"]: r for r in self.carriers if r.carries(channel)}
        if lines is None:
            return [[(route, 1.0)] for route in able.values()]
        steps: dict[int, list[Weighted]] = {}
        for line in lines:
            route, weight = able.get(line["connection_id"]), float(line["weight"])
            if route is not None and weight > 0:
                share = self._share(line["connection_id"], channel)
                steps.setdefault(line["position"], []).append((route, weight * share))
        return [steps[position] for position in sorted(steps)]

    def _share(self, connection_id: UUID, channel: str) -> float:
        mark = self.marks.get((connection_id, channel))
        return float(mark["share"]) if mark is not None else 1.0

    def _takes(self, route: Route, channel: str, now: datetime) -> bool:
        """Not while it is paused or its circuit open; on trial, only a few."""
        if route.paused(now):
            return False
        until = self._open_until(route, channel)
        if until is None:
            return True
        return until <= now and self.given.get((route.row["id"], channel), 0) < TRICKLE

    def _open_until(self, route: Route, channel: str) -> datetime | None:
        mark = self.marks.get((route.row["id"], channel))
        return mark["open_until"] if mark is not None else None

    def _given(self, route: Route, channel: str) -> Route:
        if self._open_until(route, channel) is not None:
            key = (route.row["id"], channel)
            self.given[key] = self.given.get(key, 0) + 1
        return route

    def _all_closed(self, able: Sequence[Route], channel: str, now: datetime) -> Stop:
        first = min(able, key=lambda route: self._free_at(route, channel, now))
        due_at = self._free_at(first, channel, now)
        if first.paused(now):
            words = f"Waiting: {first.row['problem'] or 'the carrier asked us to slow down.'}"
            return Stop("hold", "carrier_paused", words, due_at)
        names = " and ".join(dict.fromkeys(route.name for route in able))
        words = f"Waiting: {names} failed several times in a row. It is tried again by itself."
        due_at = max(due_at, now + timedelta(seconds=2))
        return Stop("hold", "all_circuits_open", words, due_at)

    def _free_at(self, route: Route, channel: str, now: datetime) -> datetime:
        until = self._open_until(route, channel)
        return max(now, route.row["paused_until"] or now, until or now)


def routes_of(
    ground: Ground, db: Connection, workspace_ids: Iterable[UUID]
) -> Mapping[UUID, Routing]:
    """Each of these workspaces' carriers and how they are chosen."""
    return routings(ground, db, houses.by_ids(db, workspace_ids))


def routings(ground: Ground, db: Connection, shops: Mapping[UUID, Row]) -> Mapping[UUID, Routing]:
    """The same of workspaces as houses keeps them, in one query."""
    slugs = [slug for slug, c in ground.connectors.items() if c.carrier is not None]
    found: dict[UUID, list[Route]] = {id: [] for id in shops}
    marks: dict[tuple[UUID, str], Row] = {}
    for row in carriers.of_workspaces(db, shops, slugs):
        carrier = ground.connectors[row["connector"]].carrier
        if carrier is not None:
            found[row["workspace_id"]].append(Route(row, carrier))
            marks.update({(row["id"], c): mark for c, mark in row["marks"].items()})
    return {id: Routing(found[id], shop["routes"], marks) for id, shop in shops.items()}


def _refused_by(message: Row) -> UUID | None:
    """The carrier that this message was given to before: whatever waits again is proven not
    taken by it. What the hub itself held back is no carrier's fault."""
    if not message["tries"] or message["reason"] in _OURS:
        return None
    return UUID(str(message["carrier_id"])) if message["carrier_id"] else None


def _others(steps: Sequence[Step], refused_by: UUID | None) -> Sequence[Step]:
    """The same without the carrier that refused it; nothing to look at first where none did."""
    if refused_by is None:
        return ()
    return [[(r, w) for r, w in step if r.row["id"] != refused_by] for step in steps]


def _draw(message_id: UUID, step: Step) -> Route:
    """One of these by weight, always the same for a message: without one of them, only its own
    messages go elsewhere (weighted rendezvous hashing)."""
    if len(step) == 1:
        return step[0][0]
    return max(step, key=lambda w: _score(message_id, w[0].row["id"], w[1]))[0]


def _score(message_id: UUID, connection_id: UUID, weight: float) -> float:
    digest = hashlib.blake2b(message_id.bytes + connection_id.bytes, digest_size=8).digest()
    luck = (int.from_bytes(digest) + 0.5) / 2**64
    return -weight / math.log(luck) if luck < 1 else math.inf


def _no_carrier(channel: str, now: datetime, *, pinned: bool) -> Stop:
    words = f"Waiting: no carrier for {channel.upper()} is connected. Connect one, and it will go."
    if pinned:
        words = "Waiting: it may only go through the carrier that first had it. Connect it again."
    return Stop("hold", "no_carrier", words, now + timedelta(minutes=1))

"""What the sandbox shows: the phone, what came back, what waits, the last roads, and the time."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import g

from hub.connections import sandbox
from hub.contract.rich import rich_of
from hub.report.road import Road, roads_of
from hub.store import numbers, sandboxes, workspaces
from hub.store.database import Row
from hub.web.pages.sandbox import words
from hub.web.pages.visits import Visit

_LINK = re.compile(r"https?://[^\s/]+/l/[0-9A-Za-z]{10}")
_ROADS = 6
_WAITING = 5


@dataclass(frozen=True)
class Asked:
    """Whose phone, which system, which road: what the address says."""

    person: str
    system: str
    road: str = ""

    def address(self, path: str = "/sandbox", **changes: str) -> str:
        """This view's address, with changes."""
        values = {"person": self.person, "system": self.system, **changes}
        return f"{path}?{urlencode({n: v for n, v in values.items() if v})}"


def asked(visit: Visit) -> Asked:
    """Read from the address or the form."""
    given = {**visit.args, **visit.form}
    system = given.get("system", "")
    return Asked(
        given.get("person", "lea")[:20],
        system if system in words.SYSTEMS else "shop",
        given.get("road", "")[:36],
    )


@dataclass(frozen=True)
class Sight:
    """Everything there is to see; without a `town` the reason stands in `problem`."""

    asked: Asked
    shop: Row
    now: datetime
    town: Mapping[str, Any] | None = None
    problem: str = ""
    roads: tuple[Road, ...] = ()
    road: Road | None = None
    waiting: tuple[Row, ...] = ()
    bubbles: tuple[Mapping[str, Any], ...] = ()
    part: Mapping[str, Any] = field(default_factory=dict)
    person: Mapping[str, Any] = field(default_factory=dict)

    @property
    def link(self) -> str:
        """The short link in the newest message; empty where there is none."""
        newest = "".join(next((b["parts"] for b in self.bubbles[::-1] if not b["mine"]), ()))
        found = _LINK.search(newest)
        return found[0] if found else ""

    @property
    def is_any_hour(self) -> bool:
        """Whether it sends at any hour."""
        return bool(self.shop["sending_window"] == sandboxes.ANY_HOUR)

    @property
    def is_ahead(self) -> bool:
        """Whether its clock was moved."""
        return bool(self.shop["clock_ahead"] > timedelta(0))


def see(visit: Visit) -> Sight:
    """Look at it."""
    what = asked(visit)
    with visit.begin() as db:
        shop = workspaces.get(db, visit.workspace_id)
    if shop is None:
        raise LookupError(visit.workspace_id)
    try:
        told = {"person": what.person, "part": what.system}
        town = sandbox.ask(visit.ground, visit.workspace_id, "state", told)
    except (sandbox.Away, sandbox.Refused) as why:
        return Sight(what, shop, visit.ground.clock(), problem=str(why))
    g.now = now = datetime.fromisoformat(town["now"])
    roads, waits = _roads(visit, what, now)
    return Sight(
        asked=what,
        shop=shop,
        now=now,
        town=town,
        roads=roads,
        road=next((one for one in roads if str(one.id) == what.road), next(iter(roads), None)),
        waiting=waits,
        bubbles=tuple(_bubble(one) for one in town["bubbles"]),
        part=next(one for one in town["parts"] if one["part"] == what.system),
        person=next(one for one in town["people"] if one["slug"] == town["person"]),
    )


def _roads(visit: Visit, what: Asked, now: datetime) -> tuple[tuple[Road, ...], tuple[Row, ...]]:
    with visit.begin() as db:
        ids = sandboxes.lately(db, visit.workspace_id, _ROADS)
        found = [r for one in ids for r in roads_of(db, one, visit.workspace_id, now=now)]
        told = tuple(r.shown(partial(numbers.shown, db, visit.ground.vault)) for r in found)
        waits = tuple(sandboxes.waiting(db, visit.workspace_id, _WAITING))
    return told, waits


def _bubble(one: Mapping[str, Any]) -> Mapping[str, Any]:
    rich = rich_of(one["rich"]) if one["rich"] else None
    return {**one, "at": datetime.fromisoformat(one["at"]), "rich": rich}


def values(visit: Visit, said: str = "") -> dict[str, Any]:
    """What the templates are given."""
    sight = see(visit)
    return {
        "here": "/sandbox",
        "sight": sight,
        "town": sight.town,
        "asked": sight.asked,
        "note": said,
        "systems": words.SYSTEMS,
        "acts": words.ACTS,
        "answers": words.ANSWERS,
        "luck": words.LUCK,
        "stands": words.STANDS,
        "clock_steps": words.CLOCK,
        "blocks": words.BLOCKS,
        "can_play": visit.may("write"),
    }

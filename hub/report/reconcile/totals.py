"""Totals: what a carrier says it took yesterday, and what it says that cost, against our own
figures. More than one in a thousand apart is for a person."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hub.contract import ConnectorError, Counted
from hub.report.reconcile.check import Check, Finding
from hub.report.reconcile.grouping import by_workspace
from hub.store import health, tallies
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

MOST = Decimal("0.001")
_SHOWN_FOR = timedelta(days=3)


def look(ground: Ground) -> Sequence[Finding]:
    """Ask each carrier that can tell about yesterday, once; the days that do not agree."""
    today = ground.clock().date()
    _ask_all(ground, today - timedelta(days=1))
    with ground.database.begin() as db:
        apart = [one for one in tallies.since(db, today - _SHOWN_FOR) if drifts(dict(one))]
    return by_workspace(apart, lambda group: " ".join(_words(dict(one)) for one in group))


def drift(ours: Decimal, theirs: Decimal, edge: Decimal = Decimal(0)) -> Decimal:
    """How far apart, as a share of the larger; what may belong to the next day does not count."""
    apart = max(abs(ours - theirs) - edge, Decimal(0))
    return apart / max(ours, theirs, Decimal(1))


def drifts(tally: Mapping[str, Any]) -> bool:
    """Whether a day's figures are too far apart."""
    ours, theirs = Decimal(tally["ours"]), Decimal(tally["theirs"])
    edge = Decimal(tally["edge"])
    if drift(ours, theirs, edge) > MOST:
        return True
    if tally["their_cost"] is None or not tally["our_cost"]:
        return False
    each = tally["our_cost"] / max(ours, Decimal(1))
    return drift(tally["our_cost"], tally["their_cost"], edge * each) > MOST


def _ask_all(ground: Ground, day: date) -> None:
    able = [s for s, c in ground.connectors.items() if c.carrier and c.carrier.counted]
    with ground.database.begin() as db:
        waiting = tallies.missing(db, able, day) if able else []
    for connection in waiting:
        try:
            _ask(ground, connection, day)
        except ConnectorError as error:
            log.warning("totals.not_asked", extra={"carrier": connection["id"], "why": error.words})
        except Exception:  # one connector's mistake holds up no other
            log.exception("totals.failed", extra={"carrier": connection["id"]})


def _ask(ground: Ground, connection: Row, day: date) -> None:
    carrier = ground.connectors[connection["connector"]].carrier
    counted = carrier.counted if carrier else None
    told = ground.call(connection, lambda ctx: counted(ctx, day)) if counted else None
    if told is None:
        return
    with ground.database.begin() as db:
        mine = tallies.ours(db, connection["id"], day)
        tally = {
            "connection_id": connection["id"],
            "workspace_id": connection["workspace_id"],
            "day": day,
            "theirs": told.messages,
            "ours": mine["messages"],
            "edge": mine["edge"],
            "our_cost": mine["cost"],
            "their_cost": _cost(told, mine),
        }
        tallies.keep(db, tally, ground.clock())
        if drifts(tally):
            health.note(db, connection["id"], _words({**tally, "connector": "The carrier"}))


def _cost(told: Counted, mine: Row) -> Decimal | None:
    same = told.cost is not None and told.cost.currency == mine["currency"]
    return told.cost.amount if told.cost is not None and same else None


def _words(tally: Mapping[str, Any]) -> str:
    return (
        f"On {tally['day']}, {tally['connector']} counted {tally['theirs']} messages, the hub "
        f"{tally['ours']}."
    )


CHECK = Check(
    "totals",
    "Carriers count what the hub counts.",
    "Compare the day in the carrier's own reports; another system may use the account.",
    timedelta(hours=6),
    look,
)

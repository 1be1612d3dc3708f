"""Reachable: a carrier is asked which phones have RCS, many at once and with no transaction open;
its answer is kept with its date."""

import logging
from collections.abc import Sequence
from uuid import UUID

from hub.contract import ConnectorError, Phone
from hub.send.routing import Route
from hub.store import held, reach
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)


def ask_reach(ground: Ground, asked: Sequence[tuple[Route, Row]]) -> int:
    """Ask about the phones of these held messages and let them go on; how many were asked about.

    A carrier that cannot say is no reason to wait: the message goes by RCS, and its receipt tells.
    """
    by_route: dict[UUID, tuple[Route, list[Row]]] = {}
    for route, message in asked:
        by_route.setdefault(route.row["id"], (route, []))[1].append(message)
    for route, waiting in by_route.values():
        phones = {m["phone"]: m["to"] for m in waiting}
        told = _ask(ground, route, list(phones.values()))
        now = ground.clock()
        with ground.database.begin() as db:
            kept = [
                {
                    "workspace_id": route.row["workspace_id"],
                    "connection_id": route.row["id"],
                    "phone": token,
                    "able": able,
                    "how": "asked",
                }
                for token, able in zip(phones, told, strict=True)
            ]
            reach.learn(db, kept, now)
            held.release(db, [m["id"] for m in waiting], "reach", now)
    return len(asked)


def _ask(ground: Ground, route: Route, phones: Sequence[Phone]) -> Sequence[bool | None]:
    question = route.carrier.reach
    unsure: list[bool | None] = [None] * len(phones)
    if question is None:
        return unsure
    try:
        told = list(ground.call(route.row, lambda ctx: question(ctx, phones)))
    except ConnectorError as error:
        log.warning("reach.not_asked", extra={"carrier": route.row["id"], "why": error.words})
        return unsure
    except Exception:
        log.exception("reach.failed", extra={"carrier": route.row["id"]})
        return unsure
    return told if len(told) == len(phones) else unsure

"""Foresee: a changed automation or template, over the last days' real events or messages, beside
what is published now. Nothing is written, and nobody is called."""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from hub.automations.document import parse
from hub.automations.foreseeing.comparing import About, Differences, Sides, Sight, Tally, compare
from hub.automations.foreseeing.foreseen import Foreseen
from hub.automations.foreseeing.texts import Said, Writer
from hub.automations.foreseeing.week import Span, Walked, base_of, reading, shop_of, week_of
from hub.store import past, prices, templates
from hub.store.database import Row
from hub.store.ground import Ground
from hub.store.messages import WAITING


def foresee_automation(
    ground: Ground,
    workspace_id: UUID,
    slug: str,
    document: Mapping[str, Any],
    *,
    now: datetime,
    days: int = 7,
    most: int = 10_000,
    seconds: float = 12.0,
) -> Foreseen:
    """What this document would have done beside the published one, both as if they had run all the
    while; one that is not switched on sends nothing, one that is tested sends to testers. Of more
    than `most` events the newest are looked at. Raises DocumentError for a document that cannot be
    read."""
    changed, began = parse(document), time.perf_counter()
    span = Span(now - timedelta(days=days), now, most, seconds)
    with reading(ground, workspace_id) as db:
        week = week_of(ground, db, workspace_id, slug, changed, span)
        walked = week.walk(db, span)
        waiting = [run.finish(walked.until) if run else 0 for run in (week.before, week.after)]
        sides = compare(week.before, week.after, prices.prices_of(db, workspace_id))
    return _foreseen("automation", slug, walked, sides, waiting, began)


def foresee_template(
    ground: Ground,
    workspace_id: UUID,
    slug: str,
    wanted: Mapping[str, Any],
    *,
    now: datetime,
    days: int = 7,
    most: int = 10_000,
    seconds: float = 12.0,
) -> Foreseen:
    """How the messages that this template made in the last days would read with these words (as
    `publish` takes them), beside the published ones. A template that is new has made none."""
    began, since = time.perf_counter(), now - timedelta(days=days)
    with reading(ground, workspace_id) as db:
        shop, known = shop_of(db, workspace_id), templates.get(db, workspace_id, slug)
        costs = prices.prices_of(db, workspace_id)
        found: Sequence[Row] = ()
        whole = True
        if known is not None:
            found, whole = past.of_template(db, workspace_id, known["id"], since, most)
        base = base_of(shop, ground)
        new = Writer({**templates.USUAL, **wanted}, shop, base)
        old = Writer(known or new.template, shop, base)
        sides, waiting = Sides(Tally(costs), Tally(costs), Differences()), [0, 0]
        for read, message in enumerate(found):
            if time.perf_counter() - began > seconds:
                found, whole = found[:read], False
                break
            _hold_beside(message, old.write(message), new.write(message), sides, waiting)
    first = since if whole or not found else found[-1]["created_at"]
    walked = Walked(first, now, len(found), whole)
    return _foreseen("template", slug, walked, sides, waiting, began)


def _hold_beside(message: Row, old: Said, new: Said, sides: Sides, waiting: list[int]) -> None:
    country, leaves = message["country"], message["leaves"]
    before, after = (_sight(one, leaves) for one in (old, new))
    sides.before.add(before, country)
    sides.after.add(after, country)
    if message["state"] in WAITING:
        waiting[0] += before.words is not None
        waiting[1] += after.words is not None
    about = About(
        message["event_id"],
        message["id"],
        message["type"],
        message["occurred_at"],
        message["phone"],
        message["language"],
        country,
    )
    sides.found.add(about, before, after)


def _sight(said: Said, leaves: datetime) -> Sight:
    if said.reason:
        return Sight(None, said.reason, said.problem)
    return Sight(said.words(leaves))


def _foreseen(
    what: Literal["automation", "template"],
    slug: str,
    walked: Walked,
    sides: Sides,
    waiting: Sequence[int],
    began: float,
) -> Foreseen:
    return Foreseen(
        what,
        slug,
        **walked._asdict(),
        seconds=round(time.perf_counter() - began, 3),
        before=sides.before.side(waiting[0]),
        after=sides.after.side(waiting[1]),
        figures=dict(sides.found.figures),
        examples={kind: tuple(shown) for kind, shown in sides.found.examples.items()},
    )

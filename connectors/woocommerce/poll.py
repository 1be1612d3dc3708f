"""Reconciliation: the orders that changed and the checkouts that were left, since the cursor.

A shop never repeats a lost delivery and has no webhook for a cart, so the hub reads for itself.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hub.contract import Context, Page, Refused, Request

from . import client, orders
from .cursor import OVERLAP, Cursor, after_last_page, after_page
from .documents import identity, moment, text

_BY_CHANGE = {"orderby": "modified", "order": "asc", "dates_are_gmt": "true"}


def pull(ctx: Context, kept: str) -> Page:
    """One page: changed orders first, then left checkouts. An empty cursor means "from now"."""
    if not kept:
        return Page((), _begin(ctx).dump())
    at = Cursor.load(kept)
    return _carts(ctx, at) if at.phase == "carts" else _changes(ctx, at)


def rewind(settings: Mapping[str, str], kept: str, at: datetime) -> str:
    """A cursor that reads again what changed since then."""
    return Cursor(at, at, floor=at).dump()


def _begin(ctx: Context) -> Cursor:
    # The shop's newest change is "now" by the shop's own clock, whatever ours says. What else
    # changes within that second is new; what has changed in it already is not.
    rows = client.orders(ctx, orderby="modified", order="desc", dates_are_gmt="true")
    now, newest = ctx.clock(), max((m for m in map(_modified, rows) if m), default=None)
    carts_since = now - _idle(ctx.settings)
    if newest is None:
        start = now - timedelta(days=1)
        return Cursor(start, carts_since, floor=start)
    known = tuple(identity(row.get("id")) for row in rows if _modified(row) == newest)
    start = newest - timedelta(seconds=1)
    return Cursor(start, carts_since, skip=known, skip_at=newest, floor=start)


def _changes(ctx: Context, at: Cursor) -> Page:
    rows = client.orders(ctx, modified_after=_stamp(at.since), page=at.page, **_BY_CHANGE)
    last = max((m for m in map(_modified, rows) if m), default=None)
    full = last if len(rows) >= client.PAGE else None
    following = after_page(at, full) if full else after_last_page(at, last, ctx.clock())
    placed = (row for row in rows if _is_order(row) and not _is_old(row, at))
    return Page(tuple(_as_delivery(row, "order.updated") for row in placed), following.dump(), True)


def _carts(ctx: Context, at: Cursor) -> Page:
    until = at.carts_until or ctx.clock() - _idle(ctx.settings)
    rows = _left(ctx, at, until)
    if len(rows) >= client.PAGE:
        # Later changes leave this window and pull rows forward: read the pages' edges twice.
        last = max((m for m in map(_modified, rows) if m), default=until)
        onward = last - timedelta(seconds=1)
        moved = onward > at.carts_since
        following = replace(
            at,
            carts_until=until,
            carts_since=onward if moved else at.carts_since,
            carts_page=1 if moved else at.carts_page + 1,
        )
    else:
        since = max(at.carts_since, until - OVERLAP)
        following = replace(at, phase="changes", carts_since=since, carts_until=None, carts_page=1)
    found = tuple(_as_delivery(row, "relais.draft") for row in rows)
    return Page(found, following.dump(), following.phase == "carts")


def _left(ctx: Context, at: Cursor, until: datetime) -> list[dict[str, Any]]:
    query = {
        "modified_after": _stamp(at.carts_since),
        "modified_before": _stamp(until),
        "page": at.carts_page,
        **_BY_CHANGE,
    }
    try:
        return client.orders(ctx, status="checkout-draft,pending,failed", **query)
    except Refused as error:
        # A shop without the block checkout does not know its drafts' status.
        if error.code != "400":
            raise
    return client.orders(ctx, status="pending,failed", **query)


def _is_order(row: Mapping[str, Any]) -> bool:
    return text(row.get("status")) not in orders.DRAFTS | {"pending", "trash"}


def _is_old(row: Mapping[str, Any], at: Cursor) -> bool:
    return identity(row.get("id")) in at.skip and _modified(row) == at.skip_at


def _as_delivery(row: Mapping[str, Any], topic: str) -> Request:
    body = json.dumps(row, separators=(",", ":")).encode()
    headers = {"Content-Type": "application/json", "X-WC-Webhook-Topic": topic}
    return Request.of("POST", headers, body)


def _modified(row: Mapping[str, Any]) -> datetime | None:
    return moment(row.get("date_modified_gmt"))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _idle(settings: Mapping[str, str]) -> timedelta:
    try:
        minutes = float(settings.get("cart_idle_minutes") or 30)
    except ValueError:
        minutes = 30.0
    return timedelta(minutes=min(max(minutes, 1.0), 7 * 24 * 60))

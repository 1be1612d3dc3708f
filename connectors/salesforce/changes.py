"""Change Data Capture beside the poll, where the connection asks for it and the packages are there.

While the stream is whole, SOQL only looks again every half an hour. A stream that breaks off costs
nothing: the poll goes on from where it last stood, and the operator reads why.
"""

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import ModuleType
from typing import Any

from hub.contract import Context, Page, Request

from . import events
from .client import Org
from .cursor import Cursor
from .documents import is_on, long_id
from .mapping import Table
from .transport import AGENT_NAME, base_of, login

_MOST, _SECONDS = 500, 3.0
_LOOK_AGAIN = timedelta(minutes=30)
_DATES = {"LastModifiedDate", "LastModifiedById", "SystemModstamp"}
_MISSING = "Listening to change events needs the hub's extra «pubsub»; records are polled instead."


def package() -> ModuleType | None:
    """The module that speaks gRPC, where the hub has its packages."""
    try:
        from . import pubsub
    except ImportError:
        return None
    return pubsub


def stands(ctx: Context) -> bool:
    """Whether this connection listens to change events."""
    return is_on(ctx.settings.get("change_events", "")) and package() is not None


def lacking(ctx: Context) -> tuple[str, ...]:
    """What keeps a connection from listening that wants to."""
    wanted = is_on(ctx.settings.get("change_events", ""))
    return (_MISSING,) if wanted and package() is None else ()


def drain(org: Org, at: Cursor, chosen: Mapping[str, Table]) -> tuple[Page | None, Cursor, str]:
    """A page out of the stream; or None where SOQL must look now, and why in words if it is news.

    Raises AuthLost and Throttled as every call.
    """
    pubsub = package()
    if pubsub is None:
        return None, at, ""
    try:
        found = pubsub.drain(_door(org, pubsub), _kept(at), _MOST, min(_SECONDS, org.ctx.deadline))
    except pubsub.Lost as error:
        return None, replace(at, replay=""), f"{error} Records are polled from where that stood."
    onward = replace(at, replay=base64.b64encode(found.replay).decode())
    whole = all(change.ids for change in found.changes)
    told = tuple(r for change in found.changes for r in _requests(change, chosen))
    due = at.polled_at is None or org.ctx.clock() - at.polled_at >= _LOOK_AGAIN
    if not at.replay or not whole or (due and not found.full):
        # Without a place to go on from, or with a gap in it, only SOQL knows what was missed; and
        # what was read of the stream here SOQL finds as well.
        return None, onward, ""
    return Page(told, onward.dump(), found.full), onward, ""


def notice(words: str) -> Request:
    """Words for the operator, kept where deliveries are, that mean nothing else."""
    return events.notice(words)


def _requests(change: Any, chosen: Mapping[str, Table]) -> list[Request]:
    table = chosen.get(change.table)
    if table is None or _is_ours(change, table):
        return []
    name = f"change {base64.b64encode(change.replay).decode()}"
    ids = [long_id(one) for one in change.ids]
    return [events.as_request(table.object, number, name) for number in ids if number]


def _is_ours(change: Any, table: Table) -> bool:
    ours = {table.origin, table.consent, table.status} | _DATES
    by_us = f"client={AGENT_NAME}" in change.origin
    return by_us and bool(change.fields) and set(change.fields) <= ours


def _door(org: Org, pubsub: ModuleType) -> Any:
    ctx = org.ctx
    # The token answer's identity address ends in the org's id and the user's.
    tenant = ctx.account or "".join(ctx.secrets.get("id", "").rstrip("/").split("/")[-2:-1])
    return pubsub.Door(
        address=ctx.settings.get("pubsub_address", "").strip() or "api.pubsub.salesforce.com:7443",
        token=ctx.secrets.get("access_token", ""),
        instance=base_of(ctx.settings, ctx.secrets),
        tenant=tenant,
        plain=login(ctx.settings).startswith("http://"),
    )


def _kept(at: Cursor) -> bytes:
    try:
        return base64.b64decode(at.replay)
    except ValueError:
        return b""

"""The doorbell: one channel per calendar, renewed before it runs out, found again by its name.

Channels cannot be listed at the vendor. So a channel's name is made from what it is for and from
its turn in time: asking for one that stands is refused, and so we know that it stands.
"""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import uuid6

from hub.contract import Context, Refused, Subscription

from . import client
from .documents import moment, row, text, whole

TURN = timedelta(days=5)
LASTS = timedelta(days=7)  # the longest the vendor gives; two days of overlap
SPARE = timedelta(hours=6)
_TAKEN = "channelIdNotUnique"

Channel = dict[str, Any]


def subscribe(ctx: Context) -> Subscription:
    """Bring the channels to what they should be; run it as often as you like."""
    known = _known(ctx)
    if not _can_be_rung(ctx.hook_url):
        known_to_be = ctx.state.get("silent") is True
        words = (
            ()
            if known_to_be
            else ("The hub has no https address, so it reads every five minutes.",)
        )
        return Subscription({"channels": {}, "silent": True}, words)
    kept: dict[str, Channel] = {}
    said: tuple[str, ...] = ()
    for calendar in client.calendars(ctx.settings):
        found, said_now = _bring_up(ctx, calendar, known.get(calendar))
        kept[calendar] = found
        said += said_now
    for calendar, old in known.items():
        if calendar not in kept:
            _close(ctx, old)
    ends = [end for end in map(_end, kept.values()) if end]
    return Subscription({"channels": kept}, said, min(ends, default=None))


def unsubscribe(ctx: Context) -> None:
    """Close every channel that we know of; one that is gone already is fine."""
    for channel in _known(ctx).values():
        _close(ctx, channel)


def _bring_up(
    ctx: Context, calendar: str, known: Channel | None
) -> tuple[Channel, tuple[str, ...]]:
    now, turn = ctx.clock(), int(ctx.clock().timestamp() // TURN.total_seconds())
    if known and "refused" in known and known.get("turn") == turn:
        return known, ()
    # A channel cut short by the vendor is replaced within its turn, under the next name.
    spent = known is not None and (_end(known) or now) - now < SPARE
    again = whole(known.get("again")) + spent if known and known.get("turn") == turn else 0
    if known and known.get("turn") == turn and not spent:
        return known, ()
    try:
        made = _open(ctx, calendar, turn, again)
    except Refused as error:
        if not error.code.startswith("push"):
            raise
        said = f"The calendar cannot ring the hub, which reads it every five minutes: {error.words}"
        return {"turn": turn, "refused": error.code}, (said,)
    if known and known.get("id") != made["id"]:
        _close(ctx, known)  # only now, so that no change falls between the two
    return made, ()


def _open(ctx: Context, calendar: str, turn: int, again: int) -> Channel:
    name = _name(ctx, calendar, f"{turn}.{again}")
    ends = datetime.fromtimestamp((turn + 1) * TURN.total_seconds(), UTC) + (LASTS - TURN)
    channel: Channel = {"id": name, "turn": turn, "until": ends.isoformat()}
    channel |= {"again": again} if again else {}
    try:
        answer = client.watch(ctx, calendar, _body(ctx, name, ends))
    except Refused as error:
        if error.code != _TAKEN:
            raise
        return channel | {"resource": _resource(ctx, calendar)}
    until = _milliseconds(answer.get("expiration"))
    if until and until < ends - timedelta(minutes=5):
        channel["until"] = until.isoformat()
    return channel | {"resource": text(answer.get("resourceId"), 200)}


def _resource(ctx: Context, calendar: str) -> str:
    """The vendor's name for the calendar's events, told on opening any channel on them."""
    name = f"relais-probe-{uuid6.uuid7().hex}"
    ends = ctx.clock() + timedelta(minutes=10)
    found = text(client.watch(ctx, calendar, _body(ctx, name, ends)).get("resourceId"), 200)
    client.stop(ctx, name, found)
    return found


def _body(ctx: Context, name: str, ends: datetime) -> dict[str, Any]:
    lasts = max(int((ends - ctx.clock()).total_seconds()), 60)
    return {
        "id": name,
        "type": "web_hook",
        "address": ctx.hook_url,
        "token": ctx.secrets["webhook_secret"],
        "params": {"ttl": str(lasts)},
        "expiration": str(int(ends.timestamp() * 1000)),
    }


def _close(ctx: Context, channel: Mapping[str, Any]) -> None:
    if "refused" not in channel:
        client.stop(ctx, str(channel.get("id", "")), str(channel.get("resource", "")))


def _name(ctx: Context, calendar: str, turn: str) -> str:
    made_of = "\n".join((ctx.hook_url, calendar, turn, ctx.secrets["webhook_secret"]))
    return f"relais-{hashlib.sha256(made_of.encode()).hexdigest()[:40]}"


def _can_be_rung(address: str) -> bool:
    split = urlsplit(address)
    return split.scheme == "https" or split.hostname in ("127.0.0.1", "localhost")


def _known(ctx: Context) -> dict[str, Channel]:
    return {str(k): dict(row(v)) for k, v in row(ctx.state.get("channels")).items()}


def _end(channel: Mapping[str, Any]) -> datetime | None:
    return moment(channel.get("until"))


def _milliseconds(value: Any) -> datetime | None:
    """A time as the vendor writes a channel's end: milliseconds since 1970, as text."""
    if not isinstance(value, str) or not value.isdigit() or len(value) > 14:
        return None
    return datetime.fromtimestamp(int(value) / 1000, UTC)

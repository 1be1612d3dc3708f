"""Repeats: the same words about the same thing do not go to the same person again within some
hours, whoever asks. A reminder may repeat a booking's words the next morning; never in minutes."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from hub.send.ready import Ready
from hub.send.stops import Stop
from hub.store import said as words
from hub.store.database import Row

USUAL_HOURS = 24  # for marketing, where the sending rules do not say
_TRANSACTIONAL = timedelta(minutes=10)
_WORDS = (
    "Not sent: the same words went to this person a short while ago. "
    "How long they may not is in the sending rules."
)


def repeated(
    db: Connection, ready: Sequence[Ready], shops: Mapping[UUID, Row], now: datetime
) -> dict[UUID, Stop]:
    """Those that would say again what was said, each with its reason; test numbers may be sent the
    same as often as a merchant likes."""
    quiet = [(one, span) for one in ready if (span := _quiet(one, shops))]
    if not quiet:
        return {}
    said = [(one.row["workspace_id"], one.row["phone"], one.written.sense) for one, _ in quiet]
    earlier = words.since(db, said, now - max(span for _, span in quiet))
    found: dict[UUID, Stop] = {}
    new: set[tuple[UUID, str, bytes]] = set()
    for (one, span), key in zip(quiet, said, strict=True):
        told = [at for name, _, at in earlier.get(key, ()) if name not in _own(one.row)]
        if key in new or any(at > now - span for at in told):
            found[one.row["id"]] = Stop("skip", "repeat", _WORDS)
        new.add(key)
    return found


def _own(message: Row) -> tuple[UUID, UUID | None, UUID | None]:
    return message["id"], message["stands_in_for"], message["resends"]


def _quiet(one: Ready, shops: Mapping[UUID, Row]) -> timedelta:
    """How long the words stay unsaid; not at all for what a person sends by hand, for the hub's
    own words, and for test numbers."""
    shop = shops[one.row["workspace_id"]]
    if one.row["event_id"] is None or one.row["phone"] in shop["testers"]:
        return timedelta(0)
    if one.row["kind"] != "marketing":
        return _TRANSACTIONAL
    return timedelta(hours=int(shop["rules"].get("quiet_repeat_hours", USUAL_HOURS)))

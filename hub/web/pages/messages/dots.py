"""A message's road as dots, from its own columns: what a list shows of it. The whole road, with its
reasons, is hub.report.road."""

from typing import NamedTuple

from hub.report.road import NAMES
from hub.store.database import Row

_ARRIVED = ("delivered", "read")
_NOT_WRITTEN = ("no_text", "too_long")


class Dot(NamedTuple):
    """A station by its name, and how it stands: done, waiting, stopped or ahead."""

    name: str
    state: str


def dots_of(message: Row) -> list[Dot]:
    """In order; behind one that stopped there is only what followed all the same."""
    found = [Dot("arrived", "done"), Dot("decided", "done"), Dot("written", _written(message))]
    found += [Dot("sent", _sent(message)), Dot("delivered", _delivered(message))]
    after = {"clicked": message["clicks"], "replied": message["replied"]}
    found += [Dot(name, "done") for name, happened in after.items() if happened]
    if message["told"]:
        found.append(Dot("told", message["told"]))
    return _until_stopped(found)


def of_decision() -> list[Dot]:
    """What was decided not to be sent."""
    return [Dot("arrived", "done"), Dot("decided", "stopped")]


def of_event(event: Row, message: Row | None) -> list[Dot]:
    """An event's, along the message that came of it, where one did."""
    if message is not None:
        first, *rest = dots_of(message)
        return [first, Dot("understood", "done"), *rest]
    understood = [Dot("arrived", "done"), Dot("understood", "done")]
    decided = {"new": "waiting", "dead": "stopped"}.get(event["state"], "stopped")
    return [*understood, Dot("decided", decided)]


def _until_stopped(found: list[Dot]) -> list[Dot]:
    stop = next((n for n, dot in enumerate(found) if dot.state == "stopped"), len(found))
    return found[: stop + 1] + [dot for dot in found[stop + 1 :] if dot.name in NAMES[6:]]


def _written(message: Row) -> str:
    if message["is_written"]:
        return "done"
    return "stopped" if message["reason"] in _NOT_WRITTEN else "ahead"


def _sent(message: Row) -> str:
    if message["sent_at"] is not None:
        return "done"
    if message["state"] in ("scheduled", "held", "sending"):
        return "waiting"
    if message["state"] == "uncertain":
        return "stopped" if message["final_at"] else "waiting"
    return "done" if message["state"] in _ARRIVED else "stopped"


def _delivered(message: Row) -> str:
    if message["state"] in _ARRIVED:
        return "done"
    if message["state"] == "sent":
        return "waiting"
    return "stopped" if message["state"] in ("failed", "expired") else "ahead"

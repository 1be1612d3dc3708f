"""Happened: when things of a kind were last told of a subject, a cart or a person, to be looked up
at once however many there are."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from hub.automations.document import SAME
from hub.store.database import Row

About = tuple[Any, ...]


class Happened:
    """The newest of these events for each thing that they are about."""

    def __init__(self, events: Iterable[Row]) -> None:
        self._newest: dict[About, datetime] = {}
        for event in events:
            self.add(event)

    def add(self, event: Row) -> None:
        """One more event."""
        for same in SAME:
            about = _about(event, event["type"], same)
            known = self._newest.get(about) if about else None
            if about and (known is None or known < event["occurred_at"]):
                self._newest[about] = event["occurred_at"]

    def since(self, one: Mapping[str, Any] | Row, event_type: str, same: str) -> bool:
        """Whether such an event, as late as this one or later, is about the same."""
        about = _about(one, event_type, same)
        newest = self._newest.get(about) if about else None
        return newest is not None and newest >= one["occurred_at"]


def _about(one: Mapping[str, Any] | Row, event_type: str, same: str) -> About | None:
    """Records are a connection's own: two shops may both have an order 12. People are not."""
    if same == "person":
        named, place = one["phone"], None
    else:
        named, place = one[same], one["connection_id"]
    return (one["workspace_id"], place, event_type, same, named) if named else None

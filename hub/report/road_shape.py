"""The road of one message as a value: its stations in order, each with one sentence."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

NAMES = (
    "arrived", "understood", "decided", "written", "sent", "delivered", "instead", "clicked",
    "replied", "bought", "told",
)  # fmt: skip
Standing = Literal["done", "waiting", "stopped", "ahead"]
Details = tuple[tuple[str, str], ...]
_BETWEEN = "\x1e"  # a separator of records, as ASCII has it


@dataclass(frozen=True)
class Station:
    """One station. `name` is one of NAMES; `at` is when it was reached (UTC), if it was.

    `details` are (label, text) pairs: every check of a decision, every attempt, every outcome told.
    """

    name: str
    state: Standing
    at: datetime | None
    sentence: str
    details: Details = ()

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {
            "name": self.name,
            "state": self.state,
            "at": self.at.isoformat() if self.at else None,
            "sentence": self.sentence,
            "details": [{"label": label, "text": text} for label, text in self.details],
        }


@dataclass(frozen=True)
class Road:
    """What became of one event under one automation, or of one message asked for directly.

    `id` is the most specific id there is: message, else decision, event, intake; `ids` holds all
    of them by noun. `state` is the message's, else skipped, waiting, ignored, bad or dead.
    `person` is the token of a number, as others may stand in the texts: see `shown`. `actions` are
    (name, words) pairs: what a person can do now.
    """

    id: UUID
    title: str
    state: str
    person: str
    stations: tuple[Station, ...]
    actions: Details
    ids: Mapping[str, UUID]

    def shown(self, show: Callable[[str], str]) -> "Road":
        """The same with its numbers: all texts at once as `show` gives them."""
        details = [text for s in self.stations for _, text in s.details]
        texts = [self.title, self.person, *(s.sentence for s in self.stations), *details]
        told = iter(show(_BETWEEN.join(t.replace(_BETWEEN, " ") for t in texts)).split(_BETWEEN))
        title, person = next(told), next(told)
        sentences = [next(told) for _ in self.stations]
        stations = tuple(
            replace(
                s, sentence=sentence, details=tuple((name, next(told)) for name, _ in s.details)
            )
            for s, sentence in zip(self.stations, sentences, strict=True)
        )
        return replace(self, title=title, person=person, stations=stations)

    def as_json(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {
            "id": str(self.id),
            "title": self.title,
            "state": self.state,
            "person": self.person,
            "stations": [station.as_json() for station in self.stations],
            "actions": [{"name": name, "words": words} for name, words in self.actions],
            "ids": {noun: str(found) for noun, found in self.ids.items()},
        }

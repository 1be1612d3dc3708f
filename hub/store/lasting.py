"""Lasting: rows that are written once and never again (a version of a template or an automation),
kept by this process once they are read. Nothing that can change belongs here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


@dataclass
class Lasting(Generic[K, V]):
    """At most so many rows by their key; when it is full it begins anew."""

    most: int
    _kept: dict[K, V] = field(default_factory=dict)

    def of(self, wanted: Iterable[K], read: Callable[[list[K]], Mapping[K, V]]) -> dict[K, V]:
        """The rows of these keys; `read` is asked for those that are not known yet. Never ask
        within a transaction that writes such rows: they may not come to be."""
        keys = set(wanted)
        found = {key: row for key in keys if (row := self._kept.get(key)) is not None}
        if len(found) < len(keys):
            new = read([key for key in keys if key not in found])
            if len(self._kept) + len(new) > self.most:
                self._kept = {}
            self._kept.update(new)
            found.update(new)
        return found

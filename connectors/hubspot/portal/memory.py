"""The account's records: values with their history, associations, properties; every change told."""

import itertools
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hub.contract import Clock

from ..documents import from_ms, moment, to_ms
from .errors import invalid, missing
from .schema import KNOWN, KNOWN_TYPES, MODIFIED, TYPE_IDS

Tell = Callable[[str, "Record", str, str], None]


@dataclass
class Record:
    """One record. `history`: (ms, value, source) by property, oldest first."""

    kind: str
    id: str
    created: int
    modified: int
    values: dict[str, str] = field(default_factory=dict)
    history: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    merged: tuple[str, ...] = ()


@dataclass
class Memory:
    """`tell(event, record, property, source)` hears every change, with the lock held."""

    tell: Tell
    clock: Clock
    records: dict[str, dict[str, Record]] = field(
        default_factory=lambda: {kind: {} for kind in TYPE_IDS}
    )
    links: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    properties: dict[str, dict[str, Any]] = field(default_factory=dict)
    groups: dict[str, dict[str, Any]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _next: "itertools.count[int]" = field(default_factory=lambda: itertools.count(50101))

    def now(self) -> int:
        """The account's clock in ms."""
        return to_ms(self.clock())

    def add(self, kind: str, values: Mapping[str, str], source: str = "CRM_UI") -> Record:
        """A new record. Raises Problem when a value makes no sense."""
        with self.lock:
            checked = self.checked(kind, values)
            at, number = self.now(), str(next(self._next))
            made = Record(kind, number, at, at)
            self._set(made, checked, at, source)
            self.records[kind][number] = made
            self.tell("creation", made, "", source)
            return made

    def change(
        self, kind: str, number: str, values: Mapping[str, str], source: str = "CRM_UI"
    ) -> Record:
        """Edit a record. Raises Problem when it is gone or a value makes no sense."""
        with self.lock:
            record, checked = self.get(kind, number), self.checked(kind, values)
            at = self.now()
            changed = {n: v for n, v in checked.items() if record.values.get(n, "") != v}
            self._set(record, changed, at, source)
            record.modified = at
            for name in changed:
                self.tell("propertyChange", record, name, source)
            return record

    def remove(self, kind: str, number: str, event: str = "deletion") -> None:
        """Delete a record."""
        with self.lock:
            record = self.get(kind, number)
            del self.records[kind][record.id]
            self.tell(event, record, "", "CRM_UI")

    def merge(self, number: str, other: str) -> Record:
        """Two contacts become one, which keeps the first one's id."""
        with self.lock:
            kept, gone = self.get("contacts", number), self.get("contacts", other)
            del self.records["contacts"][gone.id]
            kept.merged = (*kept.merged, gone.id)
            self._set(kept, {"hs_merged_object_ids": ";".join(kept.merged)}, self.now(), "CRM_UI")
            kept.modified = self.now()
            self.tell("merge", kept, gone.id, "CRM_UI")
            return kept

    def get(self, kind: str, number: str) -> Record:
        """A record by id, or by the id of one merged into it. Raises Problem."""
        known = self.records.get(kind)
        if known is None:
            raise missing(f"Unable to infer object type from: {kind}")
        found = known.get(number) or self._merged(kind, number)
        if found is None:
            raise missing()
        return found

    def _merged(self, kind: str, number: str) -> Record | None:
        if kind != "contacts":
            return None
        return next((r for r in self.records[kind].values() if number in r.merged), None)

    def link(self, kind: str, number: str, to: str, end: str) -> None:
        """Associate two records, both ways."""
        with self.lock:
            for one, other in (((kind, number, to), end), ((to, end, kind), number)):
                ends = self.links.setdefault(one, [])
                if other not in ends:
                    ends.append(other)

    def checked(self, kind: str, values: Mapping[str, str]) -> dict[str, str]:
        """The values as they are kept. Raises Problem in the vendor's words."""
        return {name: self._value(kind, name, value) for name, value in values.items()}

    def _value(self, kind: str, name: str, value: Any) -> str:
        own = self.properties.get(name) if kind == "contacts" else None
        if own is None and name not in KNOWN[kind]:
            raise _bad(name, "PROPERTY_DOESNT_EXIST", f'Property \\"{name}\\" does not exist')
        if not isinstance(value, str):
            raise invalid(f"Invalid input JSON: the value of {name} is no string")
        wanted = own["type"] if own else KNOWN_TYPES.get(name, "string")
        if value and wanted == "bool" and value not in ("true", "false"):
            raise _bad(name, "INVALID_OPTION", f"{value} was not one of the allowed options")
        if value and wanted == "datetime":
            at = moment(value)
            if at is None:
                raise _bad(name, "INVALID_DATE", f"{value} was not a valid long")
            return stamp(to_ms(at))
        return value

    def _set(self, record: Record, values: Mapping[str, str], at: int, source: str) -> None:
        for name, value in values.items():
            record.values[name] = value
            record.history.setdefault(name, []).append((at, value, source))


def _bad(name: str, error: str, words: str) -> Exception:
    told = f'{{"isValid":false,"message":"{words}","error":"{error}","name":"{name}"}}'
    return invalid(f"Property values were not valid: [{told}]")


def stamp(ms: int) -> str:
    """A time as the vendor writes it."""
    at = from_ms(ms) or datetime.fromtimestamp(0, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def modified_name(kind: str) -> str:
    """The property that holds a record's last change."""
    return MODIFIED.get(kind, "hs_lastmodifieddate")

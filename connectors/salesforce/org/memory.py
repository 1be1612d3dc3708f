"""What the org remembers: rows by object and id, dated by the second, and whom it tells."""

import itertools
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from hub.contract import Clock, utc_now

from ..documents import long_id
from .problems import Problem
from .schema import Thing, judged, things

Row = dict[str, Any]
ORG, ADMIN, RELAIS = (long_id(f"{prefix}8d00000{n:05}") for prefix, n in (
    ("00D", 1), ("005", 1), ("005", 2)
))  # fmt: skip


@dataclass
class Memory:
    """Rows live in `rows[object][id]`; a deleted one stays there with IsDeleted, as in the recycle
    bin. `tell(object, row)` hears each change, `watch(kind, object, row, fields, by)` what it was,
    deletions too. `locks` counts the refusals a record still makes."""

    clock: Clock = utc_now
    tell: Callable[[str, Row], None] = lambda *_: None
    watch: Callable[[str, str, Row, Iterable[str], str], None] = lambda *_: None
    things: dict[str, Thing] = field(default_factory=things)
    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    by_key: dict[tuple[str, str, str], str] = field(default_factory=dict)
    locks: Counter[str] = field(default_factory=Counter)
    lock: threading.RLock = field(default_factory=threading.RLock)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self._keep("Organization", ORG, {"Name": "Maison Lune", "IsSandbox": False})
        self._keep("User", ADMIN, {"Name": "Ada Admin", "Username": "ada@example.com"})
        self._keep("User", RELAIS, {"Name": "Relais", "Username": "relais@example.com"})

    def add(self, name: str, given: Mapping[str, Any], by: str = ADMIN) -> Row:
        """A record is made. Raises Problem."""
        with self.lock:
            values = self._checked(name, given)
            thing = self.things[name]
            number = long_id(f"{thing.prefix}8d{next(self._numbers):010}")
            blank = {f: False if k == "boolean" else None for f, k in thing.fields.items()}
            row = {**blank, **values, "Id": number}
            row["CreatedDate"] = self.now()
            if name == "Order" and not row["OrderNumber"]:
                row["OrderNumber"] = f"{int(number[5:15]):08}"
            self.rows.setdefault(name, {})[number] = row
            return self._saved(name, row, values, by)

    def change(self, name: str, number: str, given: Mapping[str, Any], by: str = ADMIN) -> Row:
        """A record is edited. Raises Problem."""
        with self.lock:
            row = self.row(name, number)
            values = self._checked(name, given)
            self._lock(number)
            return self._saved(name, row, values, by)

    def upsert(
        self, name: str, key: str, given: Mapping[str, Any], by: str = ADMIN
    ) -> tuple[Row, bool]:
        """Made or edited by an external id; whether it was made. Raises Problem."""
        with self.lock:
            value = str(given.get(key) or "")
            known = self.by_key.get((name, key, value))
            if known:
                return self.change(name, known, given, by), False
            return self.add(name, given, by), True

    def remove(self, name: str, number: str, by: str = ADMIN) -> None:
        """A record goes to the recycle bin; nobody is told."""
        with self.lock:
            row = self.row(name, number)
            row["IsDeleted"] = True
            self._date(row, by)
            self.watch("DELETE", name, row, (), by)

    def row(self, name: str, number: str) -> Row:
        """A record that is not deleted. Raises Problem."""
        row = self.rows.get(name, {}).get(long_id(number))
        if row is None:
            raise Problem("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", 404)
        if row["IsDeleted"]:
            raise Problem("ENTITY_IS_DELETED", "entity is deleted", 404)
        return row

    def table(self, number: str) -> str:
        """The object that an id is of. Raises StopIteration."""
        return next(t.name for t in self.things.values() if t.prefix == number[:3])

    def thing(self, name: str) -> Thing:
        """An object, in whatever letters. Raises Problem."""
        found = {n.casefold(): one for n, one in self.things.items()}.get(name.casefold())
        if found is None:
            words = f"sObject type '{name}' is not supported."
            raise Problem("INVALID_TYPE", words, 400)
        return found

    def now(self) -> str:
        """The org's clock as it writes it; SystemModstamp has no fractions of a second."""
        return stamp(self.clock())

    def _saved(self, name: str, row: Row, values: Mapping[str, Any], by: str) -> Row:
        if name == "Opportunity" and values.get("StageName", row["StageName"]) != row["StageName"]:
            row["LastStageChangeDate"] = self.now()
        if name == "Opportunity" and not row["LastStageChangeDate"]:
            row["LastStageChangeDate"] = self.now()
        row |= values
        for key in self.things[name].external:
            if row[key]:
                self.by_key[(name, key, row[key])] = row["Id"]
        is_new = row["LastModifiedDate"] is None
        self._date(row, by)
        self.tell(name, row)
        self.watch("CREATE" if is_new else "UPDATE", name, row, values, by)
        return row

    def _checked(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        thing = self.things[name]
        values = judged(thing, given)
        for field_name, value in values.items():
            if value and thing.kind(field_name) == "reference":
                self._refer(field_name, value)
        who, what = str(values.get("WhoId") or ""), values.get("WhatId")
        if name == "Task" and who.startswith("00Q") and what:
            words = "A task about a lead cannot be related to another record."
            raise Problem("FIELD_INTEGRITY_EXCEPTION", words, 400, ("WhatId",))
        return values

    def _refer(self, name: str, number: str) -> None:
        row = next((rows[number] for rows in self.rows.values() if number in rows), None)
        if row is None:
            words = "invalid cross reference id"
            raise Problem("INVALID_CROSS_REFERENCE_KEY", words, 400, (name,))
        if row["IsDeleted"]:
            raise Problem("ENTITY_IS_DELETED", "entity is deleted", 400, (name,))
        self._lock(number)

    def _lock(self, number: str) -> None:
        if self.locks[number] > 0:
            self.locks[number] -= 1
            words = "unable to obtain exclusive access to this record"
            raise Problem("UNABLE_TO_LOCK_ROW", words, 400)

    def _date(self, row: Row, by: str) -> None:
        row["LastModifiedDate"] = row["SystemModstamp"] = self.now()
        row["LastModifiedById"] = by

    def _keep(self, name: str, number: str, values: Row) -> None:
        blank = dict.fromkeys(self.things[name].fields)
        row = {**blank, **values, "Id": number, "CreatedDate": self.now(), "IsDeleted": False}
        self._date(row, ADMIN)
        self.rows.setdefault(name, {})[number] = row


def stamp(at: datetime) -> str:
    """A moment as the REST API writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")

"""The records' endpoints: batch read, create and update with their 207s, and search."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..documents import identity, moment, part, rows, to_ms
from .errors import Problem, invalid, item
from .memory import Memory, Record, modified_name, stamp
from .schema import LABELS

Row = dict[str, Any]
Answer = tuple[int, Row]
CHANNELS = ("SMS", "WHATS_APP", "LINKEDIN_MESSAGE")


def form(record: Record, names: Sequence[str], history: Sequence[str] = ()) -> Row:
    """A record as the API shows it."""
    own = {
        "hs_object_id": record.id,
        modified_name(record.kind): stamp(record.modified),
        "createdate" if record.kind in ("contacts", "deals") else "hs_createdate": stamp(
            record.created
        ),
    }
    shown: Row = {
        "id": record.id,
        "properties": {**{n: record.values.get(n) for n in (*names, *history)}, **own},
        "createdAt": stamp(record.created),
        "updatedAt": stamp(record.modified),
        "archived": False,
    }
    if history:
        shown["propertiesWithHistory"] = {name: _versions(record, name) for name in history}
    return shown


def _versions(record: Record, name: str) -> list[Row]:
    told = reversed(record.history.get(name, []))
    return [{"value": v, "timestamp": stamp(at), "sourceType": s} for at, v, s in told]


@dataclass
class Objects:
    """The endpoints over one memory; `lag` in ms is how far the search index is behind."""

    memory: Memory
    lag: int = 0

    def read(self, kind: str, body: Row) -> Answer:
        """Batch read: what is gone is an error of its own in a 207."""
        history = _names(body, "propertiesWithHistory")
        ids = self._ids(body, 50 if history else 100)
        found, errors = [], []
        with self.memory.lock:
            for number in ids:
                try:
                    record = self.memory.get(kind, number)
                except Problem as problem:
                    errors.append(item(problem.category, problem.message, ids=[number]))
                    continue
                found.append(form(record, _names(body, "properties"), history))
        return self.answer(200, found[::-1], errors)

    def update(self, kind: str, body: Row) -> Answer:
        """Batch update: one wrong value refuses all, one unknown id itself alone."""
        ids = self._ids(body, 100)
        if len(set(ids)) != len(ids):
            raise invalid("Duplicate IDs found in batch input")
        with self.memory.lock:
            for row in rows(body["inputs"]):
                self.memory.checked(kind, part(row, "properties"))
            return self._each(kind, rows(body["inputs"]))

    def _each(self, kind: str, inputs: Sequence[Row]) -> Answer:
        found, errors = [], []
        for row in inputs:
            values, number = part(row, "properties"), str(row["id"])
            try:
                record = self.memory.change(kind, number, values, "INTEGRATION")
            except Problem as problem:
                errors.append(item(problem.category, problem.message, ids=[number]))
                continue
            found.append(form(record, list(values)))
        return self.answer(200, found[::-1], errors)

    def create(self, kind: str, body: Row) -> Answer:
        """Batch create, of communications only: the hub makes no other record."""
        inputs = rows(body.get("inputs"))
        if kind != "communications":
            raise invalid(f"This account takes no new {kind} from an app.")
        if not inputs or len(inputs) > 100:
            raise invalid("A batch holds 1 to 100 inputs.")
        for row in inputs:
            self._check_communication(part(row, "properties"))
        with self.memory.lock:
            made = [self._create(row) for row in inputs]
        return self.answer(201, [m for m in made if "id" in m][::-1], [e for _, e in _errors(made)])

    def _create(self, row: Row) -> Row:
        ends = []
        for association in rows(row.get("associations")):
            end = str(part(association, "to").get("id"))
            kind = _kind_of(rows(association.get("types")))
            try:
                ends.append((kind, self.memory.get(kind, end).id))
            except Problem as problem:
                trace = [str(row.get("objectWriteTraceId"))]
                context = {"ids": [end], "objectWriteTraceId": trace}
                return {"error": item(problem.category, problem.message, **context)}
        record = self.memory.add("communications", part(row, "properties"), "INTEGRATION")
        for kind, end in ends:
            self.memory.link("communications", record.id, kind, end)
        shown = form(record, list(record.values))
        trace_id = row.get("objectWriteTraceId")
        return {**shown, "objectWriteTraceId": trace_id} if trace_id else shown

    def _check_communication(self, values: Mapping[str, Any]) -> None:
        self.memory.checked("communications", values)
        if values.get("hs_communication_logged_from") != "CRM":
            raise invalid("hs_communication_logged_from must be CRM")
        if values.get("hs_communication_channel_type") not in CHANNELS:
            raise invalid("hs_communication_channel_type is none of the allowed options")
        if not values.get("hs_timestamp"):
            raise invalid("hs_timestamp is required")

    def search(self, kind: str, body: Row) -> Answer:
        """Search, sorted by one property, at most 200 a page and 10,000 in all."""
        limit, after = int(body.get("limit") or 10), int(body.get("after") or 0)
        groups = rows(body.get("filterGroups"))
        if limit > 200 or after + limit > 10_000:
            raise invalid("The limit is 200 per page and 10,000 results in all.")
        if len(groups) > 5 or any(len(rows(g.get("filters"))) > 6 for g in groups):
            raise invalid("At most 5 filterGroups with 6 filters each are allowed.")
        sorts = rows(body.get("sorts"))
        if len(sorts) > 1:
            raise invalid("Only one sort is allowed.")
        with self.memory.lock:
            until = self.memory.now() - self.lag
            seen = [r for r in self.memory.records[kind].values() if r.modified <= until]
            found = [r for r in seen if not groups or any(_meets(r, g) for g in groups)]
            found.sort(key=lambda r: _sorting(r, sorts), reverse=_descending(sorts))
            page = [form(r, _names(body, "properties")) for r in found[after : after + limit]]
        onward = {"paging": {"next": {"after": str(after + limit)}}}
        return 200, {
            "total": len(found),
            "results": page,
            **(onward if len(found) > after + limit else {}),
        }

    def associated(self, kind: str, to: str, body: Row) -> Answer:
        """Associations, batch read; a record without any is left out."""
        ids = self._ids(body, 1_000)
        found = []
        with self.memory.lock:
            for number in ids:
                ends = self.memory.links.get((kind, number, to), [])
                types = [{"typeId": label_of(kind, to), "category": "HUBSPOT_DEFINED"}]
                told = [{"toObjectId": int(end), "associationTypes": types} for end in ends]
                if told:
                    found.append({"from": {"id": number}, "to": told})
        return self.answer(200, found, [])

    def answer(self, status: int, found: list[Row], errors: list[Row]) -> Answer:
        """A batch's answer: 207 where something in it failed."""
        now = stamp(self.memory.now())
        shown: Row = {"status": "COMPLETE", "results": found, "startedAt": now, "completedAt": now}
        if errors:
            return 207, {**shown, "numErrors": len(errors), "errors": errors}
        return status, shown

    def _ids(self, body: Row, most: int) -> list[str]:
        inputs = body.get("inputs")
        ids = [identity(row.get("id")) for row in rows(inputs)]
        if not ids or len(ids) > most or not all(ids):
            raise invalid(f"A batch holds 1 to {most} ids.")
        return ids


def label_of(kind: str, to: str) -> int:
    """The association type between two kinds."""
    return LABELS.get((kind, to)) or LABELS.get((to, kind)) or 4


def _kind_of(types: Sequence[Row]) -> str:
    for (_, to), number in LABELS.items():
        if any(t.get("associationTypeId") == number for t in types):
            return to
    raise invalid("The association type is not valid between these objects.")


def _errors(made: Sequence[Row]) -> list[tuple[str, Row]]:
    return [("error", row["error"]) for row in made if "error" in row]


def _names(body: Row, name: str) -> list[str]:
    found = body.get(name)
    return [n for n in found if isinstance(n, str)] if isinstance(found, list) else []


_OPERATORS: Mapping[str, Callable[[int, int], bool]] = {
    "EQ": lambda a, b: a == b,
    "GT": lambda a, b: a > b,
    "GTE": lambda a, b: a >= b,
    "LT": lambda a, b: a < b,
    "LTE": lambda a, b: a <= b,
}


def _meets(record: Record, group: Row) -> bool:
    return all(_holds(record, one) for one in rows(group.get("filters")))


def _holds(record: Record, one: Row) -> bool:
    operator, given = str(one.get("operator")), str(one.get("value"))
    if operator not in _OPERATORS:
        raise invalid(f"operator {operator} is not one of the allowed values")
    at = moment(given)
    wanted = int(given) if given.isdigit() else to_ms(at) if at else None
    if wanted is None:
        raise invalid(f"{given} is not a valid value")
    return _OPERATORS[operator](_value(record, str(one.get("propertyName"))), wanted)


def _value(record: Record, name: str) -> int:
    if name == "hs_object_id":
        return int(record.id)
    if name == modified_name(record.kind):
        return record.modified
    raise invalid(f"This account searches by date of change and id only, not by {name}.")


def _sorting(record: Record, sorts: Sequence[Row]) -> int:
    return _value(record, str(sorts[0].get("propertyName"))) if sorts else int(record.id)


def _descending(sorts: Sequence[Row]) -> bool:
    return bool(sorts) and sorts[0].get("direction") == "DESCENDING"

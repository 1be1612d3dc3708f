"""The org's REST API: queries, collections, composite, describe, limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from . import soql
from .memory import RELAIS, Memory
from .problems import Problem

_MOST, _STEPS, _SHARED = 200, 25, 5


@dataclass
class Rest:
    """`calls` counts what the vendor counts: a composite is one. `most` is the day's limit."""

    memory: Memory
    calls: int = 0
    most: int = 15_000
    batch: int = 2_000
    held: dict[str, tuple[list[dict[str, Any]], int]] = field(default_factory=dict)

    def answer(
        self, method: str, path: str, query: Mapping[str, str], body: Any
    ) -> tuple[int, Any]:
        """One request below /services/data/vNN.N/: status and document. Raises Problem."""
        head, _, rest = path.strip("/").partition("/")
        match method, head:
            case "GET", "query" | "queryAll":
                return self._query(head, rest, query)
            case "GET", "limits":
                left = max(self.most - self.calls, 0)
                return 200, {"DailyApiRequests": {"Max": self.most, "Remaining": left}}
            case "GET", "sobjects" if rest.endswith("/describe"):
                return self._describe(rest.partition("/")[0])
            case "POST", "composite" if not rest:
                return 200, self._composite(body)
            case "PATCH", "composite" if rest.split("/")[0] == "sobjects":
                return 200, self._collection(rest.split("/")[1:], body)
        raise Problem("NOT_FOUND", "The requested resource does not exist", 404)

    def _query(self, head: str, rest: str, query: Mapping[str, str]) -> tuple[int, Any]:
        if rest:
            rows, at = self.held.pop(rest, ([], -1))
            if at < 0:
                raise Problem("INVALID_QUERY_LOCATOR", "invalid query locator", 400)
        else:
            with self.memory.lock:
                rows, at = soql.run(self.memory, query.get("q", ""), head == "queryAll"), 0
        shown, after = rows[at : at + self.batch], at + self.batch
        found: dict[str, Any] = {"totalSize": len(rows), "done": after >= len(rows)}
        if after < len(rows):
            name = f"01g{len(self.held):012}-{after}"
            self.held[name] = (rows, after)
            found["nextRecordsUrl"] = f"/services/data/v64.0/query/{name}"
        return 200, found | {"records": shown}

    def _describe(self, name: str) -> tuple[int, Any]:
        try:
            return 200, self.memory.thing(name).describe()
        except Problem:
            raise Problem("NOT_FOUND", "The requested resource does not exist", 404) from None

    def _composite(self, body: Any) -> dict[str, Any]:
        steps = body.get("compositeRequest") if isinstance(body, dict) else None
        if not isinstance(steps, list) or not 0 < len(steps) <= _STEPS:
            raise Problem("INVALID_INPUT", "Limit of 25 subrequests", 400)
        shared = [s for s in steps if "/query" in s["url"] or "/composite/sobjects" in s["url"]]
        if len(shared) > _SHARED:
            words = "No more than 5 queries and collections are allowed in one composite request"
            raise Problem("INVALID_INPUT", words, 400)
        return {"compositeResponse": [self._step(step) for step in steps]}

    def _step(self, step: Mapping[str, Any]) -> dict[str, Any]:
        split = urlsplit(str(step["url"]))
        path = unquote(split.path).split("/", 4)[4]
        query = {name: values[-1] for name, values in parse_qs(split.query).items()}
        try:
            status, body = self.answer(step["method"], path, query, step.get("body"))
        except Problem as problem:
            status, body = problem.status, problem.body
        name = step["referenceId"]
        return {"body": body, "httpHeaders": {}, "httpStatusCode": status, "referenceId": name}

    def _collection(self, where: list[str], body: Any) -> list[dict[str, Any]]:
        records = body.get("records") if isinstance(body, dict) else None
        if not isinstance(records, list) or body.get("allOrNone") is not False:
            raise Problem("JSON_PARSER_ERROR", "records and allOrNone are expected", 400)
        if len(records) > _MOST:
            raise Problem("INVALID_INPUT", "record limit reached. cannot submit more than 200", 400)
        if not where:
            return [self._update(record) for record in records]
        thing, key = self.memory.thing(where[0]), where[1] if len(where) > 1 else ""
        if key not in thing.external:
            words = f"Provided external ID field does not exist or is not accessible: {key}"
            raise Problem("NOT_FOUND", words, 404)
        values = [str(record.get(key) or "") for record in records]
        return [self._upsert(thing.name, key, r, values) for r in records]

    def _update(self, record: Mapping[str, Any]) -> dict[str, Any]:
        try:
            name = self.memory.thing(record["attributes"]["type"]).name
            given = {k: v for k, v in record.items() if k not in ("Id", "id")}
            row = self.memory.change(
                name, record.get("Id") or record.get("id") or "", given, RELAIS
            )
        except (KeyError, TypeError):
            return Problem("INVALID_FIELD", "attributes.type is required").result
        except Problem as problem:
            return problem.result
        return {"id": row["Id"], "success": True, "errors": []}

    def _upsert(
        self, name: str, key: str, record: Mapping[str, Any], values: list[str]
    ) -> dict[str, Any]:
        try:
            _check_key(key, str(record.get(key) or ""), values)
            row, made = self.memory.upsert(name, key, record, RELAIS)
        except Problem as problem:
            return problem.result
        return {"id": row["Id"], "success": True, "created": made, "errors": []}


def _check_key(key: str, value: str, values: list[str]) -> None:
    if not value:
        raise Problem("MISSING_ARGUMENT", f"{key} not specified", 400)
    if values.count(value) > 1:
        raise Problem("DUPLICATE_VALUE", f"Duplicate external id specified: {value}", 400)

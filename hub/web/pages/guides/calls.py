"""The calls of the API as a page shows them: what each takes and answers, with examples."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from hub.web.api import ROUTES, openapi
from hub.web.api.routes import Route
from hub.web.api.schemas import CSV, Schema

_DEEPEST = 3
_SAMPLES: Mapping[str, Any] = {
    "date-time": "2026-07-14T08:00:00Z",
    "date": "2026-07-14",
    "uuid": "0198c5d2-7a10-7cc3-b2f4-0a1b2c3d4e5f",
}


class Field(NamedTuple):
    """One field: its name (`items[].state`), what it holds, whether it must be there."""

    name: str
    kind: str
    required: bool
    words: str = ""


class Call(NamedTuple):
    """One operation. `takes` and `gives` are fields; `body`, `answer` and `curl` are examples."""

    name: str
    method: str
    path: str
    says: str
    scope: str
    parameters: Sequence[Field]
    takes: Sequence[Field]
    gives: Sequence[Field]
    statuses: str
    answer: str
    curl: str


def by_noun(address: str) -> dict[str, list[Call]]:
    """Every call by its noun, in the order in which the API declares them."""
    document = openapi.describe(ROUTES, address)
    found: dict[str, list[Call]] = {}
    for route in ROUTES:
        operation = document["paths"][route.path][route.method.lower()]
        found.setdefault(route.tag, []).append(_call(route, operation, address))
    return found


def _call(route: Route, operation: Mapping[str, Any], address: str) -> Call:
    given = [shape for shape in route.answers.values() if shape is not None]
    answer = given[0] if given and given[0] is not CSV else None
    return Call(
        route.name, route.method, route.path, route.says, route.scope,
        [_parameter(one) for one in operation["parameters"]],
        list(_fields(route.takes or {})), list(_fields(answer or {})),
        ", ".join(map(str, route.answers)), _written(example(answer)) if answer else "",
        _curl(route, address),
    )  # fmt: skip


def _parameter(one: Mapping[str, Any]) -> Field:
    name = f"{{{one['name']}}}" if one["in"] == "path" else one["name"]
    return Field(name, _kind(one["schema"]), bool(one.get("required")), one.get("description", ""))


def _fields(schema: Schema, before: str = "", deep: int = 0) -> Iterator[Field]:
    """Its fields, those of objects and lists within it too."""
    required = schema.get("required", ())
    for name, inner in schema.get("properties", {}).items():
        yield Field(f"{before}{name}", _kind(inner), name in required)
        within, sign = _within(inner)
        if deep < _DEEPEST:
            yield from _fields(within, f"{before}{name}{sign}.", deep + 1)


def _within(schema: Schema) -> tuple[Schema, str]:
    found: Schema = schema.get("items", {})
    return (found, "[]") if found else (schema, "")


def _kind(schema: Schema) -> str:
    kinds = schema.get("type", "any")
    kind = " | ".join([kinds] if isinstance(kinds, str) else kinds)
    if schema.get("enum"):
        return " | ".join(map(str, schema["enum"]))
    if "minimum" in schema and "maximum" in schema:
        return f"{kind} {schema['minimum']}…{schema['maximum']}"
    return f"{kind} ({schema['format']})" if "format" in schema else kind


def example(schema: Schema) -> Any:
    """A value of this shape."""
    if schema.get("enum"):
        return schema["enum"][0]
    kind = schema.get("type", "object")
    kind = kind if isinstance(kind, str) else kind[0]
    if kind == "object":
        return {name: example(inner) for name, inner in schema.get("properties", {}).items()}
    if kind == "array":
        return [example(schema.get("items", {}))]
    if kind == "string":
        return _SAMPLES.get(schema.get("format", ""), "…")
    plain: Mapping[str, Any] = {"integer": schema.get("minimum", 1), "boolean": True, "number": 1.5}
    return plain.get(kind)


def _curl(route: Route, address: str) -> str:
    lines = [f"curl -X {route.method} '{address}/api/v1{route.path}'"]
    lines.append("-H 'Authorization: Bearer rls_…'")
    if route.idempotent:
        lines.append("-H 'Idempotency-Key: my-own-name-1'")
    if route.takes is not None:
        required = set(route.takes.get("required", ()))
        body = example(route.takes)
        if isinstance(body, dict) and required:
            body = {name: value for name, value in body.items() if name in required}
        written = json.dumps(body, ensure_ascii=False)
        lines += ["-H 'Content-Type: application/json'", f"-d '{written}'"]
    return " \\\n  ".join(lines)


def _written(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)

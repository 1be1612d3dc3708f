"""An API discovery document, read so that a simulator can judge each request against the very
description its vendor's client was built from."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources.abc import Traversable
from typing import Any
from urllib.parse import unquote

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}
_SIZES = {"int32": 2**31, "uint32": 2**32, "int64": 2**63, "uint64": 2**64}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(?P<offset>Z|[+-]\d\d:\d\d)?", re.I)
_HOLE = re.compile(r"\{(\+?)(\w+)\}")

Query = Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Method:
    """One method: its verb, the pattern of its path, its parameters by name, what its body is."""

    id: str
    verb: str
    pattern: re.Pattern[str]
    parameters: Mapping[str, Any]
    body: Mapping[str, Any] | None
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class Discovery:
    """The document: methods with the fewest parameters in their path first, schemas by name."""

    methods: tuple[Method, ...]
    schemas: Mapping[str, Any]
    service_path: str = ""

    @classmethod
    def read(cls, path: Traversable) -> "Discovery":
        """From a file, or from a resource of an installed package. Raises OSError, ValueError."""
        document = json.loads(path.read_text("utf-8"))
        common = document.get("parameters", {})
        methods = [_method(row, common) for row in _rows(document)]
        methods.sort(key=lambda m: m.pattern.groups)
        return cls(tuple(methods), document.get("schemas", {}), document.get("servicePath", ""))

    def match(self, verb: str, path: str, base: str = "") -> tuple[str, dict[str, str]]:
        """The method's id and its path parameters, decoded; "" and none where there is no such.

        `path` is still percent-encoded, and `base` is what stands before the method's own path
        ("/calendar/v3/").
        """
        own = path.removeprefix(base).lstrip("/")
        for method in self.methods:
            found = method.pattern.fullmatch(own) if method.verb == verb else None
            if found:
                return method.id, {k: unquote(v) for k, v in found.groupdict().items()}
        return "", {}

    def check(
        self, method_id: str, path_params: Mapping[str, str], query: Query, body: Any = None
    ) -> list[str]:
        """Where a request breaks the document, in words; empty when it keeps it.

        `query` holds texts or lists of texts; `body` is the JSON read, None where there is none.
        A null in a body is fine anywhere: that is how a patch clears a field.
        """
        method = self.method(method_id)
        if method is None:
            return ["There is no such method and path."]
        given: dict[str, str | Sequence[str]] = {**query, **path_params}
        faults = [*_parameter_faults(method, given)]
        if body is not None and method.body is None:
            return [*faults, f"{method_id} takes no body."]
        if body is not None and method.body is not None:
            faults += self._faults(method.body, body, "the body")
        return faults

    def method(self, method_id: str) -> Method | None:
        """The method of this id."""
        return next((m for m in self.methods if m.id == method_id), None)

    def _faults(self, schema: Mapping[str, Any], value: Any, at: str) -> Iterator[str]:
        if value is None:
            return
        if "$ref" in schema:
            schema = self.schemas[schema["$ref"]]
        wrong = _fault(schema, value)
        if wrong:
            yield f"{at}: {wrong}"
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from self._faults(schema.get("items", {}), item, f"{at}[{index}]")
        elif isinstance(value, dict) and schema.get("type") == "object":
            yield from self._object_faults(schema, value, at)

    def _object_faults(
        self, schema: Mapping[str, Any], value: Mapping[str, Any], at: str
    ) -> Iterator[str]:
        known, more = schema.get("properties", {}), schema.get("additionalProperties")
        for name, inner in value.items():
            described = known.get(name, more)
            if described is None:
                yield f"{at}: «{name}» is not known."
            else:
                yield from self._faults(described, inner, f"{at}.{name}")


def _rows(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from document.get("methods", {}).values()
    for resource in document.get("resources", {}).values():
        yield from _rows(resource)


def _method(row: Mapping[str, Any], common: Mapping[str, Any]) -> Method:
    parts, at = [], 0
    for hole in _HOLE.finditer(row["path"]):
        parts.append(re.escape(row["path"][at : hole.start()]))
        parts.append(f"(?P<{hole[2]}>{'.+' if hole[1] else '[^/]+'})")
        at = hole.end()
    parts.append(re.escape(row["path"][at:]))
    return Method(
        id=row["id"],
        verb=row["httpMethod"],
        pattern=re.compile("".join(parts)),
        parameters={**common, **row.get("parameters", {})},
        body=row.get("request"),
        scopes=tuple(row.get("scopes", ())),
    )


def _parameter_faults(method: Method, given: Query) -> Iterator[str]:
    for name, described in method.parameters.items():
        if described.get("required") and name not in given:
            yield f"the parameter «{name}» is missing."
    for name, value in given.items():
        if name not in method.parameters:
            yield f"the parameter «{name}» is not known."
            continue
        described = method.parameters[name]
        values = [value] if isinstance(value, str) else list(value)
        if len(values) > 1 and not described.get("repeated"):
            yield f"the parameter «{name}» is given twice."
        for text in values:
            wrong = _fault(described, _typed(described, text), strict=True)
            if wrong:
                yield f"the parameter «{name}»: {wrong}"


def _typed(described: Mapping[str, Any], text: str) -> Any:
    """A parameter's text as the type it stands for; as it is where it stands for none."""
    match described.get("type"):
        case "boolean":
            return {"true": True, "false": False}.get(text, text)
        case "integer" if re.fullmatch(r"[+-]?\d{1,20}", text):
            return int(text)
        case "number" if re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
            return float(text)
    return text


def _fault(schema: Mapping[str, Any], value: Any, strict: bool = False) -> str:
    kind = schema.get("type", "any")
    fits = _TYPES.get(kind)
    is_flag_as_number = isinstance(value, bool) and kind in ("integer", "number")
    if fits and (not isinstance(value, fits) or is_flag_as_number):
        return f"{str(value)[:40]!r} is no {kind}."
    if "enum" in schema and value not in schema["enum"]:
        return f"{str(value)[:40]!r} is none of {', '.join(schema['enum'])}."
    if isinstance(value, str):
        return _text_fault(schema, value, strict)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number_fault(schema, value)
    return ""


def _text_fault(schema: Mapping[str, Any], value: str, strict: bool) -> str:
    pattern, form = schema.get("pattern"), schema.get("format", "")
    if pattern and not re.fullmatch(pattern, value):
        return f"{value[:40]!r} does not have the form {pattern}."
    if form == "date-time" and not _is_moment(value, strict):
        return f"{value[:40]!r} is no RFC 3339 time."
    if form == "date" and not _is_date(value):
        return f"{value[:40]!r} is no date."
    if form in _SIZES and not re.fullmatch(r"-?\d{1,20}", value):
        return f"{value[:40]!r} is no whole number."
    return ""


def _number_fault(schema: Mapping[str, Any], value: float) -> str:
    size = _SIZES.get(schema.get("format", ""))
    least, most = float(schema.get("minimum", "-inf")), float(schema.get("maximum", "inf"))
    if not least <= value <= most or (size and not -size <= value < size):
        return f"{value} is out of range."
    return ""


def _is_moment(text: str, needs_offset: bool) -> bool:
    # In a body the offset may stand beside the time, as a zone's name.
    found = _MOMENT.fullmatch(text)
    if not found or (needs_offset and not found["offset"]):
        return False
    try:
        datetime.fromisoformat(text.upper())
    except ValueError:
        return False
    return True


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False

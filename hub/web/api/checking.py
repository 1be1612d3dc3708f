"""Holding a body against the schema its route declares, so that the description cannot lie."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import orjson

from hub.web.api.problems import invalid

_KINDS = {
    "string": "a text",
    "object": "an object",
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "null",
}


def check(body: Any, schema: Mapping[str, Any]) -> None:
    """Raises Problem naming every field that breaks the schema."""
    validator = _validator(orjson.dumps(schema))
    errors = dict(pair for error in validator.iter_errors(body) for pair in _said(error))
    if errors:
        raise invalid(*list(errors.items())[:50])


@lru_cache(maxsize=64)
def _validator(schema: bytes) -> Any:
    from jsonschema import Draft202012Validator  # 3 MB that only the API has use for

    return Draft202012Validator(orjson.loads(schema))


def _said(error: Any) -> Iterator[tuple[str, str]]:
    """One (field, words) pair for each thing wrong; the words are ours, in one voice."""
    path, wanted = [str(part) for part in error.absolute_path], error.validator_value
    match error.validator:
        case "required":
            for name in wanted:
                if name not in error.instance:
                    yield ".".join([*path, name]), "This is required."
        case "additionalProperties":
            known = error.schema.get("properties", {})
            for name in error.instance:
                if name not in known:
                    yield ".".join([*path, name[:80]]), "This field is not known here."
        case _:
            yield ".".join(path), _words(error.validator, wanted)


def _words(rule: str, wanted: Any) -> str:
    match rule:
        case "type":
            kinds = wanted if isinstance(wanted, list) else [wanted]
            return f"This must be {' or '.join(_KINDS[kind] for kind in kinds)}."
        case "enum":
            return f"Choose one of: {', '.join(map(str, wanted))}."
        case "maxLength":
            return f"This must have at most {wanted} characters."
        case "minLength" | "minProperties" | "minItems":
            return "This must not be empty."
        case "maximum" | "minimum":
            return f"This must be {'at most' if rule == 'maximum' else 'at least'} {wanted}."
        case "maxProperties" | "maxItems":
            return f"This must have at most {wanted} entries."
        case _:
            return "This does not have the expected form."

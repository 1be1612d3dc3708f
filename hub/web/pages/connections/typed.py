"""Forms of what connectors declare: their fields as they are drawn, and what was typed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from hub.contract import Field

_ON = ("1", "true", "yes", "on")
Problems = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Drawn:
    """A declared field as it stands in a form: `name` is the input's, `value` what is filled in,
    `chosen` the ticked ones, `wrong` what is said beside it."""

    name: str
    field: Field
    value: str
    wrong: str = ""

    @property
    def chosen(self) -> tuple[str, ...]:
        """The values of a field that takes several."""
        return tuple(filter(None, (one.strip() for one in self.value.split(","))))

    @property
    def is_on(self) -> bool:
        """Whether a flag is set."""
        return self.value.strip().casefold() in _ON


def drawn(
    fields: Sequence[Field],
    prefix: str,
    values: Mapping[str, str],
    problems: Problems = (),
    live: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> list[Drawn]:
    """These fields, filled in; a secret never is. `live` are choices that the vendor knows."""
    wrong = dict(problems)
    return [
        Drawn(
            f"{prefix}-{field.name}",
            _with_choices(field, (live or {}).get(field.name), values.get(field.name, "")),
            "" if field.kind == "secret" else values.get(field.name, field.default),
            wrong.get(field.name, ""),
        )
        for field in fields
    ]


def _with_choices(field: Field, found: Sequence[tuple[str, str]] | None, value: str) -> Field:
    """With the vendor's own choices, and whatever is chosen already among them."""
    if found is None:
        return field
    choices = dict(found if field.kind != "choice" else [("", "—"), *found])
    for one in value.split(","):
        choices.setdefault(one.strip(), one.strip())
    return replace(field, choices=tuple((v, w) for v, w in choices.items() if w))


def read(fields: Sequence[Field], prefix: str, form: Mapping[str, str]) -> dict[str, str]:
    """What was typed into those that stood in the form; an empty secret was not typed."""
    found: dict[str, str] = {}
    for field in fields:
        name = f"{prefix}-{field.name}"
        if name not in form and f"has-{name}" not in form:
            continue
        value = _value(field, name, form)
        if value or field.kind != "secret":
            found[field.name] = value
    return found


def _value(field: Field, name: str, form: Mapping[str, str]) -> str:
    if field.kind == "flag":
        return "true" if form.get(name) else "false"
    if field.kind == "choices":
        return ",".join(key.removeprefix(f"{name}:") for key in form if key.startswith(f"{name}:"))
    return form.get(name, "").replace("\x00", "").strip()

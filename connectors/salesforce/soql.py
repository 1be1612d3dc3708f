"""SOQL built from names that are nothing but names, and values that are always quoted."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from simple_salesforce.format import quote_soql_value

from hub.contract import Refused

from .documents import stamp

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_PATH = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}(\.[A-Za-z][A-Za-z0-9_]{0,79}){0,4}")


def name(typed: str) -> str:
    """An object's or a field's API name as it is. Raises Refused where it is no name."""
    if not _NAME.fullmatch(typed):
        raise Refused(f"«{typed[:40]}» is not the API name of an object or a field in Salesforce.")
    return typed


def path(typed: str) -> str:
    """A field, or a field of a record it refers to. Raises Refused where it is no name."""
    if not _PATH.fullmatch(typed):
        raise Refused(f"«{typed[:40]}» is not the API name of a field in Salesforce.")
    return typed


def literal(value: str | bool | datetime) -> str:
    """A value as it stands in a query: quoted, escaped, a moment in UTC."""
    if isinstance(value, datetime):
        return stamp(value)
    return str(quote_soql_value(value.replace("\x00", "") if isinstance(value, str) else value))


def among(field_name: str, values: Iterable[str]) -> str:
    """`Field IN ('a','b')`, in the values' own order without repeats."""
    listed = ",".join(literal(value) for value in dict.fromkeys(values))
    return f"{path(field_name)} IN ({listed})"


@dataclass(frozen=True)
class Query:
    """One SELECT. `optional` fields are left out where the org does not have them;
    `deleted` reads the recycle bin too."""

    table: str
    fields: Sequence[str]
    where: str = ""
    order: str = ""
    limit: int = 0
    optional: frozenset[str] = field(default_factory=frozenset)
    deleted: bool = False

    def without(self, missing: Iterable[str]) -> "Query":
        """The same, less these fields (compared as Salesforce does, without regard to case)."""
        gone = {one.casefold() for one in missing}
        kept = tuple(f for f in self.fields if f.casefold() not in gone)
        return Query(
            self.table, kept, self.where, self.order, self.limit, self.optional, self.deleted
        )

    def __str__(self) -> str:
        chosen = ", ".join(dict.fromkeys(path(one) for one in self.fields))
        parts = ["SELECT", chosen, "FROM", name(self.table)]
        parts += [f"WHERE {self.where}"] if self.where else []
        parts += [f"ORDER BY {self.order}"] if self.order else []
        parts += [f"LIMIT {self.limit}"] if self.limit else []
        return " ".join(parts)

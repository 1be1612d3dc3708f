"""A part of SOQL, as strict as the vendor: SELECT with one hop of relationships, WHERE, ORDER BY,
LIMIT. What is malformed or names an unknown field is refused in the vendor's words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..documents import long_id, moment
from .memory import Memory, Row, stamp
from .problems import Problem
from .schema import Thing

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^'\\]|\\.)*')|(?P<time>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d))?)"
    r"|(?P<number>-?\d+(?:\.\d+)?)|(?P<name>[A-Za-z_][\w.]*)|(?P<sign><=|>=|!=|[=<>(),]))"
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a is not None and a < b,
    ">": lambda a, b: a is not None and a > b,
    "<=": lambda a, b: a is not None and a <= b,
    ">=": lambda a, b: a is not None and a >= b,
}
Test = Callable[[Row], bool]
Token = tuple[str, str]


def run(memory: Memory, query: str, deleted: bool) -> list[Row]:
    """The rows of a query as the REST API writes them. Raises Problem."""
    parser = _Parser(memory, list(_tokens(query)))
    found = parser.select()
    rows = [
        r for r in memory.rows.get(parser.thing.name, {}).values() if deleted or not r["IsDeleted"]
    ]
    rows = [row for row in rows if found.test(row)]
    for name, backwards in reversed(found.order):
        rows.sort(key=lambda r: (r[name] is not None, r[name] or ""), reverse=backwards)
    limited = rows[: found.limit] if found.limit is not None else rows
    return [_shown(memory, parser.thing, row, found.fields) for row in limited]


@dataclass
class Select:
    """A query read: `fields` are paths, `order` fields with whether they run backwards."""

    fields: list[str]
    test: Test = lambda _: True
    order: list[tuple[str, bool]] = field(default_factory=list)
    limit: int | None = None


def _tokens(query: str) -> Iterator[Token]:
    at, text = 0, query.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise _malformed(text[at : at + 10])
        yield str(found.lastgroup), found.group(str(found.lastgroup))
        at = found.end()


def _malformed(near: str) -> Problem:
    return Problem("MALFORMED_QUERY", f"unexpected token: '{near}'", 400)


class _Parser:
    def __init__(self, memory: Memory, tokens: list[Token]) -> None:
        self.memory, self.tokens, self.at = memory, tokens, 0
        self.thing: Thing

    def select(self) -> Select:
        """The whole query."""
        self._word("SELECT")
        fields = [self._name()]
        while self._take(","):
            fields.append(self._name())
        self._word("FROM")
        self.thing = self.memory.thing(self._name())
        found = Select([self._path(one) for one in fields])
        if self._is("WHERE"):
            found.test = self._either()
        if self._is("ORDER"):
            self._word("BY")
            found.order = [self._ordered()]
            while self._take(","):
                found.order.append(self._ordered())
        if self._is("LIMIT"):
            found.limit = int(self._next("number"))
        if self.at < len(self.tokens):
            raise _malformed(self.tokens[self.at][1])
        return found

    def _either(self) -> Test:
        tests = [self._both()]
        while self._is("OR"):
            tests.append(self._both())
        return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._is("AND"):
            tests.append(self._one())
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def _one(self) -> Test:
        if self._take("("):
            inner = self._either()
            self._sign(")")
            return inner
        name = self._path(self._name())
        if self._is("IN"):
            return self._among(name)
        compare = _COMPARE.get(self._next("sign"))
        if compare is None:
            raise _malformed(self.tokens[self.at - 1][1])
        value = self._value(name)
        return lambda row: compare(row[name], value)

    def _among(self, name: str) -> Test:
        self._sign("(")
        values = {self._value(name)}
        while self._take(","):
            values.add(self._value(name))
        self._sign(")")
        return lambda row: row[name] in values

    def _value(self, name: str) -> Any:
        kind, written = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        self.at += 1
        wanted = self.thing.kind(name)
        if kind == "text":
            bare = re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), written[1:-1])
            if wanted in ("id", "reference") and bare and not long_id(bare):
                words = f"invalid ID field: {bare}"
                raise Problem("INVALID_QUERY_FILTER_OPERATOR", words, 400)
            return long_id(bare) if wanted in ("id", "reference") else bare
        if kind == "time" and wanted in ("datetime", "date"):
            at = moment(written)
            return written if wanted == "date" else stamp(at) if at else ""
        if kind == "number" and wanted == "double":
            return float(written)
        if kind == "name" and written.lower() in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[written.lower()]
        raise Problem(
            "INVALID_FIELD", f"value of filter criterion for field '{name}' is wrong", 400
        )

    def _ordered(self) -> tuple[str, bool]:
        name = self._path(self._name())
        backwards = self._is("DESC")
        return name, backwards if backwards else self._is("ASC") and False

    def _path(self, typed: str) -> str:
        head, dot, rest = typed.partition(".")
        thing = self.thing
        if dot:
            relations = {n.casefold(): n for n in thing.refers}
            if head.casefold() not in relations:
                words = f"Didn't understand relationship '{head}' in field path."
                raise Problem("INVALID_FIELD", words, 400)
            head = relations[head.casefold()]
            thing = self.memory.thing(thing.refers[head][1])
        name = thing.field(rest if dot else head)
        if not name:
            lost = rest if dot else head
            words = f"No such column '{lost}' on entity '{thing.name}'."
            raise Problem("INVALID_FIELD", words, 400)
        return f"{head}.{name}" if dot else name

    def _name(self) -> str:
        return self._next("name")

    def _next(self, kind: str) -> str:
        if self.at >= len(self.tokens) or self.tokens[self.at][0] != kind:
            near = self.tokens[self.at][1] if self.at < len(self.tokens) else "<EOF>"
            raise _malformed(near)
        self.at += 1
        return self.tokens[self.at - 1][1]

    def _word(self, word: str) -> None:
        if not self._is(word):
            near = self.tokens[self.at][1] if self.at < len(self.tokens) else "<EOF>"
            raise _malformed(near)

    def _is(self, word: str) -> bool:
        return self._skip("name", word)

    def _take(self, sign: str) -> bool:
        return self._skip("sign", sign)

    def _sign(self, sign: str) -> None:
        if not self._take(sign):
            raise _malformed(self.tokens[self.at][1] if self.at < len(self.tokens) else "<EOF>")

    def _skip(self, kind: str, written: str) -> bool:
        there = self.at < len(self.tokens)
        if there and self.tokens[self.at][0] == kind and self.tokens[self.at][1].upper() == written:
            self.at += 1
            return True
        return False


def _shown(memory: Memory, thing: Thing, row: Row, fields: list[str]) -> Row:
    url = f"/services/data/v64.0/sobjects/{thing.name}/{row['Id']}"
    found: Row = {"attributes": {"type": thing.name, "url": url}}
    for path in fields:
        head, dot, rest = path.partition(".")
        if not dot:
            found[head] = row[head]
            continue
        through, target = thing.refers[head]
        other = memory.rows.get(target, {}).get(row[through] or "")
        if other is None:
            found[head] = None
        else:
            found.setdefault(head, {"attributes": {"type": target}})[rest] = other[rest]
    return found

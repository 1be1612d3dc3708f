"""The sentences of the code: every string a person may come to read, found in the sources, with its
values as {1}, {2} …; so that none is left without a translation."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from hub.config import CHECKOUT
from hub.connections import brochure

# Rooms whose sentences are read by merchants; what operators read on a terminal is English.
ROOMS = ("accounts", "automations", "compose", "connections", "contract", "intake", "report",
         "send", "store")  # fmt: skip
_LEFT_OUT = re.compile(
    r"test_|conftest|simulator|mutant|/kit/|migrations|__pycache__|"
    r"store/(schema|database|apart|statements|backlog)\b|compose/(extent|shelf|gallery)|reconcile/"
)
_CODE = re.compile(
    r"\b(SELECT|INSERT|UPDATE|DELETE FROM|WHERE|JOIN|RETURNING|CONFLICT|EXISTS|LIMIT|ORDER BY|"
    r"IS NULL|VALUES|NULL|COPY|CASE WHEN|DISTINCT|AND m?\.?\w+ [=<>]|SET LOCAL|ANY\()|::|\(\?|\\b|"
    r"\[\^|\\d|\||=>|<>|:=|jsonb_|coalesce\(|\w_\w|^\w+ = |; charset| [<>]=? :| = :|\.id\b|\$\{"
)
_WORD = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
_HOLE = re.compile(r"\{\w*\}")
_COUNTING = frozenset({"counted", "_counted", "_count", "_number"})
# Single words that come to stand in a hole.
_WORDS = frozenset({
    "day", "month", "hour", "minute", "today", "tomorrow", "yesterday", "event", "person",
    "order", "booking", "cart", "message", "slot", "series", "subject", "record", "sent",
    "delivered", "read", "failed", "expired", "skipped", "cancelled", "uncertain", "scheduled",
    "held", "sending", "yes", "no", "marketing", "transactional", "English", "French", "Spanish",
    "Italian", "German", "card", "carousel", "true", "false", "refused", "before", "other",
    "order {1}", "booking {1}", "cart {1}", "record {1}", "deal {1}", "row {1}",
    "1 hour {1}", "{1} hours {2}", "{1} · {2}", "in 0 ms", "and …",
    "or …", "Delivered {at}.", "Read {at}.", "Sent", "Delivered",
    "Read", "Failed", "Clicked", "Bought", "Replied",
})  # fmt: skip


def of_hub() -> set[str]:
    """Those of the hub's own rooms."""
    files = (f for room in ROOMS for f in sorted((CHECKOUT / "hub" / room).rglob("*.py")))
    return {said for file in files for said in _in(file)} | _WORDS


def of_connector(slug: str) -> set[str]:
    """Those of one connector's folder."""
    folder = CHECKOUT / "connectors" / slug
    written = {said for file in sorted(folder.glob("*.py")) for said in _in(file)}
    return {*written, brochure.lead(slug)} - {""}


def _in(file: Path) -> Iterator[str]:
    if _LEFT_OUT.search(file.as_posix().removeprefix(CHECKOUT.as_posix())):
        return
    tree = ast.parse(file.read_text("utf-8"))
    silent = _silent(tree)
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.Call):
            yield from _counted(node)
        if isinstance(node, ast.JoinedStr | ast.Constant):
            said = _pattern(node)
            if _is_read(said):
                yield said


def _counted(call: ast.Call) -> Iterator[str]:
    """«1 part», «{1} parts»: made by a function from a number and a noun."""
    if isinstance(call.func, ast.Name) and call.func.id in _COUNTING:
        for noun in call.args[1:]:
            if isinstance(noun, ast.Constant) and isinstance(noun.value, str):
                yield f"1 {noun.value}"
                yield f"{{1}} {noun.value}s"


def _silent(tree: ast.AST) -> set[int]:
    """Nodes that nobody reads: docstrings, pieces of others, annotations, logs, patterns, SQL."""
    found: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Module() | ast.FunctionDef() | ast.ClassDef() if node.body:
                first = node.body[0]
                if isinstance(first, ast.Expr):
                    found.add(id(first.value))
            case ast.JoinedStr():
                found |= {id(value) for value in node.values}
            case ast.Call() if _is_silent(node.func):
                found |= {id(argument) for argument in node.args}
            case ast.AnnAssign():
                found |= {id(part) for part in ast.walk(node.annotation)}
            case ast.arg() if node.annotation:
                found |= {id(part) for part in ast.walk(node.annotation)}
    return found


def _is_silent(function: ast.expr) -> bool:
    match function:
        case ast.Attribute(value=ast.Name(id=owner)):
            return owner in ("log", "re")
        case ast.Name(id=name):
            return name in ("run", "rows", "row", "text", "ask")
    return False


def _pattern(node: ast.JoinedStr | ast.Constant) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    holes = iter(range(1, 100))
    return "".join(
        str(value.value) if isinstance(value, ast.Constant) else f"{{{next(holes)}}}"
        for value in node.values
    )


def _is_read(said: str) -> bool:
    words = _WORD.findall(_HOLE.sub("", said))
    return bool(words) and " " in said.strip() and "\n" not in said and not _CODE.search(said)

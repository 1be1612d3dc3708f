"""The linter: everything to know about a template before a message of it is paid for."""

from collections.abc import Iterator

from hub.compose.declared import variables_for
from hub.compose.faults import TemplateError
from hub.compose.lint.bill import bill_of
from hub.compose.lint.case import case_of
from hub.compose.lint.costs import costs
from hub.compose.lint.examples import examples
from hub.compose.lint.findings import (
    Bill,
    Finding,
    Report,
    Samples,
    ShopWords,
    TemplateWords,
)
from hub.compose.lint.made import made
from hub.compose.lint.rich import rich
from hub.compose.lint.sender import sender
from hub.compose.lint.words import CHECKS

_ORDER = ("error", "warning", "info")


def lint(words: TemplateWords, shop: ShopWords, samples: Samples) -> Report:
    """Every finding and every bill. Errors stand in the way of publishing, warnings do not."""
    findings: list[Finding] = [*sender(words, shop, samples), *_defaults(words), *examples(words)]
    bills: list[Bill] = []
    for language, source in words.texts.items():
        try:
            case = case_of(words, shop, samples, language, source)
        except TemplateError as error:
            findings.append(_unread(source, language, error))
            continue
        bill = bill_of(case)
        bills.append(bill)
        findings += [*(one for check in CHECKS for one in check(case)), *costs(case, bill)]
        findings += made(words, case.template.names, f"texts.{language}", language, "sms")
    in_rich, of_rich = rich(words, shop)
    findings += in_rich
    ordered = sorted(findings, key=lambda found: _ORDER.index(found.severity))
    return Report(tuple(ordered), (*bills, *of_rich))


def _unread(source: str, language: str, error: TemplateError) -> Finding:
    """The finding about a text that does not compile."""
    names = {"line": str(error.line), "words": error.words}
    at, span = f"texts.{language}", _line(source, error.line)
    return Finding("error", "template", str(error), at, language, "sms", names, span)


def _line(source: str, number: int) -> tuple[int, int]:
    """Where a line stands."""
    lines = source.split("\n")
    start = sum(len(line) + 1 for line in lines[: number - 1])
    return start, start + len(lines[min(number, len(lines)) - 1])


def _defaults(words: TemplateWords) -> Iterator[Finding]:
    known = {v.name for v in words.variables or variables_for(words.event)}
    for name in words.defaults:
        if name not in known:
            said = "This is not a variable that a template can use."
            yield Finding(
                "error", "unknown_default", said, f"defaults.{name}", names={"name": name}
            )

"""Findings about RCS: its limits, its agent, the SMS beneath it."""

from collections.abc import Iterator

from hub.compose.declared import variables_for
from hub.compose.extent.widths import most_characters
from hub.compose.faults import RenderError
from hub.compose.lint.bill import priced
from hub.compose.lint.findings import Bill, Finding, ShopWords, TemplateWords
from hub.compose.lint.made import made
from hub.compose.rcs.cards import RichTemplate, compose, read
from hub.compose.rcs.parts import CardErrors
from hub.compose.segments import Count
from hub.contract import Variable
from hub.contract.rich import MOST_BASIC, MOST_SUGGESTIONS


def rich(words: TemplateWords, shop: ShopWords) -> tuple[list[Finding], list[Bill]]:
    """What is found in every language's document, and what each costs."""
    findings = list(_around(words, shop))
    bills: list[Bill] = []
    variables = words.variables or variables_for(words.event)
    for language, document in words.rich.items():
        try:
            template = read(document, variables, event=words.event)
        except CardErrors as errors:
            findings += _problems(language, errors)
            continue
        findings += _basic(language, template, variables, words.event)
        findings += made(words, template.names, f"rich.{language}", language, "rcs")
        sample = _sample(template, language, words, shop)
        findings += _leaving(language, template, words.kind, sample or "")
        if sample is not None:
            bills.append(_bill(language, sample, shop))
    return findings, bills


def _around(words: TemplateWords, shop: ShopWords) -> Iterator[Finding]:
    if words.rich and not shop.has_agent:
        said = (
            "There is no active RCS agent: the carrier must verify the brand first. Connect a "
            "carrier with an agent, or publish the SMS alone."
        )
        yield Finding("error", "no_agent", said, "rich", channel="rcs")
    for language in words.rich:
        if not words.has_fallback or language not in words.texts:
            said = (
                "No SMS stands beneath this RCS: phones without RCS would get nothing. Write the "
                "text in this language too."
            )
            yield Finding("error", "no_fallback", said, f"rich.{language}", language, "rcs")


def _problems(language: str, errors: CardErrors) -> Iterator[Finding]:
    for path, said in errors.problems:
        at = f"rich.{language}" + (f".{path}" if path else "")
        yield Finding("error", "rich_limits", said, at, language, "rcs", {"path": path})


def _basic(
    language: str, template: RichTemplate, variables: tuple[Variable, ...], event: str
) -> Iterator[Finding]:
    if template.text is None:
        return
    longest = most_characters(template.text.source, variables, event=event)
    if longest > MOST_BASIC:
        said = (
            f"Up to {longest} characters: rich, not basic. A text of at most {MOST_BASIC} is "
            "billed as a basic message."
        )
        at, names = f"rich.{language}.text", {"characters": str(longest)}
        yield Finding("warning", "rich_not_basic", said, at, language, "rcs", names)


def _sample(
    template: RichTemplate, language: str, words: TemplateWords, shop: ShopWords
) -> str | None:
    """What a person reads with the declared samples; None where nothing can be made of them."""
    values = {v.name: v.sample for v in words.variables or variables_for(words.event)}
    try:
        made = compose(
            template,
            values,
            language=language,
            zone=shop.zone,
            defaults=words.defaults,
            shorten=None,
            issue=lambda kind, word: "",
        )
    except RenderError:
        return None
    return made.as_text()


def _leaving(language: str, template: RichTemplate, kind: str, text: str) -> Iterator[Finding]:
    """Marketing that says nothing of STOP gets a button for it from the hub, below the others."""
    if kind != "marketing" or "STOP" in text or len(template.suggestions) < MOST_SUGGESTIONS:
        return
    said = (
        f"The hub adds a STOP button to marketing, and RCS shows {MOST_SUGGESTIONS} in all. Remove "
        "one, or say yourself how to leave."
    )
    at = f"rich.{language}.suggestions"
    yield Finding("error", "no_room_for_stop", said, at, language, "rcs")


def _bill(language: str, text: str, shop: ShopWords) -> Bill:
    """RCS is billed by the message, whatever its length."""
    figure = priced(Count("UCS2", len(text), 1, 0), shop, "rcs", text)
    return Bill(language, "rcs", 0, figure, figure, figure, figure)

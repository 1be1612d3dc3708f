"""Findings about who a message comes from: fixed words, or a template in each of its branches."""

import re
from collections.abc import Iterator

from hub.compose.extent.bounds import SHORT
from hub.compose.extent.outline import told, worlds_of
from hub.compose.faults import TemplateError
from hub.compose.lint.case import Case, case_of, fitted
from hub.compose.lint.findings import Finding, Samples, ShopWords, TemplateWords
from hub.compose.sender import MOST, is_name, is_number, is_template, plain

_FRENCH_MOBILE = re.compile(r"(?:\+?33|0033|0)[67]\d{8}")


def sender(words: TemplateWords, shop: ShopWords, samples: Samples) -> Iterator[Finding]:
    """Everything about the sender."""
    name = words.sender or shop.sender
    if not name:
        return
    if is_template(name):
        yield from _filled(name, words, shop, samples)
    elif not is_number(name) and not is_name(name):
        yield _finding(
            "sender_shape",
            f"«{name}» cannot be a sender. Use 3 to 11 letters and digits, at least one letter.",
            name,
        )
    if words.expects_replies and not is_number(name):
        yield _finding(
            "sender_without_replies",
            f"Nobody can answer «{name}», and replies are expected. Send from a number, or from "
            "none.",
            name,
        )
    yield from _french(name, shop)


def _filled(
    name: str, words: TemplateWords, shop: ShopWords, samples: Samples
) -> Iterator[Finding]:
    """The first language in which a branch is too long, too short or without a letter."""
    for language in words.texts:
        try:
            case = case_of(words, shop, samples, language, name)
        except TemplateError as error:
            yield _finding("sender_template", str(error), name)
            return
        wrong = next(_misshapen(case), "")
        if wrong:
            said = f"{wrong} A sender takes 3 to {MOST} letters and digits, at least one letter."
            yield _finding("sender_shape", f"{said} Cut a variable with truncate_gsm.", name)
            return


def _misshapen(case: Case) -> Iterator[str]:
    ruler = case.ruler(case.bounds, case.samples.events)
    short = case.values(fitted(SHORT, case.shop))
    few = worlds_of(case.outline) is not None
    for world in case.worlds:
        longest = ruler.total(told(case.outline, world) if few else case.outline).ucs
        if longest > MOST:
            yield f"The sender can have {longest} characters."
        spoken = plain(case.speak(world, short))
        if len(spoken) <= MOST and not is_name(spoken):
            yield f"In one of its branches the sender can be «{spoken}»."


def _french(name: str, shop: ShopWords) -> Iterator[Finding]:
    if shop.country == "FR" and _FRENCH_MOBILE.fullmatch(name.replace(" ", "")):
        yield _finding(
            "sender_06_07",
            "Numbers in 06 and 07 cannot send for companies in France since 1 January 2023. Use a "
            "name, a short number, or a number in 09.",
            name,
        )


def _finding(code: str, words: str, name: str) -> Finding:
    return Finding("error", code, words, "sender", names={"sender": name})

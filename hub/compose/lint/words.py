"""Findings about the words themselves: who writes, how to leave; and all checks of one text."""

import re
from collections.abc import Callable

from hub.compose.extent.outline import Show, World, told
from hub.compose.lint.case import Case, Check
from hub.compose.lint.characters import characters
from hub.compose.lint.links import links
from hub.compose.lint.repair import cut, sure
from hub.compose.lint.subject import named, subject
from hub.compose.segments import has_stop, stop_mention
from hub.compose.sender import is_template

_STOP_NUMBER = re.compile(
    r"(?<![\w-])STOP\s*(?:au|to|al|an|a|à|aan|:|>|=|->)?\s*(?P<code>\d{3,8})(?!\w)"
)
_BRAND = re.compile(r"\{[^}]*\bbrand\b")


def _stop(case: Case) -> Check:
    """A marketing message says how to leave; the hub adds it where it does not."""
    for start, text in case.fixed:
        for found in _STOP_NUMBER.finditer(text):
            yield from _wrong_code(case, start + found.start("code"), found["code"])
    if case.is_marketing and not any(has_stop(text) for _, text in case.fixed):
        mention = stop_mention(case.shop.stop_code)
        yield case.finding(
            "info",
            "stop_added",
            f"The hub adds «{mention}», {len(mention) + 1} characters with the space. They are "
            "counted.",
            names={"mention": mention},
        )


def _wrong_code(case: Case, start: int, code: str) -> Check:
    own = case.shop.stop_code.strip()
    if not own.isdigit() or code == own:
        return
    end = start + len(code)
    mended = cut(case.source, start, end, own)
    yield case.finding(
        "error",
        "wrong_stop_code",
        f"Whoever answers STOP to {code} is not heard: this workspace's number is {own}. Write "
        f"{own}, or leave the mention out and the hub adds it.",
        names={"code": code, "own": own},
        span=(start, end),
        repair=sure(case.source, mended, case.variables, case.words.event),
    )


def _brand(case: Case) -> Check:
    """Each branch says who writes, or the sender does."""
    if _from_brand(case) or all(_says_brand(case, w) for w in case.worlds):
        return
    yield case.finding(
        "warning",
        "no_brand",
        "Nothing says who writes: neither the text in each of its branches nor the sender. Begin "
        "with «{{ brand }}:».",
    )


def _from_brand(case: Case) -> bool:
    if is_template(case.sender):
        return _BRAND.search(case.sender) is not None
    return named(case.shop.brand, case.sender)


def _says_brand(case: Case, world: World) -> bool:
    shown = any(isinstance(n, Show) and n.name == "brand" for n in told(case.outline, world))
    return shown or named(case.shop.brand, case.speak(world, {}))


CHECKS: tuple[Callable[[Case], Check], ...] = (characters, _stop, _brand, links, subject)

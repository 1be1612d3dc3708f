"""Findings about links: every address is short and tells when it is opened."""

import re

from hub.compose.extent.outline import shows_of
from hub.compose.lint.case import Case, Check
from hub.compose.lint.repair import cut, sure

_ADDRESS = re.compile(r"https?://[^\s{}\"'<>]+[^\s{}\"'<>.,;:!?)]|\bwww\.[^\s{}\"']+")
_LONGEST = 25  # characters that a short link should take
_SHORTENED = frozenset({"page_url"})


def links(case: Case) -> Check:
    """Addresses that are not short, and marketing that leads nowhere."""
    yield from _written_out(case)
    yield from _long(case)
    shows = list(shows_of(case.outline))
    yield from _domain(case, any(show.chain.short for show in shows))
    leads = [s for s in shows if s.chain.short or s.reference.kind == "url"]
    if case.is_marketing and not leads and not _ADDRESS.search(case.source):
        yield case.finding(
            "warning",
            "unlinked_brand",
            "The brand is not linked: nobody can act on this message with a tap. Add a link, for "
            'instance {{ "https://…"|short }}.',
        )


def _domain(case: Case, shortened: bool) -> Check:
    length = case.shop.link_length
    if shortened and length > _LONGEST:
        yield case.finding(
            "info",
            "long_domain",
            f"A short link takes {length} characters here. With a shorter link address in the "
            f"settings it takes at most {_LONGEST}.",
            names={"length": str(length)},
        )


def _written_out(case: Case) -> Check:
    for start, text in case.fixed:
        for found in _ADDRESS.finditer(text):
            at = (start + found.start(), start + found.end())
            tag = f'{{{{ "{found[0]}"|short }}}}'
            yield case.finding(
                "warning",
                "long_link",
                f"«{found[0][:60]}» takes {len(found[0])} characters, and its clicks are not "
                f"counted. Write {tag[:80]}.",
                names={"address": found[0]},
                span=at,
                repair=_mended(case, *at, tag) if found[0].startswith("https://") else None,
            )


def _long(case: Case) -> Check:
    for show in shows_of(case.outline):
        name = show.reference.label
        if show.reference.kind != "url" or show.chain.short or name in _SHORTENED:
            continue
        tag = re.compile(r"\{\{-?\s*" + re.escape(name) + r"(?P<end>)\s*-?\}\}")
        found = tag.search(case.source)
        span = found.span() if found else None
        yield case.finding(
            "warning",
            "long_link",
            f"«{name}» is shown as long as it comes, and its clicks are not counted. Write "
            f"{{{{ {name}|short }}}}.",
            names={"address": name},
            span=span,
            repair=_mended(case, *found.span("end"), "|short") if found else None,
        )


def _mended(case: Case, start: int, end: int, instead: str) -> str | None:
    mended = cut(case.source, start, end, instead)
    return sure(case.source, mended, case.variables, case.words.event)

"""Findings about what the hub makes for a message: a code needs its terms, a page its layout."""

from collections.abc import Iterable, Iterator

from hub.compose.lint.findings import Finding, TemplateWords

_CODE = frozenset({"coupon", "coupon_until"})


def made(
    words: TemplateWords, names: Iterable[str], where: str, language: str, channel: str
) -> Iterator[Finding]:
    """What these names of one text want the template to say."""
    spoken = frozenset(names)
    if spoken & _CODE and words.coupon is None:
        said = "The text names a code, and nothing says what it is worth. Add a coupon."
        yield Finding("error", "no_coupon", said, where, language, channel)
    if words.coupon is not None and "coupon" not in spoken:
        said = "The template makes a code, and this text does not name it. Write {{ coupon }}."
        yield Finding("warning", "unnamed_coupon", said, where, language, channel)
    if "page_url" in spoken and not words.page:
        said = "The text leads to a page, and no layout is chosen for it. Choose one."
        yield Finding("warning", "no_page", said, where, language, channel)

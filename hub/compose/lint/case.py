"""One language's text under the linter's eye, with what the checks ask of it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from hub.compose.alphabet import transliterate
from hub.compose.declared import variables_for
from hub.compose.extent.bounds import Bounds, value_of
from hub.compose.extent.outline import Node, World, outline_of, questions_of, worlds_of
from hub.compose.extent.speaking import speak
from hub.compose.extent.widths import Ruler, Width
from hub.compose.filters import Scope
from hub.compose.language import Template, compile_template
from hub.compose.lint.findings import Finding, Samples, Severity, ShopWords, TemplateWords
from hub.compose.segments import Count, count, stop_mention, with_stop
from hub.contract import Variable
from hub.contract.events import MADE

_LINK = "https://lnk.fr/3fKx9QbT0a"
_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)


@dataclass(frozen=True)
class Case:
    """A text that compiles, its tree, and whom it is for."""

    words: TemplateWords
    shop: ShopWords
    samples: Samples
    language: str
    source: str
    template: Template
    outline: tuple[Node, ...]
    variables: tuple[Variable, ...]

    @property
    def is_marketing(self) -> bool:
        """Whether it must say how to leave."""
        return self.words.kind == "marketing"

    @property
    def sender(self) -> str:
        """Who it comes from, as it is written."""
        return self.words.sender or self.shop.sender

    @cached_property
    def worlds(self) -> list[World]:
        """Every way its questions may be answered; all yes and all no where they are many."""
        every = worlds_of(self.outline)
        return every or [{}, dict.fromkeys(questions_of(self.outline), False)]

    @cached_property
    def fixed(self) -> Sequence[tuple[int, str]]:
        """What stands outside tags, each piece with its position in the source."""
        edges = [0, *(edge for tag in _TAGS.finditer(self.source) for edge in tag.span())]
        edges.append(len(self.source))
        pairs = zip(edges[::2], edges[1::2], strict=True)
        return [(start, self.source[start:end]) for start, end in pairs if start < end]

    @cached_property
    def bounds(self) -> Bounds:
        """The declared widths, narrowed by what the merchant has."""
        return fitted(self.samples.bounds, self.shop)

    def ruler(self, bounds: Bounds, real: Sequence[Mapping[str, object]] = ()) -> Ruler:
        """What measures it."""
        words = self.words
        return Ruler(self.language, bounds, words.transliterate, words.defaults, real)

    def speak(self, world: World, values: Mapping[str, Any]) -> str:
        """What it says in this world, as it is sent but for the STOP mention."""
        scope = Scope(values, self.language, self.shop.zone, self.words.defaults, self.link_instead)
        return self.cheap(speak(self.outline, world, scope))

    def link_instead(self, address: str, label: str) -> str:
        """A short link of the length that this merchant's have."""
        length = self.shop.link_length
        return _LINK.ljust(length, "x")[:length]

    def cheap(self, text: str) -> str:
        """Spelled as the sender spells it."""
        return transliterate(text) if self.words.transliterate else text

    def counted(self, text: str) -> Count:
        """What the carrier bills: the STOP mention is part of it."""
        return count(with_stop(text, self.shop.stop_code) if self.is_marketing else text)

    def values(self, bounds: Bounds) -> dict[str, Any]:
        """An example as wide as these bounds."""
        wide = {v.name: value_of(v, bounds) for v in self.variables}
        return wide | {"page_url": self.link_instead("", "")}

    def declared(self) -> dict[str, Any]:
        """The samples that the event declares."""
        return {v.name: v.sample for v in self.variables} | self.made()

    def made(self) -> dict[str, Any]:
        """What no event tells: what the hub makes, the brand."""
        brand = {"brand": self.shop.brand} if self.shop.brand else {}
        samples = {v.name: v.sample for v in MADE}
        return {**samples, **brand, "page_url": self.link_instead("", "")}

    def with_mention(self, width: Width, text: str) -> Width:
        """The width with the STOP mention that the hub adds to such a text."""
        if not self.is_marketing or with_stop(text, self.shop.stop_code) == text:
            return width
        return width + Ruler(self.language, self.bounds).of(" " + stop_mention(self.shop.stop_code))

    def finding(self, severity: Severity, code: str, words: str, **more: Any) -> Finding:
        """A finding about this text."""
        given = {"where": f"texts.{self.language}", "channel": "sms", **more}
        return Finding(severity, code, words, language=self.language, **given)


def case_of(
    words: TemplateWords, shop: ShopWords, samples: Samples, language: str, source: str
) -> Case:
    """A source of this template under the linter's eye. Raises TemplateError."""
    variables = words.variables or variables_for(words.event)
    template = compile_template(source, variables, event=words.event)
    outline = outline_of(source, variables, event=words.event)
    return Case(words, shop, samples, language, source, template, outline, variables)


def fitted(bounds: Bounds, shop: ShopWords) -> Bounds:
    """Bounds for this merchant's brand and links."""
    known = {**bounds.known, **({"brand": shop.brand} if shop.brand else {})}
    return replace(bounds, known=known, link=shop.link_length)


Check = Iterator[Finding]

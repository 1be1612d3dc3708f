"""What the linter is given and what it answers: plain values, in words with what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from hub.compose.extent.bounds import WIDE, Bounds
from hub.compose.segments import Count
from hub.contract import Variable

Severity = Literal["error", "warning", "info"]
Prices = Mapping[tuple[str, str], tuple[int, str]]  # (channel, country): (micros, currency)


@dataclass(frozen=True)
class TemplateWords:
    """A template before it is published; `texts` and `rich` are by language.

    `variables` narrows what may be said to these, else the event tells it (all, where it is "").
    `previews` is what robots are shown of a link; a `shipped` one is the gallery's, not yet taken.
    """

    kind: str
    texts: Mapping[str, str]
    event: str = ""
    rich: Mapping[str, Any] = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    sender: str = ""
    max_parts: int = 3
    transliterate: bool = False
    expects_replies: bool = False
    page: str = ""
    coupon: Mapping[str, Any] | None = None
    has_fallback: bool = True
    variables: tuple[Variable, ...] = ()
    previews: Mapping[str, Any] = field(default_factory=dict)
    shipped: bool = False


@dataclass(frozen=True)
class ShopWords:
    """What the merchant has; an empty brand is not known yet. `country` is where people are."""

    brand: str = ""
    stop_code: str = ""
    sender: str = ""
    country: str = "FR"
    link_length: int = 25
    has_agent: bool = True
    prices: Prices = field(default_factory=dict)
    zone: str = "UTC"


@dataclass(frozen=True)
class Samples:
    """What a template is tried on: values of real events, newest first, and declared widths."""

    events: Sequence[Mapping[str, object]] = ()
    bounds: Bounds = WIDE


@dataclass(frozen=True)
class Finding:
    """One thing to know. `where` is its field ("texts.fr", "rich.fr.cards[0].title", "sender"),
    `span` the characters it concerns, `repair` the whole source mended; `code` and `names` are for
    translation."""

    severity: Severity
    code: str
    words: str
    where: str
    language: str = ""
    channel: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    span: tuple[int, int] | None = None
    repair: str | None = None


@dataclass(frozen=True)
class Figure:
    """What one text costs. `micros` are millionths of `currency`, None where no price is known."""

    count: Count
    micros: int | None = None
    currency: str = ""
    text: str = ""


@dataclass(frozen=True)
class Bill:
    """What a language's message costs. Of `seen` real events where there are any, else of samples;
    no message is ever above `largest` while its values keep their bounds. `unfilled` events lack a
    value that the text needs."""

    language: str
    channel: str
    seen: int
    shortest: Figure
    median: Figure
    p99: Figure
    largest: Figure
    unfilled: int = 0
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """Everything found, errors first, and the bills."""

    findings: tuple[Finding, ...] = ()
    bills: tuple[Bill, ...] = ()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What stands in the way of publishing."""
        return tuple(found for found in self.findings if found.severity == "error")

"""What a text costs: on real events where there are any, else on samples, and at the very most."""

from collections.abc import Mapping, Sequence
from math import ceil

from hub.compose.extent.bounds import FAIR, SHORT, Bounds
from hub.compose.extent.outline import told, worlds_of
from hub.compose.faults import MissingVariable, RenderError
from hub.compose.language import render
from hub.compose.lint.case import Case, fitted
from hub.compose.lint.findings import Bill, Figure, ShopWords
from hub.compose.segments import Count


def bill_of(case: Case) -> Bill:
    """The four figures of one language's SMS."""
    largest = _widest(case, case.bounds, case.samples.events)
    texts, lacking = _rendered(case)
    seen = len(case.samples.events)
    if not texts:
        shortest, median, p99 = _supposed(case)
    else:
        shortest, median, p99 = (_figure(case, text) for text in _ranked(case, texts))
    names = tuple(dict.fromkeys(name for names in lacking for name in names))
    return Bill(
        case.language, "sms", seen, shortest, median, p99, largest, seen - len(texts), names
    )


def priced(counted: Count, shop: ShopWords, channel: str, text: str = "") -> Figure:
    """A figure with its price, where one is known for the country or for every other."""
    prices = shop.prices
    found = prices.get((channel, shop.country)) or prices.get((channel, ""))
    if found is None:
        return Figure(counted, text=text)
    return Figure(counted, found[0] * counted.parts, found[1], text)


def _figure(case: Case, text: str) -> Figure:
    return priced(case.counted(text), case.shop, "sms", text)


def _widest(case: Case, bounds: Bounds, real: Sequence[Mapping[str, object]] = ()) -> Figure:
    """The widest world, each value as wide as these bounds allow or as it was seen."""
    ruler, values = case.ruler(bounds, real), case.values(bounds)
    few = worlds_of(case.outline) is not None
    found = []
    for world in case.worlds:
        pieces = told(case.outline, world) if few else case.outline
        text = case.speak(world, values)
        found.append((case.with_mention(ruler.total(pieces), text).count(), text))
    counted, text = max(found, key=lambda one: _weight(one[0]))
    return priced(counted, case.shop, "sms", text)


def _rendered(case: Case) -> tuple[list[str], list[tuple[str, ...]]]:
    """The text of every real event that has what it needs, and what the others lack."""
    texts, lacking = [], []
    for values in case.samples.events:
        try:
            rendered = render(
                case.template,
                {**case.made(), **values},
                language=case.language,
                zone=case.shop.zone,
                defaults=case.words.defaults,
                shorten=case.link_instead,
            )
            texts.append(case.cheap(rendered.text))
        except MissingVariable as missing:
            lacking.append(missing.names)
        except RenderError:
            continue
    return texts, lacking


def _ranked(case: Case, texts: Sequence[str]) -> tuple[str, str, str]:
    """The shortest, the median and the 99th percentile by what is billed."""
    ranked = sorted(texts, key=lambda text: _weight(case.counted(text)))
    last = len(ranked)
    return ranked[0], ranked[last // 2], ranked[ceil(last * 0.99) - 1]


def _supposed(case: Case) -> tuple[Figure, Figure, Figure]:
    """The same from declared values: short ones, the samples, fair ones."""
    values = case.values(fitted(SHORT, case.shop))
    short = [case.speak(world, values) for world in case.worlds]
    usual = _figure(case, case.speak(case.worlds[0], case.declared()))
    fair = _widest(case, fitted(FAIR, case.shop))
    return (
        _figure(case, min(short, key=lambda text: _weight(case.counted(text)))),
        usual,
        max(usual, fair, key=lambda figure: _weight(figure.count)),
    )


def _weight(counted: Count) -> tuple[int, int]:
    return counted.parts, counted.units

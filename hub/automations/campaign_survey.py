"""What a campaign's file holds, read once before anybody is asked: people, faults, cost."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from hub.automations.campaign_file import Bad, CampaignFile, Line
from hub.compose.declared import variables_for
from hub.compose.faults import RenderError, TemplateError
from hub.compose.language import compile_template, render
from hub.compose.segments import count, with_stop
from hub.store.database import Row
from hub.store.prices import Price, amount_of

_TRIED = 200  # people whose text is written to say what it costs
_TICK = 5_000
_LINK = "https://lnk.example/3fKx9QbT0a"


@dataclass
class Survey:
    """What a file holds: people by country, what is wrong, and their text's usual length in parts.
    `problem` says why somebody's text cannot be written."""

    countries: Counter[str] = field(default_factory=Counter)
    consents: Counter[str] = field(default_factory=Counter)
    bad: list[Bad] = field(default_factory=list)
    parts: float = 1.0
    problem: str = ""

    @property
    def people(self) -> int:
        """Who would be sent to, if everybody may."""
        return self.countries.total()

    def cost(self, prices: Mapping[tuple[str, str], Price], channel: str) -> dict[str, str]:
        """About what it costs, by currency; people whose price is not known are left out."""
        sums: Counter[str] = Counter()
        for country, people in self.countries.items():
            price = prices.get((channel, country)) or prices.get((channel, ""))
            if price is not None:
                paid = Decimal(people) * Decimal(str(self.parts if channel == "sms" else 1))
                sums[price[1]] += int(price[0] * paid)
        return {currency: amount_of(micros) for currency, micros in sums.items()}


def survey(
    file: CampaignFile, shop: Row, template: Row, tick: Callable[[int], object] = lambda n: None
) -> Survey:
    """Read the whole file, and write the first people's text. Raises BadFile."""
    found, tried = Survey(), list[Line]()
    for n, line in enumerate(file.lines(), 1):
        if isinstance(line, Bad):
            found.bad.append(line)
            continue
        found.countries[line.phone.country] += 1
        found.consents[line.consent] += 1
        if len(tried) < _TRIED:
            tried.append(line)
        if n % _TICK == 0:
            tick(n)
    if tried:
        _weigh(found, tried, shop, template)
    return found


def _weigh(found: Survey, tried: Iterable[Line], shop: Row, template: Row) -> None:
    parts = []
    for line in tried:
        try:
            parts.append(_parts(line, shop, template))
        except (RenderError, TemplateError) as error:
            found.problem = found.problem or f"Line {line.n}: {error}"
    found.parts = round(sum(parts) / len(parts), 2) if parts else 1.0


def _parts(line: Line, shop: Row, template: Row) -> int:
    language = line.language or shop["language"]
    source = template["texts"].get(language) or next(iter(template["texts"].values()))
    text = render(
        compile_template(source, variables_for()),
        line.values(shop["brand"]),
        language=language,
        zone=shop["zone"],
        defaults=template["defaults"],
        shorten=lambda *_: _LINK,
    ).text
    whole = with_stop(text, shop["stop_code"]) if template["kind"] == "marketing" else text
    return count(whole).parts

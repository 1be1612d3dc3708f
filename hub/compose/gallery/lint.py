"""The gallery under the linter: each scenario in each language, one line of a table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from hub.compose.declared import variables_for
from hub.compose.extent.bounds import FAIR
from hub.compose.gallery.scenario import Scenario, Text
from hub.compose.lint import lint
from hub.compose.lint.findings import Bill, Finding, Samples, ShopWords, TemplateWords
from hub.contract import Variable

# A French shop whose brand nobody knows yet: it is as wide as FAIR allows.
SHOP = ShopWords(stop_code="36034", country="FR")


@dataclass(frozen=True)
class Line:
    """One language and channel of a scenario: what it costs at most, what was found."""

    scenario: str
    language: str
    channel: str
    bill: Bill | None
    allowed: int
    why: str
    findings: tuple[Finding, ...]

    @property
    def passes(self) -> bool:
        """No error, and one part at the most unless its header says why."""
        return not any(found.severity == "error" for found in self.findings)


def lines_of(scenario: Scenario) -> Iterator[Line]:
    """Every text of a scenario. Each is linted by itself, for it has its own defaults and parts."""
    rich = {text.language: text.document for text in scenario.spoken("rcs")}
    usual = scenario.as_template()["defaults"]
    for text in scenario.spoken("sms"):
        words = replace(
            words_of(scenario),
            texts={text.language: text.source},
            rich={k: v for k, v in rich.items() if k == text.language},
            defaults=text.defaults,
            max_parts=text.parts,
        )
        report = lint(words, SHOP, Samples(bounds=FAIR))
        for channel in ("sms", "rcs") if words.rich else ("sms",):
            bill = next((b for b in report.bills if b.channel == channel), None)
            found = tuple(f for f in report.findings if (f.channel or "sms") == channel)
            found += _differing(text, usual) if channel == "sms" else ()
            yield Line(scenario.slug, text.language, channel, bill, text.parts, text.why, found)
    yield from _alone(scenario, rich)


def _differing(text: Text, usual: Mapping[str, str]) -> tuple[Finding, ...]:
    """A template has one default for all its languages; its own words go into the text."""
    said = "Another language has another default. Write {{ name|default('…') }} in the text."
    return tuple(
        Finding("error", "default_differs", said, f"defaults.{name}", text.language, "sms")
        for name, words in text.defaults.items()
        if usual[name] != words
    )


def _alone(scenario: Scenario, rich: dict[str, object]) -> Iterator[Line]:
    """RCS without an SMS beneath it."""
    for language in rich:
        if scenario.text(language) is None:
            words = replace(words_of(scenario), rich={language: rich[language]})
            report = lint(words, SHOP, Samples(bounds=FAIR))
            yield Line(scenario.slug, language, "rcs", None, 1, "", report.findings)


def words_of(scenario: Scenario) -> TemplateWords:
    """What the languages share. Only the variables that the scenario names may be used."""
    return TemplateWords(
        scenario.kind,
        {},
        ", ".join(scenario.events),
        transliterate=True,
        expects_replies=scenario.replies,
        page=scenario.page,
        coupon=scenario.coupon,
        variables=offered(scenario),
        shipped=True,
    )


def offered(scenario: Scenario) -> tuple[Variable, ...]:
    """The scenario's variables that each of its events has; all there are where it has no event."""
    kinds = [variables_for(event) for event in scenario.events] or [variables_for()]
    everywhere = set.intersection(*({v.name for v in kind} for kind in kinds))
    return tuple(v for v in kinds[0] if v.name in everywhere & set(scenario.variables))

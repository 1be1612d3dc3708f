"""Sending rules of a workspace: hours by country and kind, limits per person, repeats, prefixes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hub.automations import windows
from hub.automations.caps import EVERY, Cap
from hub.automations.document import KINDS
from hub.automations.hours import Closure, Window
from hub.automations.presets import zones_of_country
from hub.automations.reading import DocumentError, Problem, Section, opened
from hub.compose import keywords

__all__ = ["Rules", "as_json", "parse"]

ANYWHERE = "*"
PAUSABLE = ("marketing", "all")
_FIELDS = (
    "windows", "frequency", "quiet_repeat_hours", "prefix_per_minute", "paused", "messages_per_day",
    "messages_per_month", "surge_times", "least_arriving", "closed", "keywords",
)  # fmt: skip
USUAL_REPEAT_HOURS = 24
_LONGEST_REPEAT_HOURS = 30 * 24
_MOST_CAPS = 10
_MOST_MESSAGES = 1000
_LONGEST_CAP_DAYS = 90
_MOST_PER_MINUTE = 100_000
_MOST_SENT = 10**9
_MOST_TIMES = 1000
_MOST_CLOSURES = 50
_LONGEST_CLOSURE_DAYS = 120
_LONGEST_WHY = 60
# Nobody is glad of more than this from one shop, and whoever pumps messages to one number is
# stopped by it; a workspace that allows more marketing than that allows as much altogether.
_AN_HOUR, _A_DAY = 5, 10
USUAL_TIMES, USUAL_ARRIVING = 5, 50


@dataclass(frozen=True)
class Rules:
    """`windows` by country (or "*", every other) and kind. `frequency` None leaves the workspace's
    daily cap in force. `quiet_repeat_hours`: how long the same words do not go to the same person
    again, 0 for no such rule; `prefix_per_minute`: to numbers that begin alike, None for no limit.

    `paused`: what is kept back by hand, "marketing" or "all"; `messages_per_day`, `_month`: of the
    whole workspace, None for no limit. An automation waits that has sent `surge_times` its usual
    day, or of whose messages less than `least_arriving` percent arrive; 0 for no such rule.
    `closed`: own days on which no hours are open; `keywords`: own words of answers by meaning.
    """

    windows: Mapping[tuple[str, str], Window] = field(default_factory=dict)
    frequency: tuple[Cap, ...] | None = None
    quiet_repeat_hours: int = USUAL_REPEAT_HOURS
    prefix_per_minute: int | None = None
    paused: str = ""
    messages_per_day: int | None = None
    messages_per_month: int | None = None
    surge_times: int = USUAL_TIMES
    least_arriving: int = USUAL_ARRIVING
    closed: tuple[Closure, ...] = ()
    keywords: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def window(self, country: str, kind: str) -> Window | None:
        """The hours set for messages of a kind to numbers of a country; None where none are."""
        own = self.windows.get((country, kind))
        return own or self.windows.get((ANYWHERE, kind))

    def caps(self, daily_cap: int) -> tuple[Cap, ...]:
        """The limits per person; the usual ones and the workspace's daily cap on marketing where
        none are written."""
        if self.frequency is not None:
            return self.frequency
        hour = Cap(max(_AN_HOUR, daily_cap), 60, EVERY)
        day = Cap(max(_A_DAY, daily_cap), 1440, EVERY)
        return Cap(daily_cap, 1440), hour, day


def parse(document: Mapping[str, Any]) -> Rules:
    """The rules a JSON document describes; {} is the usual ones.

    {"windows": {"FR": {"marketing": {"preset": "FR"}}, "*": {"transactional": {...}}},
    "frequency": [{"messages": 3, "hours": 24, "kind": "marketing"}], "quiet_repeat_hours": 24,
    "prefix_per_minute": 60, "paused": "marketing", "messages_per_day": 5000, "messages_per_month":
    90000, "surge_times": 5, "least_arriving": 50, "closed": [{"from": "2026-12-24", "to":
    "2027-01-02", "why": "Winter break"}], "keywords": {"yes": ["présent"]}}. Raises
    DocumentError with every problem.
    """
    root = opened(document)
    root.knows(*_FIELDS)
    rules = Rules(
        windows=_windows(root.section("windows", required=False)),
        frequency=_frequency(root),
        quiet_repeat_hours=root.whole(
            "quiet_repeat_hours", _LONGEST_REPEAT_HOURS, USUAL_REPEAT_HOURS
        ),
        prefix_per_minute=_limit(root, "prefix_per_minute", _MOST_PER_MINUTE),
        paused=_paused(root),
        messages_per_day=_limit(root, "messages_per_day", _MOST_SENT),
        messages_per_month=_limit(root, "messages_per_month", _MOST_SENT),
        surge_times=root.whole("surge_times", _MOST_TIMES, USUAL_TIMES),
        least_arriving=root.whole("least_arriving", 100, USUAL_ARRIVING),
        closed=_closed(root),
        keywords=_keywords(root.section("keywords", required=False)),
    )
    if root.problems:
        raise DocumentError(root.problems)
    return rules


def _windows(section: Section) -> dict[tuple[str, str], Window]:
    found: dict[tuple[str, str], Window] = {}
    for country in section.values:
        if country != ANYWHERE and not zones_of_country(str(country)):
            words = "is no country. Give two capital letters such as «FR», or «*» for all others."
            section.complain(str(country)[:80], words)
            continue
        own = section.section(country)
        own.knows(*KINDS)
        for kind in KINDS:
            window = _window(own, kind) if kind in own.values else None
            if window:
                found[country, kind] = window
    return found


def _window(section: Section, kind: str) -> Window | None:
    try:
        return windows.parse(section.values[kind])
    except DocumentError as error:
        where = section.where(kind)
        for problem in error.problems:
            path = f"{where}.{problem.field}" if problem.field else where
            section.problems.append(Problem(path, problem.words))
        return None


def _frequency(root: Section) -> tuple[Cap, ...] | None:
    if root.values.get("frequency") is None:
        return None
    given = root.rows("frequency")
    if len(given) > _MOST_CAPS:
        root.complain("frequency", f"may hold at most {_MOST_CAPS} limits.")
    return tuple(map(_cap, given[:_MOST_CAPS]))


def _cap(section: Section) -> Cap:
    section.knows("messages", "hours", "days", "kind")
    messages = section.whole("messages", _MOST_MESSAGES)
    if ("hours" in section.values) == ("days" in section.values):
        section.complain("hours", "or «days» must say in how long; give one of the two.")
    unit, hours, most = ("days", 24, _LONGEST_CAP_DAYS)
    if "hours" in section.values:
        unit, hours, most = ("hours", 1, _LONGEST_CAP_DAYS * 24)
    length = section.whole(unit, most, 1)
    if not length:
        section.complain(unit, "must be at least 1.")
    return Cap(messages, length * hours * 60, section.choice("kind", (*KINDS, EVERY)))


def _paused(root: Section) -> str:
    return root.choice("paused", PAUSABLE) if root.values.get("paused") else ""


def _limit(root: Section, name: str, largest: int) -> int | None:
    if root.values.get(name) is None:
        return None
    most = root.whole(name, largest)
    if most == 0 and not any(p.field == name for p in root.problems):
        root.complain(name, "must be at least 1; leave it out for no limit.")
    return most


def _closed(root: Section) -> tuple[Closure, ...]:
    given = root.rows("closed")
    if len(given) > _MOST_CLOSURES:
        root.complain("closed", f"may hold at most {_MOST_CLOSURES} closings.")
    found = [_closure(one) for one in given[:_MOST_CLOSURES]]
    return tuple(sorted((one for one in found if one), key=lambda one: (one.first, one.last)))


def _closure(section: Section) -> Closure | None:
    section.knows("from", "to", "why")
    first, last = _day(section, "from"), _day(section, "to")
    why = section.text("why", _LONGEST_WHY) if section.values.get("why") else ""
    if first is None or last is None:
        return None
    if not 0 <= (last - first).days < _LONGEST_CLOSURE_DAYS:
        words = f"must be the same day or later, within {_LONGEST_CLOSURE_DAYS} days."
        section.complain("to", words)
        return None
    return Closure(first, last, why)


def _day(section: Section, name: str) -> date | None:
    try:
        return date.fromisoformat(str(section.values.get(name, "")))
    except ValueError:
        section.complain(name, "must be a day such as 2026-12-24.")
        return None


def _keywords(section: Section) -> dict[str, tuple[str, ...]]:
    section.knows(*keywords.OWN)
    found: dict[str, tuple[str, ...]] = {}
    for means in keywords.OWN:
        given = section.values.get(means, ())
        if not isinstance(given, list | tuple):
            section.complain(means, "must be a list.")
            continue
        for place, phrase in enumerate(given):
            if words := keywords.unfit(phrase, means):
                section.complain(f"{means}[{place}]", words)
        if len(given) > keywords.MOST_OWN:
            section.complain(means, f"may hold at most {keywords.MOST_OWN} wordings.")
        if given:
            found[means] = tuple(map(str, given))
    return found


def as_json(rules: Rules) -> dict[str, Any]:
    """The document of the rules, every field written out; `parse` gives the same value back."""
    hours: dict[str, dict[str, Any]] = {}
    for (country, kind), window in rules.windows.items():
        hours.setdefault(country, {})[kind] = windows.as_json(window)
    caps = None
    if rules.frequency is not None:
        caps = [_cap_json(cap) for cap in rules.frequency]
    return {
        "windows": hours,
        "frequency": caps,
        "quiet_repeat_hours": rules.quiet_repeat_hours,
        "prefix_per_minute": rules.prefix_per_minute,
        "paused": rules.paused or None,
        "messages_per_day": rules.messages_per_day,
        "messages_per_month": rules.messages_per_month,
        "surge_times": rules.surge_times,
        "least_arriving": rules.least_arriving,
        "closed": [_closed_json(one) for one in rules.closed],
        "keywords": {means: list(words) for means, words in rules.keywords.items()},
    }


def _closed_json(closure: Closure) -> dict[str, str]:
    why = {"why": closure.why} if closure.why else {}
    return {"from": closure.first.isoformat(), "to": closure.last.isoformat(), **why}


def _cap_json(cap: Cap) -> dict[str, Any]:
    days, rest = divmod(cap.minutes, 1440)
    length = {"hours": cap.minutes // 60} if rest or days == 1 else {"days": days}
    return {"messages": cap.messages, **length, "kind": cap.kind}

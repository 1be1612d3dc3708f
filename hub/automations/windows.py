"""Sending windows: a country's preset or a workspace's own hours, from JSON and back to it."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any
from zoneinfo import available_timezones

from hub.automations.closures import clock, hours_in_words, why_closed
from hub.automations.hours import Span, Window, next_open, open_at, zone_named, zone_of
from hub.automations.presets import PRESETS, always, preset, span_of
from hub.automations.reading import DocumentError, Problem, Section, meant, opened
from hub.automations.wording import WEEKDAYS

__all__ = [
    "PRESETS", "DocumentError", "Problem", "Window", "always", "as_json", "hours_in_words",
    "next_open", "open_at", "parse", "preset", "why_closed", "zone_of",
]  # fmt: skip

_SHORT = tuple(name[:3].lower() for name in WEEKDAYS)


def parse(document: Mapping[str, Any]) -> Window:
    """A window from {"preset": "FR"}, or from zone, days and holidays.

    {"zone": "Europe/Paris", "days": {"mon": ["08:00-12:00", "14:00-20:00"]}, "holidays": "FR"};
    holidays may name a part ("FR-57") or be null. Raises DocumentError with every problem.
    """
    root = opened(document)
    window = _chosen(root) if "preset" in root.values else _own(root)
    if window is None or root.problems:
        raise DocumentError(root.problems)
    return window


def _chosen(root: Section) -> Window | None:
    root.knows("preset")
    name = root.text("preset")
    if name == "always":
        return always()
    try:
        return preset(name)
    except KeyError:
        words = f"«{name}» is neither a country nor a preset.{meant(name, PRESETS)}"
        root.complain("preset", words)
        return None


def _own(root: Section) -> Window | None:
    root.knows("zone", "days", "holidays", "country")
    zone = root.text("zone")
    if zone and zone_named(zone) is None:
        words = f"«{zone}» is not a time zone.{meant(zone, available_timezones())}"
        root.complain("zone", words)
    days = _days(root.section("days"))
    calendar, _, part = _calendar(root)
    country = root.text("country") if root.values.get("country") else calendar
    if not any(days) and not root.problems:
        root.complain("days", "has no sending hours at all; give at least one day some.")
    return None if root.problems else Window(zone, days, calendar or None, part, country)


def _days(section: Section) -> tuple[tuple[Span, ...], ...]:
    section.knows(*_SHORT)
    return tuple(_spans(section, name) for name in _SHORT)


def _spans(section: Section, name: str) -> tuple[Span, ...]:
    try:
        spans = sorted(map(span_of, section.values.get(name, [])))
    except (ValueError, TypeError, AttributeError):
        words = 'must be a list of hours within one day, such as ["08:00-12:00", "14:00-20:00"].'
        section.complain(name, words)
        return ()
    if any(later[0] < earlier[1] for earlier, later in pairwise(spans)):
        section.complain(name, "has hours that overlap; join them into one.")
    return tuple(spans)


def _calendar(root: Section) -> tuple[str, str, str]:
    import holidays  # 3 MB that most of the web has no use for

    value = root.values.get("holidays")
    country, dash, part = value.partition("-") if isinstance(value, str) else ("", "", "")
    supported = holidays.list_supported_countries()
    if value is None:
        return "", "", ""
    if len(country) != 2 or country not in supported:
        root.complain("holidays", "must be a country's two letters, such as «FR», or null.")
    elif part and part not in supported[country]:
        words = f"«{part}» is not a part of {country} with holidays of its own."
        root.complain("holidays", words + meant(part, supported[country]))
    return country, dash, part


def as_json(window: Window) -> dict[str, Any]:
    """The form `parse` reads back to the same window, every field written out."""
    part = f"-{window.subdivision}" if window.subdivision else ""
    calendar = f"{window.holidays}{part}" if window.holidays else None
    days = {name: list(spans) for name, spans in _written(window.days)}
    return {"zone": window.zone, "days": days, "holidays": calendar, "country": window.country}


@lru_cache(maxsize=1024)
def _written(days: tuple[tuple[Span, ...], ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A few windows serve everybody."""
    return tuple(
        (name, tuple(f"{clock(start)}-{clock(end)}" for start, end in spans))
        for name, spans in zip(_SHORT, days, strict=True)
    )

"""Why nothing leaves at an instant, and sending hours in words."""

from collections.abc import Iterable
from datetime import datetime

from hub.automations.hours import Span, Window, closure_on, holiday_on, open_at, zone_of
from hub.automations.wording import WEEKDAYS, country_name, day, place


def why_closed(window: Window, instant: datetime, zone: str = "") -> str:
    """One sentence saying why nothing leaves at that instant; empty while it is open."""
    if open_at(window, instant, zone):
        return ""
    local = instant.astimezone(zone_of(window, zone))
    own = closure_on(window, local.date())
    if own:
        why = f" ({own.why})" if own.why else ""
        return f"{day(local)} is one of your closed days{why}."
    holiday = holiday_on(window, local.date())
    if holiday:
        where = country_name(window.holidays or "")
        return f"{day(local)} is a public holiday in {where} ({holiday})."
    when = f"{local:%H:%M}" if window.days[local.weekday()] else WEEKDAYS[local.weekday()]
    town = place(zone_of(window, zone))
    return f"It is {when} in {town}; sending hours are {hours_in_words(window)}."


def hours_in_words(window: Window) -> str:
    """«08:00 to 20:00, Monday to Saturday», days of the same hours joined."""
    groups: list[tuple[tuple[Span, ...], list[str]]] = []
    for spans, name in zip(window.days, WEEKDAYS, strict=True):
        if groups and groups[-1][0] == spans:
            groups[-1][1].append(name)
        else:
            groups.append((spans, [name]))
    return "; ".join(f"{_hours(s)}, {_from_to(names)}" for s, names in groups if s)


def _hours(spans: Iterable[Span]) -> str:
    return " and ".join(f"{clock(start)} to {clock(end)}" for start, end in spans)


def _from_to(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def clock(minutes: int) -> str:
    """Minutes since midnight as «08:00»."""
    return f"{minutes // 60:02}:{minutes % 60:02}"

"""Preferring: the first preferred hour of a day that lies in sending hours and comes in time."""

from datetime import UTC, datetime, time, timedelta

from hub.automations.hours import Window, next_open_in, zone_of

_HOUR = timedelta(hours=1)


def preferred_slot(
    window: Window, hour: int, soonest: datetime, latest: datetime, zones: tuple[str, ...]
) -> datetime | None:
    """The first instant (UTC) from `soonest` to `latest` in that hour of a day (0-23, on the clock
    of the first zone) with hours open in all zones; None where there is none."""
    place = zone_of(window, zones[0])
    day = soonest.astimezone(place).date()
    while (begins := datetime.combine(day, time(hour), place).astimezone(UTC)) <= latest:
        day += timedelta(days=1)
        if begins.astimezone(place).hour != hour or begins + _HOUR <= soonest:
            continue  # a change of clocks skips it, or it has gone
        found = next_open_in(window, max(begins, soonest), zones)
        if found is None:
            return None
        if found < begins + _HOUR and found <= latest:
            return found
    return None

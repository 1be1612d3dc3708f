"""Occurrences of a repeated event: the part of RFC 5545 that booking tools use."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = dict[str, Any]
MOST = 366  # a series without an end is told this far
_STEP = {"DAILY": timedelta(days=1), "WEEKLY": timedelta(weeks=1)}


def occurrences(master: Row) -> Iterator[tuple[str, Row]]:
    """Each occurrence's id and what it has of its own: its times and its place in the series."""
    rule = dict(part.split("=", 1) for part in master["recurrence"][0][len("RRULE:") :].split(";"))
    step = _STEP[rule["FREQ"]] * int(rule.get("INTERVAL", "1"))
    start, end = master["start"], master["end"]
    zone = ZoneInfo(start.get("timeZone", "UTC"))
    first, last = _wall(start, zone), _wall(end, zone)
    until = _until(rule.get("UNTIL", ""), zone)
    for number in range(min(int(rule.get("COUNT", MOST)), MOST)):
        begins = first + step * number
        if until and begins > until:
            return
        own = {"start": _said(begins, start, zone), "end": _said(last + step * number, end, zone)}
        yield (
            f"{master['id']}_{_name(begins, start, zone)}",
            own | {"originalStartTime": own["start"]},
        )


def _wall(when: Row, zone: ZoneInfo) -> datetime:
    if "date" in when:
        return datetime.combine(date.fromisoformat(when["date"]), datetime.min.time())
    return datetime.fromisoformat(when["dateTime"]).astimezone(zone).replace(tzinfo=None)


def _said(wall: datetime, like: Row, zone: ZoneInfo) -> Row:
    # Added to the wall's clock: an appointment at ten stays at ten when the clocks change.
    if "date" in like:
        return {"date": wall.date().isoformat()}
    return {"dateTime": wall.replace(tzinfo=zone).isoformat(), "timeZone": zone.key}


def _name(wall: datetime, like: Row, zone: ZoneInfo) -> str:
    if "date" in like:
        return f"{wall:%Y%m%d}"
    return f"{wall.replace(tzinfo=zone).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _until(text: str, zone: ZoneInfo) -> datetime | None:
    if not text:
        return None
    if text.endswith("Z"):
        at = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        return at.astimezone(zone).replace(tzinfo=None)
    return datetime.strptime(text[:8], "%Y%m%d") + timedelta(days=1)  # noqa: DTZ007

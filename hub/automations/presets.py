"""Each country's sending hours for marketing: careful defaults, not legal advice."""

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from hub.automations.hours import Span, Window

DAY_END = 24 * 60


def _week(weekdays: str, saturday: str = "") -> tuple[tuple[Span, ...], ...]:
    return (*(5 * ((span_of(weekdays),),)), (span_of(saturday),) if saturday else (), ())


def span_of(text: str) -> Span:
    """«08:00-20:00» as minutes. Raises ValueError where it is no span within one day."""
    start, _, end = text.partition("-")
    span = _minutes(start), _minutes(end)
    if span[0] >= span[1]:
        raise ValueError(text)
    return span


def _minutes(clock: str) -> int:
    hours, _, minutes = clock.strip().partition(":")
    if not (len(hours) == len(minutes) == 2 and (hours + minutes).isascii()):
        raise ValueError(clock)
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or not 0 <= total <= DAY_END:
        raise ValueError(clock)
    return total


_EIGHT = _week("08:00-20:00", "08:00-20:00")
_NINE = _week("09:00-20:00", "09:00-20:00")

PRESETS: Mapping[str, Window] = {
    "FR": Window("Europe/Paris", _EIGHT, "FR", country="FR"),
    "FR-strict": Window("Europe/Paris", _week("10:00-20:00", "10:00-20:00"), "FR", country="FR"),
    # Spain's consumer law keeps sales calls out of weekends: the same care is taken here.
    "ES": Window("Europe/Madrid", _week("09:00-20:00"), "ES", country="ES"),
    "IT": Window("Europe/Rome", _week("09:00-20:00", "10:00-19:00"), "IT", country="IT"),
    "DE": Window("Europe/Berlin", _NINE, "DE", country="DE"),
    "GB": Window("Europe/London", _NINE, "GB", "ENG", "GB"),
    "BE": Window("Europe/Brussels", _NINE, "BE", country="BE"),
    "CH": Window("Europe/Zurich", _NINE, "CH", country="CH"),
    # Read in the recipient's zone: inside the federal 8-21 and the stricter states' 8-20.
    "US": Window("America/New_York", _NINE, "US", country="US"),
}


@lru_cache(maxsize=512)
def preset(name: str) -> Window:
    """A country's window ("FR", "FR-strict", …). Any other ISO 3166 code gets careful hours:

    10:00-18:00 on the country's working days, in its first zone. Raises KeyError for a name that
    is no country.
    """
    if name in PRESETS:
        return PRESETS[name]
    import holidays  # 3 MB that most of the web has no use for

    zone = _zones()[name][0]
    known = name in holidays.list_supported_countries()
    rest = holidays.country_holidays(name).weekend if known else {5, 6}
    days = tuple(() if n in rest else (span_of("10:00-18:00"),) for n in range(7))
    return Window(zone, days, name if known else None, country=name)


def zones_of_country(country: str) -> tuple[str, ...]:
    """A country's time zones, the most populous first; none for what is no country."""
    return _zones().get(country, ())


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, tuple[str, ...]]:
    """Each country's zones, from the time zone database's own table."""
    table = (resources.files("tzdata.zoneinfo") / "zone.tab").read_text("utf-8")
    zones: dict[str, tuple[str, ...]] = {}
    for line in table.splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            zones[country] = (*zones.get(country, ()), zone)
    return zones


def always() -> Window:
    """Open at every instant."""
    return Window("UTC", 7 * (((0, DAY_END),),))

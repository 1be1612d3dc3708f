"""Places: which time zones a phone number itself tells of."""

from functools import lru_cache

from hub.automations.hours import zone_named
from hub.automations.presets import zones_of_country

# Area codes lie in one zone or two here, and say less than they did: people keep their numbers.
# Where the record has a zone too, hours must be open in both.
BY_AREA_CODE = frozenset({"US", "CA"})


@lru_cache(maxsize=10_000)
def zones_of_number(area: str, country: str) -> tuple[str, ...]:
    """The zones of an area code in North America (`area` lists them, with commas), the one zone of
    a small country ("RE"); nothing where a number does not say."""
    if country in BY_AREA_CODE:
        found = [zone for zone in area.split(",") if zone_named(zone)]
        return tuple(found) if len(found) <= 2 else ()  # more is the whole country: says nothing
    zones = zones_of_country(country)
    return zones if len(zones) == 1 else ()

"""Places: which time zones a phone number itself tells of."""

from functools import lru_cache

import phonenumbers
from phonenumbers import timezone

from hub.automations.hours import zone_named
from hub.automations.presets import zones_of_country

# Area codes lie in one zone or two here, and say less than they did: people keep their numbers.
# Where the record has a zone too, hours must be open in both.
BY_AREA_CODE = frozenset({"US", "CA"})


@lru_cache(maxsize=100_000)
def zones_of_number(e164: str, country: str) -> tuple[str, ...]:
    """The zones of an area code in North America, the one zone of a small country ("RE"); nothing
    where a number does not say."""
    if country in BY_AREA_CODE:
        return _by_area_code(e164)
    zones = zones_of_country(country)
    return zones if len(zones) == 1 else ()


def _by_area_code(e164: str) -> tuple[str, ...]:
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return ()
    found = [z for z in timezone.time_zones_for_geographical_number(number) if zone_named(z)]
    return tuple(found) if len(found) <= 2 else ()  # more is the whole country: it says nothing

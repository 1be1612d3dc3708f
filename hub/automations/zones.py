"""Zones: on whose clocks sending hours must be open for one person."""

from hub.automations.facts import Facts
from hub.automations.hours import zone_named
from hub.automations.places import BY_AREA_CODE


def zones_of(facts: Facts) -> tuple[str, ...]:
    """The record's zone, else the number's own; both in North America, where neither proves where
    the phone is and the stricter counts. An empty name is the window's own zone. Never empty."""
    person = facts.person
    if person is None:
        return ("",)
    own = person.zone if zone_named(person.zone) else ""
    if not own:
        return person.number_zones or ("",)
    if person.country not in BY_AREA_CODE:
        return (own,)
    return (own, *(zone for zone in person.number_zones if zone != own))

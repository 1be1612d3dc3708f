"""Ready-made automations for what a connector tells: those that ship, and where none does, one made
around a message of the gallery."""

from collections.abc import Iterator, Mapping, Sequence

from hub.automations.document import Automation
from hub.automations.starters import STARTERS
from hub.compose.gallery import Scenario
from hub.contract import VOCABULARY
from hub.contract.events import TELLS_OF_UPCOMING, UPCOMING

# What says nothing of why it is sent fits whatever a record or a row is; in this order.
_ANYTHING = ("row.added", "record.changed", "contact.changed")
_PLAIN = frozenset({"first_name", "brand"})


def offered(events: Sequence[str], gallery: Mapping[str, Scenario]) -> dict[str, Automation]:
    """By name, for these event types in their order, the shipped ones first; what stands ahead is
    worth most, where it is told."""
    order = [UPCOMING, *events] if set(events) & set(TELLS_OF_UPCOMING) else list(events)
    told = set(order)
    shipped = sorted(
        ((slug, one) for slug, one in STARTERS.items() if one.event in told),
        key=lambda pair: order.index(pair[1].event),
    )
    found = dict(shipped)
    met = {one.event for one in found.values()}
    for slug, scenario in gallery.items():
        for event in scenario.events:
            if event in told - met - {UPCOMING}:
                found.setdefault(slug, around(scenario, event))
    return found or dict(_for_anything(told, gallery))


def around(scenario: Scenario, event: str) -> Automation:
    """An automation that sends this message, once for each record, or for each of its states."""
    english = scenario.text("en") or scenario.texts[0]
    again = event.endswith("changed") and VOCABULARY[event].variable("status") is not None
    once = "status" if again else "subject"
    return Automation(english.title, event, scenario.slug, scenario.kind, once_per=once)


def _for_anything(
    told: set[str], gallery: Mapping[str, Scenario]
) -> Iterator[tuple[str, Automation]]:
    event = next((name for name in _ANYTHING if name in told), None)
    for slug, one in gallery.items():
        plain = not one.events and not one.sector and set(one.variables) == _PLAIN
        if event and plain and not one.coupon:
            yield slug, around(one, event)

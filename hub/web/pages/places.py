"""Countries and time zones, as a form offers them and takes them back."""

from collections.abc import Mapping

from babel import Locale
from babel.core import get_global
from flask_babel import get_locale, gettext

from hub.automations.hours import zone_named
from hub.automations.presets import zones_of_country

_NO_COUNTRY = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})


def countries() -> list[tuple[str, str]]:
    """(code, name) in the reader's language, by name."""
    found = (get_locale() or Locale("en")).territories.items()
    named = [(code, name) for code, name in found if len(code) == 2 and code.isalpha()]
    kept = [(code, name) for code, name in named if code not in _NO_COUNTRY]
    return sorted(kept, key=lambda pair: pair[1].casefold())


def zones() -> list[str]:
    """Time zones that are places, as people look for them."""
    return sorted(zone for zone in get_global("zone_territories") if "/" in zone)


def zone_in(form: Mapping[str, str]) -> str:
    """The time zone that a form names; where it names none, that of its country."""
    own = next(iter(zones_of_country(form.get("country", ""))), "")
    return form.get("zone", "").strip() or own


def wrong_zone(zone: str) -> dict[str, str]:
    """What to say beside the field where there is no such time zone."""
    words = gettext("There is no such time zone. Choose one from the list.")
    return {} if zone_named(zone) else {"zone": words}

"""Guides: the list of them, one, and what a connector says of itself."""

from collections.abc import Sequence

from flask_babel import get_locale, gettext

from hub.web.pages.guides import calls, reading
from hub.web.pages.guides.reading import Guide
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Missing, Shown, Wing

wing = Wing("guides")

_PATH = "/guides"


@wing.way(f"GET {_PATH}", may="anyone")
def listing(visit: Visit) -> Shown:
    """Every guide with its first sentence, and every connector."""
    values = {"guides": guides(), "connectors": connectors(visit)}
    return Shown("guides/list.html", values)


@wing.way(f"GET {_PATH}/<guide>", may="anyone")
def one(visit: Visit, guide: str) -> Shown:
    """A short guide in the reader's language, with the one that comes after it."""
    try:
        found = reading.guide(guide, _language(), gettext)
    except KeyError:
        raise Missing(guide) from None
    later = reading.SLUGS[reading.SLUGS.index(guide) + 1 :][:1]
    after = reading.guide(later[0], _language(), gettext) if later else None
    return Shown("guides/guide.html", {"guide": found, "after": after})


@wing.way(f"GET {_PATH}/connectors/<connector>", may="anyone")
def connector(visit: Visit, connector: str) -> Shown:
    """What a connector says of itself; written once, in English."""
    try:
        found = reading.readme(connector)
    except KeyError:
        raise Missing(connector) from None
    return Shown("guides/guide.html", {"guide": found, "after": None, "is_readme": True})


@wing.way("GET /api", may="see")
def api(visit: Visit) -> Shown:
    """Every call of the API, or those that fit what was typed."""
    typed = visit.args.get("q", "").strip()[:100]
    nouns = calls.by_noun(visit.ground.settings.address)
    kept = {noun: [c for c in found if _fits(c, typed)] for noun, found in nouns.items()}
    shown = {noun: found for noun, found in kept.items() if found}
    return Shown("guides/api.html", {"nouns": shown, "typed": typed})


def guides() -> Sequence[Guide]:
    """All short guides in the reader's language."""
    return [reading.guide(slug, _language(), gettext) for slug in reading.SLUGS]


def connectors(visit: Visit) -> Sequence[tuple[str, str]]:
    """Connectors that say something of themselves: (slug, title), by title."""
    found = []
    for slug in visit.ground.connectors:
        try:
            found.append((slug, reading.readme(slug).title))
        except KeyError:
            continue
    return sorted(found, key=lambda one: one[1].casefold())


def _language() -> str:
    return str(get_locale() or "en")


def _fits(call: calls.Call, typed: str) -> bool:
    text = f"{call.method} {call.path} {call.says} {call.name}".casefold()
    return all(part in text for part in typed.casefold().split())

"""The search box: a page of its own, and the part that its window on every page asks for."""

from typing import Any

from flask_babel import gettext

from hub.store.numbers import TOKEN
from hub.web.pages.find import rows, titles
from hub.web.pages.find.titles import Hit
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown, Wing

wing = Wing("find")

_LONGEST = 100


@wing.way("GET /find", may="see")
def find(visit: Visit) -> Shown | Go:
    """What fits what was typed, by kind. A number stands in no address for longer than it takes."""
    typed = visit.args.get("q", "").strip()[:_LONGEST]
    if not typed:
        template = "find/box.html" if visit.wants_part and "box" in visit.args else ""
        return Shown(template or _template(visit), {"typed": "", "groups": []})
    with visit.begin() as db:
        sought = rows.as_token(visit, db, typed)
        if sought != typed and not visit.wants_part:
            return Go(f"/find?q={sought}")
        groups = [group for group in _groups(visit, db, sought) if group[2]]
    shown = "" if TOKEN.fullmatch(sought) else typed
    return Shown(_template(visit), {"typed": shown, "asked": typed, "groups": groups})


def _template(visit: Visit) -> str:
    return "find/found.html" if visit.wants_part else "find/page.html"


def _groups(visit: Visit, db: Any, typed: str) -> list[tuple[str, str, list[Hit]]]:
    """(what they are, an icon, a few of them), what is most often meant first."""
    if TOKEN.fullmatch(typed):
        return [(gettext("People"), "users", rows.people(visit, db, typed))]
    named = titles.named(visit, db, typed)
    found = [
        (gettext("People"), "users", rows.people(visit, db, typed)),
        (gettext("Messages"), "message", rows.messages(visit, db, typed)),
        (gettext("Pages"), "arrow-right", list(titles.pages(visit, typed))),
        (gettext("Automations"), "bolt", named["automation"]),
        (gettext("Templates"), "template", named["template"]),
        (gettext("Connections"), "plug-connected", named["connection"]),
        (gettext("Help"), "book", list(titles.guides(visit, typed))),
    ]
    return [(words, drawing, hits[: rows.EACH]) for words, drawing, hits in found]

"""All templates, the gallery of ready-made ones, and the beginning of a new one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask_babel import get_locale, gettext
from sqlalchemy import Connection

from hub.automations.stand_ins import as_slug
from hub.compose.gallery import Scenario
from hub.compose.lint import ShopWords
from hub.contract import VOCABULARY
from hub.send import ready_made, sheets
from hub.send.lengths import Length, length_of
from hub.send.previewing import example
from hub.send.publish import shop_words
from hub.send.sheets import Sheet, Taken
from hub.store import automations, templates
from hub.web.pages.templates.entry import author, shop_of, wing
from hub.web.pages.templates.form import KINDS
from hub.web.pages.templates.showing import OFFERED, events_offered, names_of_languages
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown

_EN = "en"


@dataclass(frozen=True)
class Line:
    """One template in the list; `length` is of its main language, None where it cannot be read."""

    sheet: Sheet
    channels: Sequence[str]
    users: Sequence[tuple[str, str]]
    length: Length | None


@wing.way("GET /templates", may="see")
def listing(visit: Visit) -> Shown:
    """Every template."""
    asked = {n: v for n, v in visit.args.items() if n in ("q", "kind", "state") and v}
    with visit.begin() as db:
        every = sheets.sheets(db, visit.workspace_id)
        chosen = [one for one in every if _fits(one, asked)]
        lines = list(_lines(visit, db, chosen))
    values = {"lines": lines, "every": len(every), "asked": asked, "chips": _chips(asked),
              "names": names_of_languages(), "here": "/templates"}  # fmt: skip
    return Shown("templates/list.html", values)


@wing.way("GET /templates/new", may="write")
def new(visit: Visit) -> Shown:
    """A name, what it is for, a language."""
    with visit.begin() as db:
        form = {"language": shop_of(visit, db)["language"], "kind": "transactional"}
    return _new({**form, "event": visit.args.get("event", "")}, {})


@wing.way("POST /templates/new", may="write")
def begin(visit: Visit) -> Shown | Go:
    """Begin it, as a draft."""
    form, title = visit.form, visit.form.get("title", "").strip()[:100]
    if not title:
        return _new(form, {"title": gettext("Give it a name: you find it by it.")})
    document = {
        **templates.USUAL,
        "title": title,
        "kind": form["kind"] if form.get("kind") in KINDS else "transactional",
        "event": form.get("event", "") if form.get("event") in VOCABULARY else "",
        "texts": {form["language"] if form.get("language") in OFFERED else _EN: ""},
        "transliterate": True,
    }
    slug = _begun(visit, title, document)
    if slug is None:
        words = gettext("There are several of this name already. Choose another.")
        return _new(form, {"title": words})
    return Go(f"/templates/{slug}")


@wing.way("GET /templates/gallery", may="see")
def gallery(visit: Visit) -> Shown:
    """Ready-made messages, by sector."""
    sector, found = visit.args.get("sector", ""), ready_made.scenarios(visit.ground)
    with visit.begin() as db:
        taken = {one.slug for one in sheets.sheets(db, visit.workspace_id)}
        shop = shop_words(visit.ground, db, visit.workspace_id)
    sectors = sorted({one.sector for one in found.values() if one.sector})
    sector = sector if sector in sectors else ""
    shown = [one for one in found.values() if not sector or one.sector == sector]
    values = {
        "cards": [(one, _told(one, "title"), _told(one, "advice"), _example(one, shop))
                  for one in shown],
        "sectors": sectors,
        "sector": sector, "taken": taken, "has_agent": shop.has_agent,
        "names": names_of_languages(), "here": "/templates",
    }  # fmt: skip
    return Shown("templates/gallery.html", values)


@wing.way("POST /templates/gallery", may="write")
def take(visit: Visit) -> Go:
    """Take a ready-made one, as a draft of the same name."""
    slug = visit.form.get("ready", "")
    scenario = ready_made.scenarios(visit.ground).get(slug)
    if scenario is None:
        raise Missing(slug)
    with visit.begin() as db:
        words = ready_made.words_of(visit.ground, db, visit.workspace_id, scenario)
        words["title"] = _told(scenario, "title") or words["title"]
        try:
            sheets.begin(
                db, visit.workspace_id, slug, words, author(visit), visit.ground.clock()
            )  # fmt: skip
        except Taken:
            return Go(f"/templates/{slug}", said=gettext("You have this one already."))
    return Go(f"/templates/{slug}", said=gettext("It is yours now. Read it, then publish it."))


def _begun(visit: Visit, title: str, document: Mapping[str, Any]) -> str | None:
    """The name it was begun under: like its title, with a number where that is in use."""
    stem = as_slug(title)[:70]
    with visit.begin() as db:
        inside = {one.slug for one in sheets.sheets(db, visit.workspace_id)} | sheets.RESERVED
        names = (stem, *(f"{stem}-{n}" for n in range(2, 100)))
        slug = next((name for name in names if name not in inside), None)
        if slug is not None:
            sheets.begin(
                db, visit.workspace_id, slug, document, author(visit), visit.ground.clock()
            )  # fmt: skip
    return slug


def _new(form: Mapping[str, str], wrong: Mapping[str, str]) -> Shown:
    names = names_of_languages()
    values = {
        "form": form, "wrong": wrong, "events": events_offered(), "here": "/templates",
        "languages_offered": [(code, names.get(code, code)) for code in OFFERED],
    }  # fmt: skip
    return Shown("templates/new.html", values, 422 if wrong else 200)


def _lines(visit: Visit, db: Connection, chosen: Sequence[Sheet]) -> Iterator[Line]:
    shop, usual = shop_words(visit.ground, db, visit.workspace_id), shop_of(visit, db)["language"]
    users = _users(db, visit)
    for one in chosen:
        document = one.document
        texts = document["texts"]
        main = usual if usual in texts else next(iter(texts), "")
        rich = document["rich"] or any(v.get("rich") for v in document["variants"].values())
        channels = ("SMS", "RCS") if rich else ("SMS",)
        yield Line(one, channels, users.get(one.slug, ()), length_of(document, main, shop))


def _users(db: Connection, visit: Visit) -> Mapping[str, list[tuple[str, str]]]:
    """The automations of each template: (slug, name)."""
    found: dict[str, list[tuple[str, str]]] = {}
    for one in automations.by_workspaces(db, [visit.workspace_id]):
        sends = one["document"].get("send") or {}
        name = str(one["document"].get("name") or one["slug"])
        found.setdefault(str(sends.get("template")), []).append((one["slug"], name))
    return found


def _fits(one: Sheet, asked: Mapping[str, str]) -> bool:
    document, words = one.document, asked.get("q", "").casefold()
    if words and words not in f"{one.title} {one.slug} {document['texts']}".casefold():
        return False
    if asked.get("kind", document.get("kind")) != document.get("kind"):
        return False
    return asked.get("state", _state(one)) == _state(one)


def _state(one: Sheet) -> str:
    return "draft" if one.draft is not None else "published"


def _chips(asked: Mapping[str, str]) -> list[tuple[str, str, str]]:
    labels = {"q": gettext("Words"), "kind": gettext("Kind"), "state": gettext("State")}
    said = {
        "marketing": gettext("Marketing"), "transactional": gettext("Transactional"),
        "draft": gettext("With a draft"), "published": gettext("Published"),
    }  # fmt: skip
    return [
        (labels[name], said.get(value, value), _without(asked, name))
        for name, value in asked.items()
    ]


def _without(asked: Mapping[str, str], name: str) -> str:
    left = urlencode({n: v for n, v in asked.items() if n != name})
    return f"/templates?{left}" if left else "/templates"


def _told(scenario: Scenario, part: str) -> str:
    """A ready-made message's own words in the reader's language, else in English."""
    language = str(get_locale() or _EN)[:2]
    found = scenario.text(language) or scenario.text(_EN) or next(iter(scenario.texts), None)
    return str(getattr(found, part, ""))


def _example(scenario: Scenario, shop: ShopWords) -> str:
    """What the phone would show of it."""
    language = _told(scenario, "language")
    return example({**templates.USUAL, **scenario.as_template()}, shop, language)

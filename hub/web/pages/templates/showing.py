"""The editor as it is drawn: the text, what stands beside it, and what each control offers."""

from collections.abc import Iterator, Mapping
from typing import Any

from babel import Locale
from flask_babel import get_locale
from sqlalchemy import Connection

from hub.compose.declared import variables_for
from hub.compose.faults import TemplateError
from hub.compose.language import compile_template
from hub.compose.rcs.cards import read
from hub.compose.rcs.fields import kind_of, shape_of
from hub.compose.siblings import apart
from hub.contract import VOCABULARY, Variable
from hub.contract.rich import CARDS, MOST_CARD_SUGGESTIONS, MOST_SUGGESTIONS
from hub.send.glance import Glance, glance
from hub.send.sheets import Sheet
from hub.store import samples
from hub.web.pages import frame
from hub.web.pages.retold import told
from hub.web.pages.templates.deeds import instead
from hub.web.pages.templates.form import Place, text_of
from hub.web.pages.visits import Visit

OFFERED = (*frame.LANGUAGES, "nl", "pt", "pl", "ro", "cs", "da", "sv", "fi", "el", "hu", "tr", "ar")
FILTERS = ("default('')", "date", "time", "weekday", "money", "short", "truncate_gsm(20)", "upper",
           "lower", "first", "plural('', '')")  # fmt: skip
_FITS: Mapping[str, str] = {"url": "|short", "money": "|money", "datetime": "|date"}


def beside(
    visit: Visit, db: Connection, sheet: Sheet, document: Mapping[str, Any], place: Place
) -> dict[str, Any]:
    """What the part beside the text shows: it is drawn anew while somebody types."""
    seen = look(visit, db, document, place)
    return {
        "sheet": sheet, "place": place, "seen": seen, "document": document, "here": "/templates",
        "cost": seen.bill, "instead": instead, "may_write": visit.may("write"),
    }  # fmt: skip


def look(visit: Visit, db: Connection, document: Mapping[str, Any], place: Place) -> Glance:
    """The glance at this place."""
    return glance(
        visit.ground,
        db,
        visit.workspace_id,
        document,
        language=place.language,
        variant=place.variant,
        sample=place.sample,
    )


def editor(
    visit: Visit,
    db: Connection,
    sheet: Sheet,
    document: Mapping[str, Any],
    place: Place,
    wrong: Mapping[str, str] = {},
) -> dict[str, Any]:
    """All values of the editor's page."""
    variables = variables_for(document["event"])
    rich = text_of(document, place, "rich")
    used, main = spoken(document), _main(document, place)
    return {
        **beside(visit, db, sheet, document, place),
        "text": text_of(document, place), "rich": rich, "shape": shape_of(rich),
        "variables": variables, "inserts": {v.name: insert_of(v) for v in variables},
        "offers": [
            {"name": v.name, "says": told(v.says), "insert": insert_of(v)[3:-3]} for v in variables
        ],
        "filters": FILTERS, "form": _fields(document, place), "wrong": wrong,
        "languages_apart": apart(document, sheet.published, main),
        "names": names_of_languages(),
        "codes": sorted(document["texts"], key=lambda code: (code != main, code)),
        "offered": [code for code in OFFERED if code not in document["texts"]],
        "used": [v for v in variables if v.name in used], "kind_of": kind_of,
        "real": _real(visit, db, document), "events": events_offered(),
        "lists": [v.name for v in variables if v.kind == "list" and v.fields],
        "times": [v.name for v in variables if v.kind == "datetime"],
        "limits": {"cards": CARDS[1], "of_card": MOST_CARD_SUGGESTIONS, "below": MOST_SUGGESTIONS},
    }  # fmt: skip


def spoken(document: Mapping[str, Any]) -> frozenset[str]:
    """The variables that any of its texts or cards names, and those with a default."""
    found = set(document["defaults"])
    for wording in (document, *document["variants"].values()):
        for source in (wording.get("texts") or {}).values():
            found |= _names(source, document["event"])
        for rich in (wording.get("rich") or {}).values():
            found |= _names_in(rich, document["event"])
    return frozenset(found)


def insert_of(variable: Variable) -> str:
    """How a variable is usually written: an address short, a sum as a sum."""
    if variable.kind == "list":
        return f"{{{{ {variable.name}|first }}}}"
    return f"{{{{ {variable.name}{_FITS.get(variable.kind, '')} }}}}"


def events_offered() -> list[tuple[str, str]]:
    """What a template may be written for: an event's name, and what it says in English."""
    return [(name, one.says) for name, one in VOCABULARY.items()]


def names_of_languages() -> Mapping[str, str]:
    """Languages by code, as the reader calls them."""
    reader = get_locale() or Locale("en")
    return {code: name for code, name in reader.languages.items() if len(code) == 2}


def _names(source: str, event: str) -> frozenset[str]:
    try:
        return compile_template(source, variables_for(event), event=event).names
    except TemplateError:
        return frozenset()


def _names_in(rich: Any, event: str) -> frozenset[str]:
    try:
        return read(rich, variables_for(event), event=event).names
    except TemplateError:
        return frozenset()


def _main(document: Mapping[str, Any], place: Place) -> str:
    """The language the others are held against: the workspace's, else the first."""
    texts = document["texts"]
    return place.usual if place.usual in texts else next(iter(texts), place.language)


def _real(visit: Visit, db: Connection, document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Real events to try it with: (sample, whose)."""
    event = document["event"]
    found = samples.of_event(db, visit.workspace_id, event, 3) if event else []
    names = ("newest", "newest-2", "newest-3")
    return [(n, str(one.get("first_name") or "")) for n, one in zip(names, found, strict=False)]


def _fields(document: Mapping[str, Any], place: Place) -> dict[str, Any]:
    return dict(_listed(document, place))


def _listed(document: Mapping[str, Any], place: Place) -> Iterator[tuple[str, Any]]:
    """The form's plain fields by name."""
    for name in ("title", "kind", "event", "sender", "max_parts", "ttl_minutes", "transliterate",
                 "expects_replies", "page", "link_days"):  # fmt: skip
        yield name, document[name]
    for name, value in document["defaults"].items():
        yield f"default.{name}", value
    for name, value in document["utm"].items():
        yield f"utm.{name}", value
    for name, value in document["previews"].get(place.language, {}).items():
        yield f"preview.{name}", value
    coupon = document["coupon"] or {}
    worth = next((name for name in ("percent", "amount") if name in coupon), "")
    yield "coupon.worth", worth
    yield "coupon.value", coupon.get(worth, "")
    for name in ("currency", "days", "shared", "prefix"):
        yield f"coupon.{name}", coupon.get(name, "")

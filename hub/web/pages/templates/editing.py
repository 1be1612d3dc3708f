"""The editor: a template's text in each language, and the phone beside it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext
from sqlalchemy import Connection

from hub.compose.rcs.edits import NotSo
from hub.send import sheets
from hub.send.sheets import Conflict, Sheet
from hub.web.pages.retold import told
from hub.web.pages.templates import clashes, deeds, form, showing
from hub.web.pages.templates.entry import author, found, shop_of, wing
from hub.web.pages.templates.form import Place
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown


@wing.way("GET /templates/<template>", may="see")
def one(visit: Visit, template: str) -> Shown:
    """The editor; for viewers the same page, to read."""
    with visit.begin() as db:
        sheet = found(visit, db, template)
        document = sheet.document
        place = form.place_of(visit.args, document, shop_of(visit, db)["language"])
        values = showing.editor(visit, db, sheet, document, place) | {"expects": sheet.expects}
    return Shown("templates/editor.html", values)


@wing.way("POST /templates/<template>/preview", may="see")
def preview(visit: Visit, template: str) -> Shown:
    """What it would look like; nothing is kept. Without JavaScript, the whole page."""
    with visit.begin() as db:
        sheet = found(visit, db, template)
        place, document, wrong = _sent(visit, db, sheet)
        if visit.wants_part:
            part = showing.beside(visit, db, sheet, document, place)
            return Shown("templates/beside.html", part)
        values = showing.editor(visit, db, sheet, document, place, wrong)
    return Shown("templates/editor.html", values | _unsaved(visit))


@wing.way("POST /templates/<template>", may="write")
def save(visit: Visit, template: str) -> Shown | Go:
    """Keep the draft, and do what the button says beside that."""
    deed = visit.form.get("do", "")
    with visit.begin() as db:
        sheet = found(visit, db, template)
        place, document, wrong = _sent(visit, db, sheet)
        if not wrong:
            try:
                done = _done(visit, db, document, place, deed)
            except deeds.Refused as why:
                wrong = {"deed": str(why)}
            except NotSo as why:
                wrong = {"deed": told(str(why))}
        if wrong:
            values = showing.editor(visit, db, sheet, document, place, wrong)
            return Shown("templates/editor.html", values | _unsaved(visit), 422)
    return _kept(visit, sheet, done, deed)


def _unsaved(visit: Visit) -> dict[str, Any]:
    """The page goes on standing on the draft that it was opened on."""
    return {"unsaved": True, "expects": form.version_in(visit.form)}


def _sent(
    visit: Visit, db: Connection, sheet: Sheet
) -> tuple[Place, dict[str, Any], dict[str, str]]:
    place = form.place_of(visit.form, sheet.document, shop_of(visit, db)["language"])
    return place, *form.document_of(visit.form, sheet.document, place)


def _done(
    visit: Visit, db: Connection, document: dict[str, Any], place: Place, deed: str
) -> deeds.Done:
    """A repair needs the linter; all else the form alone."""
    if not deed.startswith("mend:"):
        return deeds.do(document, place, deed, visit.form)
    number = deed.partition(":")[2]
    findings = showing.look(visit, db, document, place).mendable
    source = form.text_of(document, place)
    if number == "all":
        source = next(
            (f.repair for f in findings if f.code == "costly_character" and f.repair), source
        )
    elif number.isascii() and number.isdigit() and int(number) < len(findings):
        source = deeds.mended(source, findings[int(number)])
    return deeds.Done(form.with_text(document, place, "texts", source), place)


def _kept(visit: Visit, sheet: Sheet, done: deeds.Done, deed: str) -> Shown | Go:
    """Save what is new, then go where the button leads."""
    expects = form.version_in(visit.form)
    is_new = done.document != sheet.document or expects != sheet.expects
    if is_new:
        try:
            with visit.begin() as db:
                sheets.save(
                    db, visit.workspace_id, sheet.slug, done.document,
                    expects=expects, by=author(visit), now=visit.ground.clock(),
                )  # fmt: skip
        except Conflict as clash:
            return clashes.shown(visit, sheet.slug, done.document, clash)
    if deed == "publish":
        return Go(f"/templates/{sheet.slug}/publish")
    said = gettext("The draft is saved. Nothing is sent with it until it is published.")
    return Go(address_of(sheet.slug, done.place, done.anchor), said=said if deed == "save" else "")


def address_of(slug: str, place: Place, anchor: str = "") -> str:
    """The editor at this place."""
    named: Mapping[str, str] = {
        "language": place.language,
        "variant": place.variant,
        "sample": place.sample if place.sample != "declared" else "",
        "channel": place.channel if place.channel != "sms" else "",
    }
    asked = urlencode({name: value for name, value in named.items() if value})
    return f"/templates/{slug}?{asked}{'#' + anchor if anchor else ''}"

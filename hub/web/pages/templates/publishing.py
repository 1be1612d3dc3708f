"""Publishing a draft after looking at it, and the versions that were published before."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection

from hub.send import sheets
from hub.send.publish import Published, examine, publish
from hub.send.sheets import Conflict, Sheet
from hub.store import drafts, versions, workspaces
from hub.web.pages.templates import clashes, weighing
from hub.web.pages.templates.entry import author, found, wing
from hub.web.pages.templates.form import version_in
from hub.web.pages.templates.showing import names_of_languages
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown

_PAGE = 50


@wing.way("GET /templates/<template>/publish", may="write")
def review(visit: Visit, template: str) -> Shown:
    """What would change, what is found, what it costs: then a button."""
    with visit.begin() as db:
        sheet = found(visit, db, template)
    return _review(visit, sheet, {})


@wing.way("POST /templates/<template>/publish", may="write")
def put(visit: Visit, template: str) -> Shown | Go:
    """Make the draft the new version. What warns, and what changes much, must have been seen."""
    with visit.begin() as db:
        sheet = found(visit, db, template)
        report = examine(visit.ground, db, visit.workspace_id, sheet.document)
    warned = any(one.severity == "warning" for one in report.findings)
    if report.errors or (warned and not visit.form.get("read")):
        return _review(visit, sheet, {} if report.errors else _unread())
    if not visit.form.get("seen") and weighing.needs_tick(visit, sheet):
        return _review(visit, sheet, {"seen": gettext("Look at what changes, then tick this.")},
                       weighs=True)  # fmt: skip
    try:
        with visit.begin() as db:
            made = _published(visit, db, sheet)
            if made.template is not None:
                visit.note(db, "template.published", template, version=made.template["version"])
    except Conflict as clash:
        return clashes.shown(visit, template, sheet.document, clash)
    if made.template is None:
        return _review(visit, sheet, {})
    said = gettext("Version %(number)s is published. Messages that wait already keep the version "
                   "they have.", number=made.template["version"])  # fmt: skip
    return Go(f"/templates/{template}", said=said)


@wing.way("POST /templates/<template>/drop", may="write")
def drop(visit: Visit, template: str) -> Shown | Go:
    """Throw the draft away; what is published stays."""
    try:
        with visit.begin() as db:
            sheet = found(visit, db, template)
            drafts.drop(
                db, visit.workspace_id, "template", template, expects=version_in(visit.form)
            )  # fmt: skip
    except Conflict as clash:
        return clashes.shown(visit, template, sheet.document, clash)
    said = gettext("The draft is thrown away.")
    return Go(f"/templates/{template}" if sheet.published else "/templates", said=said)


@wing.way("GET /templates/<template>/versions", may="see")
def history(visit: Visit, template: str) -> Shown:
    """What was published, by whom, when."""
    said = visit.args.get("before", "")
    before = int(said[:9]) if said.isascii() and said.isdigit() else None
    with visit.begin() as db:
        sheet = found(visit, db, template)
        listed = versions.listed(
            db, visit.workspace_id, "template", template, before=before, limit=_PAGE + 1
        )
    values = {
        "sheet": sheet, "versions": listed[:_PAGE], "here": "/templates",
        "older": f"/templates/{template}/versions?before={listed[_PAGE - 1].version}"
                 if len(listed) > _PAGE else "",
    }  # fmt: skip
    return Shown("templates/versions.html", values)


@wing.way("GET /templates/<template>/versions/<int:version>", may="see")
def version(visit: Visit, template: str, version: int) -> Shown:
    """One version beside the one before it, or beside what is published now."""
    with visit.begin() as db:
        sheet = found(visit, db, template)
        old = _old(visit, db, template, version)
        against = sheet.version if visit.args.get("against") == "now" else version - 1
        other = versions.document(db, visit.workspace_id, "template", template, max(against, 0))
    newer, older = (other, old) if against > version else (old, other)
    values = {
        "sheet": sheet, "number": version, "against": against, "here": "/templates",
        "changes": clashes.differences(older or {}, newer or {}), "old": old,
        "names": names_of_languages(),
    }  # fmt: skip
    return Shown("templates/version.html", values)


@wing.way("POST /templates/<template>/versions/<int:version>", may="write")
def take_back(visit: Visit, template: str, version: int) -> Shown | Go:
    """An old version as the draft; nothing is published by that."""
    with visit.begin() as db:
        old = _old(visit, db, template, version)
    try:
        with visit.begin() as db:
            sheets.restore(
                db, visit.workspace_id, template, version, expects=version_in(visit.form),
                by=author(visit), now=visit.ground.clock(),
            )  # fmt: skip
    except Conflict as clash:
        return clashes.shown(visit, template, old, clash)
    said = gettext("Version %(number)s is the draft now. Publish it where it is to be sent again.",
                   number=version)  # fmt: skip
    return Go(f"/templates/{template}", said=said)


def _old(visit: Visit, db: Connection, template: str, version: int) -> dict[str, Any]:
    """Raises Missing."""
    known = version if 0 < version < 2**31 else 0
    old = versions.document(db, visit.workspace_id, "template", template, known)
    if old is None:
        raise Missing(str(version))
    return old


def _published(visit: Visit, db: Connection, sheet: Sheet) -> Published:
    return publish(
        visit.ground, db, visit.workspace_id, sheet.slug, sheet.document,
        by=author(visit), expects=version_in(visit.form),
    )  # fmt: skip


def _review(visit: Visit, sheet: Sheet, wrong: Mapping[str, str], *, weighs: bool = False) -> Shown:
    with visit.begin() as db:
        report = examine(visit.ground, db, visit.workspace_id, sheet.document)
        shop = workspaces.get(db, visit.workspace_id)
    values = {
        "sheet": sheet, "report": report, "wrong": wrong, "weighs": weighs, "shop": shop,
        "changes": clashes.differences(sheet.published or {}, sheet.document),
        "warned": [one for one in report.findings if one.severity == "warning"],
        "names": names_of_languages(), "here": "/templates",
        "used": weighing.used(visit, sheet),
    }  # fmt: skip
    return Shown("templates/publish.html", values, 422 if wrong else 200)


def _unread() -> dict[str, str]:
    return {"read": gettext("Read the warnings, then tick this.")}

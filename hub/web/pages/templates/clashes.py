"""Two people on one draft: the second sees both texts, and chooses what is to stay."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask_babel import gettext
from sqlalchemy import Connection

from hub.automations.differing import Change, Piece, pieces, template_changes
from hub.compose.lint.examples import strings_of
from hub.send import sheets
from hub.send.sheets import Conflict, Sheet
from hub.store import templates, versions
from hub.web.pages.templates.entry import author, found, wing
from hub.web.pages.templates.form import version_in
from hub.web.pages.templates.showing import names_of_languages
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown

_KEYS = frozenset(sheets.NAMES)


def shown(visit: Visit, slug: str, mine: Mapping[str, Any], clash: Conflict) -> Shown:
    """The page of the second who saves: nothing of theirs is lost, nothing is overwritten."""
    with visit.begin() as db:
        sheet = found(visit, db, slug)
    values = {
        "sheet": sheet,
        "clash": clash,
        "mine": json.dumps(dict(mine)),
        "changes": (changes := differences(sheet.document, mine)),
        "touched": {one.path for one, _ in changes if _is_touched(one, sheet.published)},
        "names": names_of_languages(),
        "here": "/templates",
    }
    return Shown("templates/clash.html", values, 409)


@wing.way("POST /templates/<template>/settle", may="write")
def settle(visit: Visit, template: str) -> Shown | Go:
    """Keep, field by field, what was chosen: one's own words or those that stand."""
    mine = _document(visit.form.get("document", ""))
    try:
        with visit.begin() as db:
            sheet = found(visit, db, template)
            chosen = [n[5:] for n, v in visit.form.items() if n.startswith("take.") and v == "mine"]
            _save(visit, db, sheet, taken(sheet.document, mine, chosen))
    except Conflict as clash:
        return shown(visit, template, mine, clash)
    said = gettext("The draft is saved, with what you chose.")
    return Go(f"/templates/{template}", said=said)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[Change, Any]]:
    """Each field that differs, in words, and piece by piece: an RCS as what people read of it."""
    return [
        (one, _pieces(one.said_before, one.said_after))
        for one in map(_read, template_changes(before, after))
    ]


def _is_touched(one: Change, published: Mapping[str, Any] | None) -> bool:
    """Whether it says anything but what is published: else the other one changed it."""
    name, _, inner = one.path.partition(".")
    stands = (published or {}).get(name)
    stands = stands.get(inner) if inner and isinstance(stands, Mapping) else stands
    return bool(one.after or one.before) and (one.after or None) != (stands or None)


def _pieces(before: str, after: str) -> list[Piece]:
    """Word by word; two texts that have little in common stand one after the other."""
    found = pieces(before, after)
    kept = sum(len(words) for how, words in found if how == "same")
    if kept * 2 >= max(len(before), len(after)):
        return found
    both: list[Piece] = [("gone", before), ("new", after)]
    return [one for one in both if one[1]]


def _read(one: Change) -> Change:
    if not one.path.startswith(("rich.", "variants.", "previews.")):
        return one
    said = ("\n".join(words for _, words in strings_of(found)) for found in (one.before, one.after))
    before, after = said
    return replace(one, said_before=before, said_after=after)


def taken(theirs: Mapping[str, Any], mine: Mapping[str, Any], paths: list[str]) -> dict[str, Any]:
    """What stands, with these of one's own fields ("title", "texts.fr") in their place."""
    made: dict[str, Any] = dict(theirs)
    for path in paths:
        name, _, inner = path.partition(".")
        if name not in _KEYS or name not in mine:
            continue
        made[name] = _inner(made.get(name), mine[name], inner) if inner else mine[name]
    return made


def _inner(theirs: Any, mine: Any, key: str) -> Any:
    if not isinstance(mine, Mapping):
        return mine
    kept = {name: value for name, value in (theirs or {}).items() if name != key}
    return kept | ({key: mine[key]} if key in mine else {})


def _save(visit: Visit, db: Connection, sheet: Sheet, document: Mapping[str, Any]) -> None:
    seen = versions.standing(db, visit.workspace_id, "template", sheet.slug)
    sheets.save(
        db, visit.workspace_id, sheet.slug, document, expects=version_in(visit.form),
        by=author(visit), now=visit.ground.clock(), based_on=seen,
    )  # fmt: skip


def _document(written: str) -> dict[str, Any]:
    """What the page before kept. Raises Missing where it is no template."""
    try:
        found = json.loads(written)
    except ValueError:
        raise Missing("document") from None
    if not isinstance(found, dict) or not isinstance(found.get("texts"), dict):
        raise Missing("document")
    return {**templates.USUAL, **{name: v for name, v in found.items() if name in _KEYS}}

"""Versions of an automation: who published which, what differs, and taking one back."""

from functools import partial

from flask_babel import gettext

from hub.automations import drafting
from hub.automations.differing import automation_changes
from hub.automations.drafting import Conflict
from hub.store import versions
from hub.web.pages.automations.clashing import clash
from hub.web.pages.automations.drawn import drawn
from hub.web.pages.automations.own import HERE, author, framed, sheet_of, whole, wing
from hub.web.pages.automations.spoken import changes_told
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown

_PAGE = 20


@wing.way("GET /automations/<automation>/versions", may="see")
def history(visit: Visit, automation: str) -> Shown:
    """Its versions, newest first; one of them beside the one before it, in words."""
    before = whole(visit.args.get("before", "")) or None
    with visit.begin() as db:
        found = sheet_of(visit, db, automation)
        own = partial(versions.document, db, visit.workspace_id, "automation", automation)
        listed = versions.listed(
            db, visit.workspace_id, "automation", automation, before=before, limit=_PAGE + 1
        )
        chosen = whole(visit.args.get("of", ""), listed[0].version if listed else 0)
        words = own(chosen)
        earlier = own(chosen - 1)
    if listed and words is None:
        raise Missing(chosen)
    last = listed[:_PAGE][-1].version if listed else 0
    values = framed(
        found,
        versions=listed[:_PAGE],
        older=f"{HERE}/{automation}/versions?before={last}" if len(listed) > _PAGE else "",
        newer=f"{HERE}/{automation}/versions" if before else "",
        chosen=chosen,
        first=earlier is None,
        changes=changes_told(automation_changes(earlier, words), drawn(words)["event"])
        if words
        else [],
    )
    return Shown("automations/versions.html", values)


@wing.way("POST /automations/<automation>/versions", may="write")
def take_back(visit: Visit, automation: str) -> Shown | Go:
    """An old version becomes the draft; what runs stays until that is published."""
    version = whole(visit.form.get("version", ""))
    with visit.begin() as db:
        found = sheet_of(visit, db, automation)
        old = versions.document(db, visit.workspace_id, "automation", automation, version)
    if old is None:
        raise Missing(version)
    try:
        with visit.begin() as db:
            drafting.restore(
                db, visit.workspace_id, automation, version,
                expects=whole(visit.form.get("expects", "")), by=author(visit),
                now=visit.ground.clock(),
            )  # fmt: skip
    except Conflict as conflict:
        return clash(visit, found, old, conflict)
    words = gettext(
        "Version %(number)s is the draft now. Publish it to put it in force.", number=version
    )
    return Go(f"{HERE}/{automation}", said=words)

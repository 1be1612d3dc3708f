"""Two people wrote the same draft: what differs, and the choice between the two."""

import orjson

from hub.automations.differing import automation_changes
from hub.automations.drafting import Conflict, Sheet
from hub.store import versions
from hub.web.pages.automations.drawn import Document, drawn
from hub.web.pages.automations.own import framed
from hub.web.pages.automations.spoken import changes_told
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Shown


def clash(visit: Visit, found: Sheet, mine: Document, conflict: Conflict) -> Shown:
    """Who was there meanwhile and what differs; nothing is kept before one is chosen."""
    with visit.begin() as db:
        newest = versions.standing(db, visit.workspace_id, "automation", found.slug)
    theirs = conflict.theirs.document if conflict.theirs else found.published
    published = conflict.published
    if published is not None:
        theirs = found.published
    values = framed(
        found,
        words=str(conflict),
        who=(published.published_name if published else "")
        or (conflict.theirs.edited_name if conflict.theirs else ""),
        when=published.at if published else conflict.theirs.edited_at if conflict.theirs else None,
        changes=changes_told(automation_changes(theirs, mine), drawn(mine)["event"]),
        mine=orjson.dumps(dict(mine)).decode(),
        expects=conflict.theirs.version if conflict.theirs else 0,
        newest=newest,
    )
    return Shown("automations/clash.html", values, 409)

"""All automations: each in one line, how it stands, what it sent this week and what waits."""

from collections import Counter
from datetime import timedelta

from hub.automations import drafting
from hub.send.bills import zone_of
from hub.store import automations, counted, spend, templates
from hub.web.pages.automations.own import HERE, STATES, shop_of, wing
from hub.web.pages.automations.saying import line
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Shown

_WEEK = timedelta(days=7)


@wing.way("GET /automations", may="see")
def listing(visit: Visit) -> Shown:
    """Each automation in one line, how it stands, what it sent this week, what waits."""
    with visit.begin() as db:
        shop = shop_of(visit, db)
        found = drafting.sheets(db, visit.workspace_id)
        known = {row["slug"]: row for row in templates.listed(db, visit.workspace_id)}
        ids = {r["slug"]: r["id"] for r in automations.by_workspaces(db, [visit.workspace_id])}
        since = (visit.ground.clock() - _WEEK).astimezone(zone_of(shop)).date()
        sent: Counter[str] = Counter()
        for row in spend.of_automations(db, list(ids.values()), since):
            sent[row["slug"]] += row["messages"] if row["scope"] == "automation" else 0
        waits, whole = counted.waiting(db, visit.workspace_id)
    lines = [
        {
            "sheet": one,
            "words": line(one, known),
            "state": STATES[one.state],
            "sent": sent[one.slug],
            "waits": waits.get(ids.get(one.slug), 0),
        }
        for one in found
    ]
    values = {"here": HERE, "lines": lines, "whole": whole, "testing": shop["testing"]}
    return Shown("automations/list.html", values)

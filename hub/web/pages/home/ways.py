"""Home: what needs me, what just happened, and how the week goes."""

from hub.report.figures.week import week
from hub.store import workspaces
from hub.web.pages.home.needs import needs_of, steps_of
from hub.web.pages.home.week import headlines
from hub.web.pages.messages.rows import recent_roads
from hub.web.pages.messages.ways import recent_values
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Missing, Shown, Wing

wing = Wing("home")


@wing.way("GET /", may="see")
def home(visit: Visit) -> Shown:
    """The first page after signing in."""
    now = visit.ground.clock()
    with visit.begin() as db:
        shop = workspaces.get(db, visit.workspace_id)
        if shop is None:
            raise Missing
        values = {
            "needs": needs_of(visit.ground, db, shop["id"], now),
            "steps": steps_of(visit.ground, db, shop),
            "week": headlines(week(db, shop["id"], now, shop["zone"], shop["currency"])),
            **recent_values(recent_roads(visit, db)),
        }
    return Shown("home/home.html", values)

"""Reach: how many of a merchant's people RCS reaches."""

from hub.store import reach
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import picked
from hub.web.api.schemas import TIME, optional, shape, whole

desk = Desk("reach")

_MANY = whole(0, 10**9)
_REPORT = {
    "reachable": _MANY,
    "unreachable": _MANY,
    "unknown": _MANY,
    "oldest": optional(TIME),
    "newest": optional(TIME),
}


@desk.route("GET /reach", scope="read", answers={200: shape(_REPORT)})
def report(ask: Ask) -> Answer:
    """Count the people whom RCS reaches, does not reach, or of whom nobody knows yet."""
    with ask.begin() as db:
        return Answer(picked(reach.report(db, ask.workspace_id), tuple(_REPORT)))

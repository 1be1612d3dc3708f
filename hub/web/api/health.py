"""Health: what is compared again and again, and what does not agree in this workspace."""

from typing import Any

from hub.report.reconcile.rounds import CHECKS
from hub.store import checks
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.schemas import FLAG, TIME, listed, optional, shape, text, whole

desk = Desk("health")

_CHECK = shape(
    {
        "name": text(),
        "says": text(),
        "well": FLAG,
        "found": whole(0, 2**31),
        "words": text(1000),
        "step": text(),
        "since": optional(TIME),
        "checked_at": optional(TIME),
    }
)


@desk.route("GET /health", scope="read", answers={200: shape({"items": listed(_CHECK)})})
def health(ask: Ask) -> Answer:
    """Look at what the hub compares again and again, and at what does not agree."""
    with ask.ground.database.begin() as road:  # the hub's own: no desk may look
        made = checks.made(road)
    with ask.begin() as db:
        found = checks.findings_of(db, ask.workspace_id)
    return Answer({"items": [_shown(name, found.get(name), made.get(name)) for name in CHECKS]})


def _shown(name: str, finding: Any, checked_at: Any) -> dict[str, Any]:
    check, well = CHECKS[name], finding is None
    return {
        "name": name,
        "says": check.says,
        "well": well,
        "found": 0 if well else finding["found"],
        "words": "" if well else finding["words"],
        "step": "" if well else check.step,
        "since": None if well else finding["since"],
        "checked_at": checked_at,
    }

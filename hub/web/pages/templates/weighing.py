"""How much a new version changes: who sends it, and whether last week would have gone otherwise."""

from hub.automations.foreseeing.foresee import foresee_template
from hub.automations.foreseeing.foreseen import Foreseen
from hub.automations.foreseeing.foreseen import needs_tick as is_large
from hub.send.sheets import Sheet
from hub.store import automations, workspaces
from hub.web.pages.visits import Visit

_SECONDS, _MOST = 3.0, 5000  # somebody waits for the page


def used(visit: Visit, sheet: Sheet) -> list[tuple[str, str, str]]:
    """The automations that send this template: (slug, name, state)."""
    with visit.begin() as db:
        every = automations.by_workspaces(db, [visit.workspace_id])
    return [
        (one["slug"], str(one["document"].get("name") or one["slug"]), one["state"])
        for one in every
        if (one["document"].get("send") or {}).get("template") == sheet.slug
    ]


def last_week(visit: Visit, sheet: Sheet) -> Foreseen:
    """Last week's messages of this template with the draft's words."""
    return foresee_template(
        visit.ground, visit.workspace_id, sheet.slug, sheet.document,
        now=visit.ground.clock(), most=_MOST, seconds=_SECONDS,
    )  # fmt: skip


def needs_tick(visit: Visit, sheet: Sheet) -> bool:
    """Whether so much would have changed that somebody must say to have seen it."""
    if sheet.published is None:
        return False
    with visit.begin() as db:
        shop = workspaces.get(db, visit.workspace_id)
    return shop is not None and is_large(last_week(visit, sheet), shop)

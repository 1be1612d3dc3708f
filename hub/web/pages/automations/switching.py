"""Switching an automation on for everybody, for test numbers only, or off."""

from flask_babel import gettext

from hub.automations import drafting
from hub.automations.drafting import Sheet
from hub.store import automations, counted
from hub.web.pages.automations.own import HERE, STATES, framed, sheet_of, shop_of, wing
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Shown

_SWITCHES = ("test", "live", "paused")


@wing.way("GET /automations/<automation>/state", may="see")
def switches(visit: Visit, automation: str) -> Shown:
    """What each state means for this automation, before it is chosen."""
    with visit.begin() as db:
        found, shop = sheet_of(visit, db, automation), shop_of(visit, db)
        known = automations.get(db, visit.workspace_id, automation)
        waits, whole = counted.waiting(db, visit.workspace_id)
    kept = waits.get(known["id"], 0) if known else 0
    values = framed(found, waiting=kept, whole=whole, shop=shop, switches=_SWITCHES, states=STATES)
    return Shown("automations/state.html", values)


@wing.way("POST /automations/<automation>/state", may="send")
def switch(visit: Visit, automation: str) -> Go:
    """On, for test numbers only, or paused."""
    wanted = visit.form.get("state", "")
    with visit.begin() as db:
        found = sheet_of(visit, db, automation)
        if wanted not in _SWITCHES or not found.version:
            return Go(
                f"{HERE}/{automation}/state", said=gettext("Publish it first, then switch it on.")
            )
        drafting.set_state(db, visit.workspace_id, automation, wanted, visit.ground.clock())
        visit.note(db, f"automation.{wanted}", automation)
    return Go(f"{HERE}/{automation}", said=_switched(wanted, found))


def _switched(state: str, found: Sheet) -> str:
    if state == "live":
        return str(gettext("%(name)s is on: events from now on are answered.", name=found.name))
    if state == "test":
        return str(
            gettext("%(name)s answers the numbers of the test list, nobody else.", name=found.name)
        )
    return str(gettext("%(name)s is paused: nothing more is sent by it.", name=found.name))

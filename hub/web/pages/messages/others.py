"""What came before a message: a decision not to send, an event, something that only arrived."""

from typing import Any
from uuid import UUID

from flask_babel import gettext

from hub.automations.records import checks_of
from hub.report.road import Road, roads_of
from hub.store import decisions, events, intakes, log_lines
from hub.store.database import Row
from hub.web.pages import written
from hub.web.pages.messages import actions
from hub.web.pages.messages.desk import wing
from hub.web.pages.messages.one import shower
from hub.web.pages.messages.rows import lines_of, opened, person_of
from hub.web.pages.messages.words import REASONS, happening_of, record_of
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown

_ARROWS = {"events": "open", "carrier": "settle"}


@wing.way("GET /decisions/<uuid:decision_id>", may="see")
def decision(visit: Visit, decision_id: UUID) -> Shown | Go:
    """One decision: with a message, that one's page; without, why nothing was sent."""
    with visit.begin() as db:
        found = decisions.get(db, visit.workspace_id, decision_id)
        if found is None:
            raise Missing
        if found["message_id"] is not None:
            return Go(f"/messages/{found['message_id']}")
        (line,) = lines_of(visit, db, log_lines.whole(db, [(decision_id, "decisions")]))
        show = shower(visit, db)
        roads = roads_of(db, decision_id, visit.workspace_id, now=written.now())
        shown = [road.shown(show) for road in roads]
        asked = [(show(c.asked), show(c.sentence), c.verdict) for c in checks_of(found)]
    what = line.about or line.what
    title = gettext("Not sent to %(who)s, %(what)s", who=line.first_name, what=what)
    values = {
        "title": title, "decided": line, "roads": shown, "checks": asked,
        "actions": actions.of_decision(visit, found), "why": found["reason"],
        "reason": REASONS.get(found["reason"], ""), "ids": list(_ids(shown)),
    }  # fmt: skip
    return Shown("messages/decision.html", {"here": "/messages", **values})


@wing.way("GET /events/<uuid:event_id>", may="see")
def event(visit: Visit, event_id: UUID) -> Shown:
    """One event and each automation's answer; or, by its id, something that gave no event."""
    with visit.begin() as db:
        found = events.get(db, visit.workspace_id, event_id)
        roads = roads_of(db, event_id, visit.workspace_id, now=written.now())
        if not roads or not (found or roads[0].id == event_id):
            raise Missing
        show = shower(visit, db)
        person = person_of(found, opened(visit, db, [found])) if found else ""
        doing = actions.of_arrival(visit, db, roads[0])
        shown = [road.shown(show) for road in roads]
    values = {
        "title": _title(found), "person": person, "roads": shown, "event": found,
        "actions": doing, "ids": list(_ids(shown)),
    }  # fmt: skip
    return Shown("messages/event.html", {"here": "/messages", **values})


@wing.way("POST /events/<uuid:event_id>/open-again", may="send")
def open_again(visit: Visit, event_id: UUID) -> Go:
    """Read again what arrived, once what stood in its way is repaired."""
    with visit.begin() as db:
        event = events.get(db, visit.workspace_id, event_id)
        intake_id = event["intake_id"] if event else event_id
        found = intakes.get(db, intake_id)
        if found is None or found["workspace_id"] != visit.workspace_id:
            raise Missing
        now = visit.ground.clock()
        intakes.replay(db, intake_id, now)
        visit.note(db, "intake.opened_again", intake_id)
    visit.ring(_ARROWS[found["road"]])
    return Go(f"/events/{event_id}", said=gettext("It is opened again in a moment."))


def _title(found: Row | None) -> str:
    if found is None:
        return str(gettext("Something that arrived"))
    record = record_of(found["subject"], (found["data"] or {}).get("order_number"))
    said = happening_of(found["type"])
    return f"{said} · {record}" if record else said


def _ids(roads: list[Road]) -> Any:
    """Each name once: an event has many decisions."""
    return dict.fromkeys((noun, str(found)) for road in roads for noun, found in road.ids.items())

"""The sandbox: the way in, what can be pressed in it, its clock, and starting over."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext

from hub.automations.hours import zone_named
from hub.connections import sandbox
from hub.store import sandboxes, workspaces
from hub.web.pages.sandbox import opening, view, words
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown, Wing

wing = Wing("sandbox")

_SPANS = {"45m": timedelta(minutes=45), "3h": timedelta(hours=3)}
_TIMES = {"evening": (22, 30), "morning": (9, 0)}


@wing.way("GET /sandbox", may="see")
def page(visit: Visit) -> Shown:
    """The sandbox; outside of it, what it is."""
    if not opening.is_inside(visit):
        can_open = visit.may("write") or opening.known(visit) is not None
        return Shown("sandbox/outside.html", {"here": "/sandbox", "can_open": can_open})
    return Shown("sandbox/page.html", view.values(visit))


@wing.way("GET /sandbox/live", may="see")
def live(visit: Visit) -> Shown | Go:
    """The parts that change by themselves."""
    if not opening.is_inside(visit):
        return Go("/sandbox")
    return _slots(visit)


@wing.way("POST /sandbox/switch", may="see")
def switch(visit: Visit) -> Go:
    """In, or out."""
    if opening.is_inside(visit):
        opening.leave(visit)
        return Go("/", said=gettext("You are back. What is sent from here reaches real phones."))
    if not visit.may("write") and opening.known(visit) is None:
        return Go("/sandbox")
    opening.enter(visit)
    return Go("/sandbox")


@wing.way("POST /sandbox/act", may="write")
def act(visit: Visit) -> Shown | Go:
    """Press something: what a customer does, what a person answers, what goes wrong."""
    name, what = _pressed(visit), view.asked(visit)
    told = {"name": name, "person": what.person}
    try:
        code = str(_ask(visit, "act", told)["said"])
        said = words.said(code, what.person.capitalize())
    except (sandbox.Away, sandbox.Refused) as why:
        said = str(why)
    return _after(visit, said)


@wing.way("POST /sandbox/clock", may="write")
def clock(visit: Visit) -> Shown | Go:
    """Let time pass."""
    step = visit.form.get("step", "")
    if step not in words.CLOCK:
        raise Missing
    with visit.begin() as db:
        shop = workspaces.get(db, visit.workspace_id)
    try:
        state = _ask(visit, "state")
        now = datetime.fromisoformat(state["now"])
        zone = zone_named(shop["zone"] if shop else "") or ZoneInfo("UTC")
        _ask(visit, "pass", {"seconds": span_of(step, now, zone).total_seconds()})
        said = gettext("Time has passed. What was due meanwhile has been done.")
    except (sandbox.Away, sandbox.Refused) as why:
        said = str(why)
    return _after(visit, said)


@wing.way("POST /sandbox/connect", may="write")
def connect(visit: Visit) -> Shown | Go:
    """Connect one of the systems to its simulator."""
    if not opening.is_inside(visit):
        raise Missing
    slug = visit.form.get("slug", "")
    try:
        sandbox.connect(visit.ground, visit.workspace_id, slug)
        said = gettext("Connected. Now do something in it.")
    except (sandbox.Away, sandbox.Refused) as why:
        said = str(why)
    return Go(view.asked(visit).address(), said=said)


@wing.way("POST /sandbox/hours", may="write")
def hours(visit: Visit) -> Go:
    """Send at any hour, or keep to the sending hours of the real workspace."""
    if not opening.is_inside(visit):
        raise Missing
    with visit.ground.database.begin() as db:
        real = workspaces.get(db, opening.real_of(visit))
        window = sandboxes.ANY_HOUR
        if visit.form.get("hours") == "kept" and real is not None:
            window = real["sending_window"]
            if window == sandboxes.ANY_HOUR:
                window = {"preset": real["country"]}
        sandboxes.keep_hours(db, visit.workspace_id, window)
    return Go(view.asked(visit).address(), said=gettext("The sending hours here are changed."))


@wing.way("POST /sandbox/again", may="write")
def again(visit: Visit) -> Go:
    """Start over."""
    if not opening.is_inside(visit):
        raise Missing
    opening.start_over(visit)
    return Go("/sandbox", said=gettext("Started over. Your templates and automations are kept."))


def span_of(step: str, now: datetime, zone: ZoneInfo) -> timedelta:
    """How much time passes: a while, or until an hour on the clock there, which is still to come;
    «morning» is tomorrow's."""
    if step in _SPANS:
        return _SPANS[step]
    here = now.astimezone(zone).replace(tzinfo=None)
    hour, minute = _TIMES[step]
    then = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if step == "morning" or then <= here:
        then += timedelta(days=1)
    return then.replace(tzinfo=zone) - now


def _pressed(visit: Visit) -> str:
    """The button: an act, an answer in words, or a suggestion that was tapped."""
    form = visit.form
    if form.get("tap"):
        return f"tap:{form['tap']}"
    if form.get("answer", "").strip():
        return f"say:{form['answer'].strip()[:300]}"
    name = form.get("name", "")
    if name not in words.ACTS and name not in words.LUCK:
        raise Missing
    return name


def _ask(visit: Visit, what: str, told: Mapping[str, object] | None = None) -> sandbox.Said:
    if not opening.is_inside(visit):
        raise Missing
    return sandbox.ask(visit.ground, visit.workspace_id, what, told)


def _after(visit: Visit, said: str) -> Shown | Go:
    if visit.wants_part:
        return _slots(visit, said)
    return Go(view.asked(visit).address(), said=said)


def _slots(visit: Visit, said: str = "") -> Shown:
    return Shown("sandbox/live.html", view.values(visit, said))

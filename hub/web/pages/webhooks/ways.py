"""The page of webhooks: endpoints, what each listens to, their secrets."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext
from sqlalchemy import Connection

from hub.report import listeners
from hub.report.listeners import Unusable
from hub.store import deliveries, endpoints, tellings
from hub.store.database import Row
from hub.store.endpoints import Wanted
from hub.web.pages.visits import Visit
from hub.web.pages.webhooks import words
from hub.web.pages.wings import Go, Missing, Shown, Wing

wing = Wing("webhooks")

PATH = "/settings/webhooks"
_ONE = f"{PATH}/<uuid:webhook_id>"


@wing.way(f"GET {PATH}", may="manage")
def listing(visit: Visit) -> Shown:
    """Where this workspace tells what happens."""
    with visit.begin() as db:
        found = endpoints.listed(db, visit.workspace_id)
        counts = deliveries.counts(db, [e["id"] for e in found])
    values = {"endpoints": found, "counts": counts, "state_of": words.state_of_endpoint}
    return Shown("webhooks/list.html", values)


@wing.way(f"GET {PATH}/new", may="manage", fresh=True)
def new(visit: Visit) -> Shown:
    """An empty form."""
    return _form(None, {"types": ["message.delivered", "message.failed", "message.replied"]}, {})


@wing.way(f"POST {PATH}", may="manage", fresh=True)
def add(visit: Visit) -> Shown:
    """Keep a new endpoint; its secret is shown this once."""
    try:
        given = _wanted(visit)
        with visit.begin() as db:
            made, secret = listeners.add(visit.ground, db, visit.workspace_id, given)
            visit.note(db, "webhook.added", made)
    except Unusable as problem:
        return _form(None, _typed(visit), problem.faults)
    return _secret(visit, made, secret, new=True)


@wing.way(f"GET {_ONE}/edit", may="manage", fresh=True)
def edit(visit: Visit, webhook_id: UUID) -> Shown:
    """What it is, to be changed."""
    with visit.begin() as db:
        found = found_in(visit, db, webhook_id)
    return _form(found, found, {})


@wing.way(f"POST {_ONE}/edit", may="manage", fresh=True)
def change(visit: Visit, webhook_id: UUID) -> Shown | Go:
    """Keep what it is wanted to be."""
    with visit.begin() as db:
        found = found_in(visit, db, webhook_id, hold=True)
        try:
            endpoints.change(db, webhook_id, _wanted(visit), visit.ground.clock())
        except Unusable as problem:
            return _form(found, _typed(visit), problem.faults)
        visit.note(db, "webhook.changed", webhook_id)
    return Go(f"{PATH}/{webhook_id}", said=gettext("The webhook is changed."))


@wing.way(f"POST {_ONE}/pause", may="manage")
def pause(visit: Visit, webhook_id: UUID) -> Go:
    """Tell it nothing for now; what happens is kept."""
    _set(visit, webhook_id, "paused", "webhook.paused")
    said = gettext("Paused: what happens is kept, and told when you go on.")
    return Go(f"{PATH}/{webhook_id}", said=said)


@wing.way(f"POST {_ONE}/go-on", may="manage")
def go_on(visit: Visit, webhook_id: UUID) -> Go:
    """Tell it again, what waits first."""
    _set(visit, webhook_id, "on", "webhook.switched_on")
    visit.ring("tell")
    return Go(f"{PATH}/{webhook_id}", said=gettext("It is told again, what waits first."))


@wing.way(f"GET {_ONE}/secret", may="manage", fresh=True)
def ask_secret(visit: Visit, webhook_id: UUID) -> Shown:
    """What replacing the secret does."""
    with visit.begin() as db:
        return Shown("webhooks/rotate.html", {"endpoint": found_in(visit, db, webhook_id)})


@wing.way(f"POST {_ONE}/secret", may="manage", fresh=True)
def rotate(visit: Visit, webhook_id: UUID) -> Shown:
    """Another secret, shown this once."""
    with visit.begin() as db:
        found = found_in(visit, db, webhook_id, hold=True)
        secret = listeners.rotate(visit.ground, db, found)
        visit.note(db, "webhook.secret_replaced", webhook_id)
    return _secret(visit, webhook_id, secret, new=False)


@wing.way(f"GET {_ONE}/remove", may="manage")
def ask_remove(visit: Visit, webhook_id: UUID) -> Shown:
    """What removing it does."""
    with visit.begin() as db:
        found = found_in(visit, db, webhook_id)
        counts = deliveries.counts(db, [webhook_id])[webhook_id]
    return Shown("webhooks/remove.html", {"endpoint": found, "counts": counts})


@wing.way(f"POST {_ONE}/remove", may="manage")
def remove(visit: Visit, webhook_id: UUID) -> Go:
    """Tell it nothing ever again."""
    _set(visit, webhook_id, "removed", "webhook.removed")
    return Go(PATH, said=gettext("The webhook is removed: nothing more is sent there."))


@wing.way(f"POST {_ONE}/test", may="manage")
def test(visit: Visit, webhook_id: UUID) -> Go:
    """Send a test; on to its delivery, where the answer appears."""
    with visit.begin() as db:
        found = found_in(visit, db, webhook_id)
        made = tellings.add_test(db, found, visit.ground.clock())
    visit.ring("tell")
    return Go(f"{PATH}/deliveries/{made}")


def found_in(visit: Visit, db: Connection, webhook_id: UUID, *, hold: bool = False) -> Row:
    """This workspace's endpoint. Raises Missing."""
    found = endpoints.one(db, visit.workspace_id, webhook_id, hold=hold)
    if found is None:
        raise Missing
    return found


def _set(visit: Visit, webhook_id: UUID, state: str, what: str) -> None:
    with visit.begin() as db:
        found_in(visit, db, webhook_id, hold=True)
        endpoints.set_state(db, webhook_id, state, visit.ground.clock())
        visit.note(db, what, webhook_id)


def _typed(visit: Visit) -> dict[str, Any]:
    return {**visit.form, "types": visit.request.form.getlist("types")}


def _wanted(visit: Visit) -> Wanted:
    form = _typed(visit)
    whole = bool(form.get("whole_numbers"))
    return listeners.wanted(form.get("url", ""), form["types"], form.get("label", ""), whole)


def _form(endpoint: Row | None, form: Mapping[str, Any], wrong: Mapping[str, str]) -> Shown:
    values = {"endpoint": endpoint, "form": form, "wrong": wrong, "groups": words.GROUPS,
              "types": words.TYPES}  # fmt: skip
    return Shown("webhooks/form.html", values, 422 if wrong else 200)


def _secret(visit: Visit, webhook_id: UUID, secret: str, *, new: bool) -> Shown:
    with visit.begin() as db:
        found = found_in(visit, db, webhook_id)
    return Shown("webhooks/secret.html", {"endpoint": found, "secret": secret, "new": new})

"""Keys of the API: who has which, made and shown once, ended."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext, lazy_gettext

from hub.store import keys
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown, Wing

wing = Wing("keys")

_PATH = "/settings/keys"
_ONE = f"{_PATH}/<uuid:key_id>"
_LONGEST = 80
SCOPES: Mapping[str, tuple[Any, Any]] = {
    "read": (lazy_gettext("Read"), lazy_gettext("everything, with phone numbers masked")),
    "events": (lazy_gettext("Events"), lazy_gettext("tell the hub what happened in a shop")),
    "messages": (lazy_gettext("Messages"), lazy_gettext("send messages, which costs money")),
    "manage": (lazy_gettext("Manage"), lazy_gettext("templates, automations, connections, rules")),
    "numbers": (lazy_gettext("Numbers"), lazy_gettext("see phone numbers whole")),
}


@wing.way(f"GET {_PATH}", may="manage")
def listing(visit: Visit) -> Shown:
    """The keys of this workspace."""
    with visit.begin() as db:
        found = keys.listed(db, visit.workspace_id)
    stands = [key for key in found if key["revoked_at"] is None]
    ended = [key for key in found if key["revoked_at"] is not None]
    return Shown("keys/list.html", {"stands": stands, "ended": ended, "scopes": SCOPES})


@wing.way(f"GET {_PATH}/new", may="manage", fresh=True)
def new(visit: Visit) -> Shown:
    """An empty form."""
    return _form({"scopes": ["read"]}, {})


@wing.way(f"POST {_PATH}", may="manage", fresh=True)
def add(visit: Visit) -> Shown:
    """Make a key; it is shown this once."""
    name = visit.form.get("name", "").strip()
    wanted = [s for s in keys.SCOPES if s in visit.request.form.getlist("scopes")]
    wrong = _wrong(name, wanted)
    if wrong:
        return _form({"name": name, "scopes": wanted}, wrong)
    with visit.begin() as db:
        made = keys.make(db, visit.workspace_id, name, wanted)
        visit.note(db, "workspace.key", made.split("_")[1], scopes=wanted)
    address = f"{visit.ground.settings.address}/api/v1"
    return Shown("keys/made.html", {"key": made, "name": name, "address": address})


@wing.way(f"GET {_ONE}/end", may="manage")
def ask_end(visit: Visit, key_id: UUID) -> Shown:
    """What ending it does."""
    with visit.begin() as db:
        found = keys.one(db, visit.workspace_id, key_id)
    if found is None:
        raise Missing
    return Shown("keys/end.html", {"key": found})


@wing.way(f"POST {_ONE}/end", may="manage")
def end(visit: Visit, key_id: UUID) -> Go:
    """End a key, at once and for good."""
    with visit.begin() as db:
        found = keys.one(db, visit.workspace_id, key_id)
        if found is None or keys.revoke(db, found["prefix"]) is None:
            raise Missing
        visit.note(db, "workspace.revoke", found["prefix"])
    said = gettext("The key «%(name)s» is ended: it opens nothing any more.", name=found["name"])
    return Go(_PATH, said=said)


def _wrong(name: str, wanted: list[str]) -> dict[str, str]:
    wrong = {}
    if not name or len(name) > _LONGEST:
        wrong["name"] = gettext("Say whose key it is, in 80 characters at most.")
    if not wanted:
        wrong["scopes"] = gettext("Choose what the key may do.")
    return wrong


def _form(form: Mapping[str, Any], wrong: Mapping[str, str]) -> Shown:
    values = {"form": form, "wrong": wrong, "scopes": SCOPES}
    return Shown("keys/form.html", values, 422 if wrong else 200)

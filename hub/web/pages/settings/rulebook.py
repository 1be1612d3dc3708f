"""The sending rules as a page changes them: read, changed and written while nobody else does, and
only by somebody who has seen them as they stand."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from hub.automations import rules, windows
from hub.store import spend, workspaces
from hub.store.database import Row
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Missing

Columns = Mapping[str, Any]
_PAUSED = "paused"  # by hand, at any moment: no reason to refuse what somebody writes meanwhile


class Clash(Exception):
    """Somebody else has changed the rules since the form was opened."""


def seen_of(shop: Row) -> str:
    """What a form brings back to say which rules its writer saw."""
    told = {name: value for name, value in shop["rules"].items() if name != _PAUSED}
    seen = [told, shop["sending_window"], shop["daily_cap"], shop["tick_share"], shop["tick_sends"]]
    return hashlib.sha256(orjson.dumps(seen, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]


def rewrite(visit: Visit, edit: Callable[[Row], Columns]) -> None:
    """Write what `edit` makes of the workspace's row, and look again at what waited.

    Raises Clash where it is not what the form's writer saw, DocumentError where it cannot be read.
    """
    now, home = visit.ground.clock(), visit.workspace_id
    with visit.ground.database.begin() as db:
        shop = workspaces.locked(db, home)
        if shop is None:
            raise Missing
        if visit.form.get("seen") != seen_of(shop):
            raise Clash
        columns = edit(shop)
        rules.parse(columns.get("rules", {}))
        windows.parse(columns.get("sending_window", {"preset": "always"}))
        workspaces.change(db, home, **columns)
        spend.wake(db, home, now)
        visit.note(db, "rules_put", fields=", ".join(sorted(columns)))
    visit.ring("send_transactional", "send_marketing")

"""The log of an endpoint's deliveries, and the page of one."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

import orjson
from flask_babel import gettext

from hub.report.payload import written
from hub.report.telling import WAITS
from hub.store import deliveries, tellings
from hub.store.database import Row
from hub.web.pages.visits import Visit
from hub.web.pages.webhooks import words
from hub.web.pages.webhooks.ways import PATH, found_in
from hub.web.pages.wings import Go, Missing, Shown, Wing

wing = Wing("deliveries")

_OF = f"{PATH}/<uuid:webhook_id>"
_ONE = f"{PATH}/deliveries/<uuid:delivery_id>"
_PAGE = 50
_MOST_TRIES = len(WAITS) + 1


@wing.way(f"GET {_OF}", may="manage")
def listing(visit: Visit, webhook_id: UUID) -> Shown:
    """An endpoint and what it was told, newest first."""
    asked = _asked(visit.args)
    with visit.begin() as db:
        endpoint = found_in(visit, db, webhook_id)
        counts = deliveries.counts(db, [webhook_id])[webhook_id]
        found = deliveries.page(
            db, webhook_id, limit=_PAGE + 1, before=_before(visit.args), **asked
        )
    path = f"{PATH}/{webhook_id}"
    older = str(found[_PAGE - 1]["id"]) if len(found) > _PAGE else ""
    values = {
        "endpoint": endpoint, "stand": words.state_of_endpoint(endpoint), "counts": counts,
        "found": found[:_PAGE], "state_of": words.state_of_delivery, "name_of": words.name_of,
        "path": path, "form": asked, "chips": _chips(path, asked), "types": words.TYPES,
        "states": [(name, words.DELIVERIES[name].words) for name in deliveries.STATES],
        "spans": words.SPAN_WORDS, "known": words.TYPES, "now": visit.ground.clock(),
        "older": f"{path}?{urlencode({**_set(asked), 'before': older})}" if older else "",
        "newest": f"{path}?{urlencode(_set(asked))}" if visit.args.get("before") else "",
    }  # fmt: skip
    return Shown("deliveries/list.html", values)


@wing.way(f"POST {_OF}/again", may="manage")
def again_failed(visit: Visit, webhook_id: UUID) -> Go:
    """Send all that were given up since then."""
    now = visit.ground.clock()
    with visit.begin() as db:
        found_in(visit, db, webhook_id)
        since = words.since_of(visit.form.get("span", ""), now)
        many = deliveries.send_failed_again(db, webhook_id, since, now)
        visit.note(db, "webhook.sent_again", webhook_id, deliveries=many)
    visit.ring("tell")
    return Go(f"{PATH}/{webhook_id}", said=words.sent_again(many))


@wing.way(f"GET {_ONE}", may="manage")
def one(visit: Visit, delivery_id: UUID) -> Shown:
    """What was sent and what was answered; the part that changes where htmx asks."""
    with visit.begin() as db:
        found = _found(deliveries.one(db, visit.workspace_id, delivery_id))
        whole = found["whole_numbers"] and visit.may("numbers")
        body = written(db, visit.ground.vault, [found], whole=whole)[delivery_id]
    values = {
        "delivery": found, "stand": words.state_of_delivery(found), "most": _MOST_TRIES,
        "name": words.name_of(found["type"]), "is_test": found["type"] == tellings.TEST,
        "body": orjson.dumps(orjson.loads(body), option=orjson.OPT_INDENT_2).decode(),
        "webhooks": PATH, "waits": found["state"] == "new" and found["called_at"] is None,
    }  # fmt: skip
    return Shown("deliveries/stand.html" if visit.wants_part else "deliveries/one.html", values)


@wing.way(f"POST {_ONE}/again", may="manage")
def again(visit: Visit, delivery_id: UUID) -> Go:
    """Send one again, under its own id."""
    now = visit.ground.clock()
    with visit.begin() as db:
        found = _found(deliveries.one(db, visit.workspace_id, delivery_id))
        goes = deliveries.send_again(db, visit.workspace_id, delivery_id, now)
        if goes:
            visit.note(db, "webhook.sent_again", found["endpoint_id"], deliveries=1)
    visit.ring("tell")
    said = gettext("It goes again, under the same id.") if goes else gettext("It waits already.")
    return Go(f"{PATH}/deliveries/{delivery_id}", said=said)


def _found(delivery: Row | None) -> Row:
    if delivery is None:
        raise Missing
    return delivery


def _asked(args: Mapping[str, str]) -> dict[str, str]:
    state, type = args.get("state", ""), args.get("type", "")
    return {
        "state": state if state in deliveries.STATES else "",
        "type": type if type in tellings.TYPES else "",
    }


def _before(args: Mapping[str, str]) -> UUID | None:
    try:
        return UUID(args["before"]) if args.get("before") else None
    except ValueError:
        return None


def _set(asked: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in asked.items() if value}


def _chips(path: str, asked: Mapping[str, str]) -> list[tuple[str, object, str]]:
    """What is chosen, each with the address without it."""
    labels = {"state": gettext("State"), "type": gettext("Event")}
    named = {
        "state": words.DELIVERIES[asked["state"]].words if asked["state"] else "",
        "type": words.TYPES.get(asked["type"], ""),
    }
    chosen = _set(asked)
    return [
        (labels[n], named[n], f"{path}?{urlencode({k: v for k, v in chosen.items() if k != n})}")
        for n in chosen
    ]

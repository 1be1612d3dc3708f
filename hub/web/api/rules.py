"""Sending rules: to whom, when and how often a workspace sends, and whether it is only testing."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from hub.automations import rules, windows
from hub.automations.presets import zones_of_country
from hub.automations.reading import DocumentError
from hub.contract import NotAPhone, Phone
from hub.store import spend, workspaces
from hub.store.database import Row
from hub.store.numbers import keep, phones
from hub.web.api.problems import invalid
from hub.web.api.routes import Answer, Ask, Desk
from hub.web.api.rows import shop_of
from hub.web.api.schemas import FLAG, Schema, listed, shape, text, whole

desk = Desk("rules")

_DOCUMENT: Schema = {"type": "object"}
_RULES = {
    "testing": FLAG,
    "testers": listed(text(64, empty=False)),
    "countries": {**listed(text(2, empty=False)), "minItems": 1},
    "daily_cap": whole(0, 1000),
    "sending_window": _DOCUMENT,
    "rules": _DOCUMENT,
}
Problems = Iterator[tuple[str, str]]


@desk.route("GET /rules", scope="read", answers={200: shape(_RULES)})
def one(ask: Ask) -> Answer:
    """Look at the sending rules."""
    with ask.begin() as db:
        return Answer(_shown(ask, db))


@desk.route("PUT /rules", scope="manage", takes=shape({}, _RULES), answers={200: shape(_RULES)})
def put(ask: Ask) -> Answer:
    """Change the sending rules. What is left out stays as it is; what waits obeys them too."""
    with ask.begin() as db:
        shop = shop_of(db, ask.workspace_id)
        wanted = _read(ask.body, shop)
        if "testers" in wanted:
            wanted["testers"] = [
                keep(db, ask.ground.vault, ask.workspace_id, phone).token
                for phone in wanted["testers"]
            ]
        workspaces.change(db, ask.workspace_id, **wanted)
        spend.wake(db, ask.workspace_id, ask.ground.clock())
        return Answer(_shown(ask, db))


def _read(body: Mapping[str, Any], shop: Row) -> dict[str, Any]:
    """The columns to write, testers as phones. Raises Problem with every field that cannot."""
    wanted = dict(body)
    problems = [*_hours(body), *_limits(body), *_countries(body)]
    wanted |= {"countries": [c.upper() for c in body["countries"]]} if "countries" in body else {}
    if "testers" in body:
        wanted["testers"] = []
        for place, raw in enumerate(body["testers"]):
            try:
                wanted["testers"].append(Phone.parse(raw, shop["country"]))
            except NotAPhone as problem:
                problems.append((f"testers.{place}", str(problem)))
    if problems:
        raise invalid(*problems)
    return wanted


def _hours(body: Mapping[str, Any]) -> Problems:
    try:
        windows.parse(body.get("sending_window", {"preset": "always"}))
    except DocumentError as error:
        yield from _named("sending_window", error)


def _limits(body: Mapping[str, Any]) -> Problems:
    try:
        rules.parse(body.get("rules", {}))
    except DocumentError as error:
        yield from _named("rules", error)


def _named(field: str, error: DocumentError) -> Problems:
    for problem in error.problems:
        yield f"{field}.{problem.field}".rstrip("."), problem.words


def _countries(body: Mapping[str, Any]) -> Problems:
    for place, country in enumerate(body.get("countries", ())):
        if not zones_of_country(country.upper()):
            yield f"countries.{place}", f"«{country}» is no country. Give two letters such as FR."


def _shown(ask: Ask, db: Connection) -> dict[str, Any]:
    shop = shop_of(db, ask.workspace_id)
    plain = {name: shop[name] for name in _RULES}
    if ask.sees_numbers or "manage" in ask.scopes:  # who may write them must read them
        own = [(ask.workspace_id, token) for token in shop["testers"]]
        known = phones(db, ask.ground.vault, own)
        plain["testers"] = [known[one].e164 if one in known else one[1] for one in own]
    return {**plain, "rules": {**rules.as_json(rules.Rules()), **shop["rules"]}}

"""Every route walked: with no key, with too little of one, and with another merchant's ids."""

import re
from pathlib import Path

import pytest

from hub.store import audit, keys
from hub.store.database import rows
from hub.web import api
from hub.web.api import ROUTES

NUMBER = "+33639980123"
ABSENT = "0190d3a4-0000-7000-8000-000000000000"
# Before a key's row is read nobody knows whose it is; and what the hub compares is its own.
ROAD_ONLY = {"doors.py": 1, "health.py": 1}
BODIES = {
    "connections_reconnect": {},
    "connections_fill_in": {"settings": {}},
    "deliveries_resend_failed": {"since": "2026-06-10T00:00:00Z"},
    "people_say": {"verdict": "stopped", "source": "desk"},
    "templates_shown": {},
    "uncertain_settle": {"ids": [ABSENT], "as": "arrived"},
    "templates_put": {"kind": "transactional", "title": "Mine", "texts": {"fr": "Bonjour"}},
}
# Names are each merchant's own: to write one is to make it, and never to touch the other's.
STAND = {"events_intake", "messages_one", "decisions_one", "people_one", "templates_one",
         "connections_one", "connections_address"}  # fmt: skip
MAKES_ITS_OWN = {"templates_put", "automations_put", "gallery_take", "people_say"}


def filled(route, known=None):
    return re.sub(r"{(\w+)}", lambda found: (known or {}).get(found[1], ABSENT), route.path)


def ask(program, route, known=None):
    at = f"/api/v1{filled(route, known)}"
    head = {"Authorization": f"Bearer {program.key}", "Idempotency-Key": "walk"}
    body = {"json": BODIES.get(route.name, {})} if route.takes is not None else {}
    return program.client.open(at, method=route.method, headers=head, **body)


def test_the_walk_meets_every_route_of_the_api(flask_app):
    rules = {
        (rule.rule, method)
        for rule in flask_app.url_map.iter_rules()
        for method in rule.methods
        if rule.rule.startswith(api.PREFIX)
    }
    known = {(api.PREFIX + route.rule, route.method) for route in ROUTES}
    heads = {(rule, "HEAD") for rule, method in rules if method == "GET"}
    assert rules - heads - known == {(f"{api.PREFIX}/openapi.json", "GET")}


def test_no_route_opens_without_a_key(flask_app):
    client = flask_app.test_client()
    for route in ROUTES:
        at = f"/api/v1{filled(route)}"
        assert client.open(at, method=route.method).status_code == 401, route.name
        assert client.open(f"{at}?key=rls_1_2", method=route.method).status_code == 401, route.name


@pytest.mark.parametrize("scope", [*keys.SCOPES, "", "everything"])
def test_a_key_opens_the_routes_of_its_scopes_and_no_other(program_of, ground, workspace, scope):
    program = program_of(workspace, scope)
    for route in ROUTES:
        if route.scope != scope:
            assert ask(program, route).status_code == 403, (route.name, scope)


def test_every_route_needs_a_scope_that_exists():
    assert {route.scope for route in ROUTES} <= set(keys.SCOPES)


def test_what_changes_the_hub_is_no_reading():
    reading = {route.name for route in ROUTES if route.scope == "read" and route.method != "GET"}
    assert reading == {"templates_lint", "templates_shown"}  # tried, and kept nowhere


@pytest.fixture
def theirs(program_of, other_workspace, ground):
    """Ids of the other merchant's, of everything an address can name."""
    program = program_of(other_workspace)
    order = {"type": "order.created", "key": "7", "subject": "order:7",
             "occurred_at": "2026-06-10T12:00:00+02:00", "person": {"phone": NUMBER}}  # fmt: skip
    told = program.post("/events", order).json
    wanted = {"template": "order-confirmed", "to": {"phone": NUMBER}}
    sent = program.post("/messages", wanted).json
    program.post(f"/people/{NUMBER}/consent", {"verdict": "granted", "source": "till"})
    program.put("/templates/theirs", BODIES["templates_put"])
    return {"intake_id": told["intake_id"], "message_id": sent["message_id"],
            "decision_id": sent["decision_id"], "phone": NUMBER, "slug": "theirs",
            "field": "calendar"}  # fmt: skip


@pytest.fixture
def their_connection(ground, other_workspace, cast):
    from hub.store import connections

    with ground.database.begin() as db:
        made = connections.add(
            db, ground.vault, workspace_id=other_workspace, connector=cast["shop"], settings={},
            secrets={"consumer_key": "k"},
        )  # fmt: skip
    return str(made)


def test_another_merchants_ids_are_no_ids(
    program_of, workspace, other_workspace, ground, theirs, their_connection
):
    program = program_of(workspace)
    known = {**theirs, "connection_id": their_connection, "event_id": ABSENT}
    walked = 0
    for route in ROUTES:
        if "{" not in route.path or route.name in MAKES_ITS_OWN:
            continue
        walked += 1
        assert ask(program, route, known).status_code == 404, route.name
    assert walked > 12
    own = program_of(other_workspace)
    for route in ROUTES:
        if route.name in STAND:
            assert ask(own, route, known).status_code == 200, route.name


def test_writing_a_name_that_another_merchant_has_leaves_theirs_alone(
    program_of, workspace, other_workspace, theirs
):
    mine, own = program_of(workspace), program_of(other_workspace)
    before = own.get("/templates/theirs").json
    changed = {**BODIES["templates_put"], "title": "Changed"}
    assert mine.put("/templates/theirs", changed).status_code == 200
    assert own.get("/templates/theirs").json == before
    mine.post(f"/people/{NUMBER}/consent", {"verdict": "stopped", "source": "desk"})
    assert own.get(f"/people/{NUMBER}").json["stop"] is None


def test_what_a_key_changes_leaves_a_line_and_what_it_reads_leaves_none(program, ground, workspace):
    program.get("/workspace")
    program.put("/workspace", {"name": "Maison Soleil"})
    program.post(f"/people/{NUMBER}/consent", {"verdict": "stopped", "source": "desk"})
    program.put("/workspace", {"zone": "Mars/Base"})
    with ground.database.begin() as db:
        lines = audit.listed(db, 10)
        assert audit.verify(db).fault == ""
        whole = str(rows(db, "SELECT * FROM audit"))
    assert [line["what"] for line in lines] == ["people_say", "workspace_put"]
    assert lines[1]["detail"] == '{"fields":["name"],"status":200}'
    assert lines[1]["workspace_id"] == workspace
    assert lines[1]["who"].startswith("key:")
    assert lines[1]["key_name"] == "test"
    assert "Soleil" not in whole
    assert "39980123" not in whole


def test_the_api_works_at_its_callers_desk_and_nowhere_else():
    """No transaction in these rooms without a workspace, but for the few that are named."""
    found = {}
    for path in Path(api.__file__).parent.glob("*.py"):
        if path.name.startswith("test_") or path.name == "conftest.py":
            continue
        said = path.read_text("utf-8")
        if count := len(re.findall(r"\.begin\(\)|\.cursor\(|engine\b", said)):
            mine = len(re.findall(r"\bask\.begin\(\)", said))
            if count - mine:
                found[path.name] = count - mine
    assert found == ROAD_ONLY | {"events.py": 1}  # events.py: a cursor of the desk's connection

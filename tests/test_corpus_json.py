"""Bad JSON, signed as genuine where that can be, at the shop's deliveries, at every connector's
own reading and at the API. Never a mistake of the hub; bounded in time and memory."""

import json
import time
import tracemalloc
from pathlib import Path

import pytest

from hub.contract import ConnectorError, Rejected
from hub.contract.kit.doors import at_their_address, doors, stamped
from hub.local.cast import CAST
from hub.local.corpus.cases import Case, cases
from hub.store import keys
from hub.store.database import rows
from hub.store.intakes import request_of

MOST_SECONDS, MOST_BYTES = 1.0, 64 * 1024 * 1024
FIXTURES = Path(__file__).resolve().parent.parent / "connectors" / CAST["shop"] / "fixtures"
ORDER = json.loads((FIXTURES / "order.created__rest.json").read_text("utf-8"))["body"]
EVENT = json.dumps(
    {"type": "contact.changed", "key": "k", "subject": "contact:7", "data": {},
     "occurred_at": "2026-06-10T12:00:00Z", "person": {"first_name": "Zoë", "phone": ""}},
    ensure_ascii=False,
)  # fmt: skip
# Which field of a genuine document plays which role: what it says there is replaced.
ROLES = {
    "4.1": {"time": ("date_created_gmt", "date_modified_gmt"), "id": ("id",), "text": ("number",),
            "number": ("total",), "object": ("billing",), "absent": ("id",), "data": ()},
    "4.6": {"time": ("occurred_at",), "id": ("key",), "text": ("first_name",), "absent": ("key",),
            "number": ("phone",), "object": ("person",), "data": ("data",)},
}  # fmt: skip
API = {200: "OK", 202: "OK", 400: "R", 415: "R", 422: "R"}
SIGNERS = ("woocommerce", "hubspot", "salesforce", "smsmode", "smpp", "googlercs", "kannel",
           "twilio")  # fmt: skip


def _body(case: Case, genuine: str) -> bytes:
    role = case.fields.get("role")
    if role is None:
        return case.raw
    value = case.fields["value"]
    if isinstance(value, list):
        value = Case("", "", "", {"make": value}).text
    if role == "start":
        return (value + genuine).encode()
    if role == "extra" or not ROLES[case.surface][role]:
        # Written by hand: no writer of JSON would write it.
        return (f'{{"x_more":{value},' + genuine.strip()[1:]).encode("utf-8", "surrogatepass")
    for name in ROLES[case.surface][role]:
        genuine = _with(genuine, name, value)
    return genuine.encode("utf-8", "surrogatepass")


def _with(genuine: str, name: str, value: str) -> str:
    document, mark = json.loads(genuine), "\u2603"
    place = document if name in document else document["person"]
    if value:
        place[name] = mark
    else:
        place.pop(name)
    return json.dumps(document).replace(json.dumps(mark), value)


class Bounds:
    """How much work each was, in seconds of a processor, and the most memory that any needed."""

    def __init__(self):
        self.late, self.most = [], 0

    def kept(self, case, act):
        tracemalloc.reset_peak()
        before, began = tracemalloc.get_traced_memory()[0], time.thread_time()
        found = act()
        took = time.thread_time() - began
        self.most = max(self.most, tracemalloc.get_traced_memory()[1] - before)
        if took > MOST_SECONDS:
            self.late.append(f"{case}: {took:.1f} s")
        return found


@pytest.fixture
def bounds():
    tracemalloc.start()
    found = Bounds()
    yield found
    tracemalloc.stop()
    assert found.most < MOST_BYTES
    assert found.late == []


def test_bad_json_signed_by_the_shop_is_kept_and_shown_as_bad(
    shop, ground, road, flask_app, bounds
):
    road.walk()
    with ground.database.begin() as db:
        connection = rows(db, "SELECT * FROM connections")[0]
    shop.simulator.webhook_secret = ground.credentials(connection)["webhook_secret"]
    token = connection["hook_token"]
    client, path, wrong = flask_app.test_client(), f"/hooks/{shop.slug}/{token}", []
    posted: dict[bytes, Case] = {}
    for case in cases("J", "4.1"):
        signed = shop.simulator.sign(_body(case, ORDER))
        answer = bounds.kept(
            case, lambda signed=signed: client.post(path, data=signed.body, headers=signed.headers)
        )
        if answer.status_code == 200:
            posted[signed.body] = case
        elif not case.allows(answer.status_code):
            wrong.append(f"{case}: {answer.status_code}, not {case.expected}")
    road.walk()
    with ground.database.begin() as db:
        found = rows(db, "SELECT * FROM intakes")
    for one in found:
        case = posted.pop(request_of(ground.vault, one).body)
        verdict = {"opened": "ok", "ignored": "ok"}.get(one["state"], one["state"])
        if not case.allows(verdict):
            wrong.append(f"{case}: {one['state']} ({one['reason']}), not {case.expected}")
    assert not wrong, "\n".join(wrong)
    assert posted == {}, "Some were answered with 200 and are nowhere."


@pytest.mark.parametrize("slug", SIGNERS)
def test_no_connector_is_hurt_by_bad_json_that_its_vendor_signed(slug, found, ground, bounds):
    simulator, connector = found.simulator(slug), ground.connectors[slug]
    settings = simulator.settings("http://127.0.0.1:9")
    wrong = []
    for case in cases("J", "4.1"):
        if case.expected == "413":
            continue
        request = stamped(simulator.sign(_body(case, ORDER)))
        door = at_their_address(doors(connector, settings), request)[0]
        verdict = bounds.kept(case, lambda d=door, r=request: _verdict(d, r, simulator.secrets()))
        unread = case.expected == "bad" and "role" not in case.fields
        if unread and verdict == "ok" and not _empty(case) and slug not in ("kannel", "twilio"):
            wrong.append(f"{slug} {case}: read")
    assert not wrong, "\n".join(wrong)


def _empty(case: Case) -> bool:
    """A list that may be empty, or hold things that are not known, is none of these faults."""
    return case.id in ("J6", "J7", "J8")


def _verdict(door, request, secrets) -> str:
    door.dedupe(request)
    try:
        door.verify(request, secrets)
        door.read(request)
    except (Rejected, ValueError, ConnectorError):
        return "bad"
    return "ok"


def test_bad_json_from_a_program_with_a_key_is_refused_in_words(
    ground, workspace, flask_app, bounds
):
    with ground.database.begin() as db:
        key = keys.make(db, workspace, "corpus", keys.SCOPES)
    client, wrong = flask_app.test_client(), []
    for number, case in enumerate(cases("J", "4.6")):
        headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": f"{number}",
                   "Content-Type": "application/json"}  # fmt: skip
        body = _body(case, EVENT)
        answer = bounds.kept(
            case, lambda b=body, h=headers: client.post("/api/v1/events", data=b, headers=h)
        )
        verdict = API.get(answer.status_code, answer.status_code)
        told = answer.status_code < 400 or answer.json["type"].startswith("/problems/")
        if not (case.allows(verdict) and told):
            wrong.append(f"{case}: {answer.status_code}, not {case.expected}: {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)

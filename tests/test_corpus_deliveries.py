"""Deliveries that are not the vendor's, or not readable though they are: nothing is kept of the
first, and the second are named as bad."""

import base64
import hashlib
import hmac
import json
import time

import pytest
import requests

from hub.contract import Rejected
from hub.contract.kit.doors import at_their_address, doors, stamped
from hub.local.cast import CAST
from hub.local.corpus.cases import cases
from hub.store.database import row

CASES = cases("4.1", "4.1")
BODY = b'{"id": 77,  "status": "processing", "billing": {}}'
SIGNATURE = "X-WC-Webhook-Signature"


def _of(kind):
    return [case for case in CASES if case.fields["kind"] == kind]


def _made(secret, body=BODY, digest=hashlib.sha256):
    return base64.b64encode(hmac.new(secret.encode(), body, digest).digest()).decode()


SIGNED = {
    "absent": lambda secret: None,
    "empty": lambda secret: "",
    "short": lambda secret: _made(secret)[:20],
    "long": lambda secret: "A" * 1000,
    "swapped": lambda secret: _made(secret).swapcase(),
    "unpadded": lambda secret: _made(secret).rstrip("="),
    "hex": lambda secret: hmac.new(secret.encode(), BODY, hashlib.sha256).hexdigest(),
    "redumped": lambda secret: _made(secret, json.dumps(json.loads(BODY)).encode()),
    "newline": lambda secret: _made(secret, BODY + b"\n"),
    "second": lambda secret: f"AAAA,{_made(secret)}",
    "algorithm": lambda secret: _made(secret, digest=hashlib.sha1),
    "neighbour": lambda secret: _made("another merchant's"),
    "secretless": lambda secret: _made(""),
    "unicode": lambda secret: "\xe9\xe8" + _made(secret),
    "nul": lambda secret: " ".join(_made(secret)),
    "genuine": _made,
}


@pytest.fixture
def door(shop, ground, flask_app, road):
    """The shop's address, its secret, and a way to count what is kept."""
    road.walk()
    with ground.database.begin() as db:
        connection = row(db, "SELECT * FROM connections WHERE id = :id", id=shop.connection_id)

    def kept():
        with ground.database.begin() as db:
            return row(db, "SELECT count(*) AS n FROM intakes")["n"]

    secret = ground.credentials(connection)["webhook_secret"]
    return flask_app.test_client(), connection["hook_token"], secret, kept


def test_only_what_the_vendor_signed_is_kept_and_only_once(door, shop):
    client, token, secret, kept = door
    wrong = []
    for case in _of("signature"):
        signature = SIGNED[case.fields["how"]](secret)
        headers = {"X-WC-Webhook-Topic": "order.updated", "X-WC-Webhook-Algorithm": "sha1"}
        if signature is not None:
            headers[SIGNATURE] = signature
        answer = client.post(f"/hooks/{shop.slug}/{token}", data=BODY, headers=headers)
        if not case.allows(answer.status_code):
            wrong.append(f"{case} {case.fields['how']}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert kept() == 1


def test_an_address_that_is_not_the_connections_is_one_answer_for_all(door, shop):
    client, token, _, kept = door
    wrong, unknown = [], set()
    for case in _of("address"):
        path = case.fields["path"]
        for name, value in {"slug": shop.slug, "token": token, "other": CAST["phones"],
                            "swapped": token.swapcase()}.items():  # fmt: skip
            path = path.replace("{" + name + "}", value)
        form = case.fields.get("form", "{}")
        kind = "application/x-www-form-urlencoded" if "form" in case.fields else "application/json"
        answer = client.post(path, data=form, content_type=kind)
        if not case.allows(answer.status_code):
            wrong.append(f"{case}: {answer.status_code}, not {case.expected}")
        if answer.status_code == 404 and path.count("/") == 3:
            unknown.add(answer.data)
    assert not wrong, "\n".join(wrong)
    assert len(unknown) == 1
    assert kept() == 0


@pytest.mark.parametrize("case", _of("xml"), ids=str)
def test_xml_that_means_harm_is_bad_and_calls_nobody(case, found, ground):
    simulator, connector = found.simulator(CAST["sales"]), ground.connectors[CAST["sales"]]
    settings, secrets = simulator.settings("http://127.0.0.1:9"), simulator.secrets()
    request = stamped(simulator.sign(case.raw))
    began = time.thread_time()
    entrance = at_their_address(doors(connector, settings), request)[0]
    entrance.dedupe(request)
    try:
        entrance.verify(request, secrets)
        entrance.read(request)
        verdict = "read"
    except (Rejected, ValueError):
        verdict = "bad"
    assert verdict == case.expected
    assert time.thread_time() - began < 1.0


@pytest.mark.parametrize("body", [b"", b"[" * 300, b"{}", b'[{"a": 1}]', b"\xff"])
def test_what_an_app_signed_and_nobody_can_read_is_kept_where_its_merchant_sees_it(
    toy, ground, road, body
):
    connection = toy.connect()
    secret = toy.vendor.sign_in.client_secret
    signed = {"X-Sign": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}
    answer = requests.post(ground.hook_url(connection), data=body, headers=signed, timeout=10)
    assert answer.status_code == 200
    road.walk()
    with ground.database.begin() as db:
        kept = row(db, "SELECT state, connection_id FROM intakes")
    assert kept["connection_id"] == connection["id"]
    assert kept["state"] in ("bad", "ignored", "new", "dead")

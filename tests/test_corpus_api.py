"""What programs may send to the API that makes no sense or means harm: refused in words, never a
mistake of the hub, never another workspace's."""

import json

import pytest
from flask.testing import EnvironBuilder

from hub.local.corpus.cases import Case, cases
from hub.store import keys
from hub.store.database import new_id

EVENT = {"type": "contact.changed", "subject": "contact:7", "occurred_at": "2026-06-10T12:00:00Z"}
SAID = {200: "OK", 202: "OK", 400: "R", 422: "R"}


@pytest.fixture
def key(ground, workspace):
    with ground.database.begin() as db:
        return keys.make(db, workspace, "corpus", keys.SCOPES)


def _ask(app, case, key):
    fields = case.fields
    used = fields.get("key", key)
    headers = {"Idempotency-Key": fields.get("once", new_id().hex), **fields.get("headers", {})}
    if used:
        headers["Authorization"] = f"Bearer {used}"
    body = Case("", "", "", {"make": fields["raw"]}).raw if "raw" in fields else None
    if "body" in fields:
        body = json.dumps(fields["body"]).encode()
    path = fields["path"].replace("{key}", key).replace("{uuid}", str(new_id()))
    builder = EnvironBuilder(
        app, f"/api/v1{path}", method=fields["method"], data=body, headers=_latin(headers),
        content_type=fields.get("type", "application/json") if body is not None else None,
    )  # fmt: skip
    return app.test_client().open(builder)


def _latin(headers):
    return {name: value.encode().decode("latin-1") for name, value in headers.items()}


def test_nonsense_from_a_program_is_refused_in_words(flask_app, key):
    wrong = []
    for case in cases("4.6", "4.6"):
        answer = _ask(flask_app, case, key)
        leaks = b"Traceback" in answer.data or b"psycopg" in answer.data
        given = [name for name in case.fields.get("without", ()) if name in answer.headers]
        told = answer.status_code < 400 or answer.content_type == "application/problem+json"
        if not case.allows(answer.status_code) or leaks or given or not told:
            wrong.append(f"{case} {case.fields['path'][:60]}: {answer.status_code}, "
                         f"not {case.expected}: {answer.text[:200]}")  # fmt: skip
    assert not wrong, "\n".join(wrong)


def test_a_strangers_words_are_taken_as_words_or_refused(flask_app, key, road):
    wrong, client = [], flask_app.test_client()
    for case in cases("S", "4.6"):
        body = {**EVENT, "key": f"k-{case.id}", "person": {"first_name": case.text}}
        answer = client.post(
            "/api/v1/events", data=json.dumps(body), content_type="application/json",
            headers={"Authorization": f"Bearer {key}", "Idempotency-Key": f"s-{case.id}"},
        )  # fmt: skip
        verdict = SAID.get(answer.status_code, answer.status_code)
        if not case.allows(verdict):
            wrong.append(f"{case}: {answer.status_code}, not {case.expected}: {answer.text[:200]}")
    road.walk()
    assert not wrong, "\n".join(wrong)

"""Addresses that mean harm: that the hub would call, that a short link would lead to, and that a
browser asks the hub for."""

import pytest

from hub.contract.addresses import fault_in
from hub.local.corpus.cases import cases
from hub.store import links, templates
from hub.store.database import new_id
from hub.store.links import may_lead_to
from hub.store.messages import add_all

CASES = cases("4.5", "4.5")
SHOP = "https://shop.example.com/cart/81"


def _of(kind):
    return [case for case in CASES if case.fields["kind"] == kind]


@pytest.mark.parametrize("case", _of("outward"), ids=str)
def test_the_hub_calls_no_address_that_is_not_on_the_internet(case):
    fault = fault_in(case.text, ())
    assert ("R" if fault else "OK") == case.expected
    assert not fault or fault.endswith(".")


@pytest.mark.parametrize("case", _of("target"), ids=str)
def test_a_short_link_leads_to_the_shop_alone(case):
    found = may_lead_to(case.text, ["shop.example.com"])
    assert ("OK" if found else "R") == case.expected


@pytest.fixture
def token(ground, workspace):
    """A link of a message, as a phone has it."""
    now, made = ground.clock(), links.new_token()
    with ground.database.begin() as db:
        template = templates.listed(db, workspace)[0]
        blank = dict.fromkeys(("reason", "sentence", "cart", "sender", "subject", "record"), "")
        one = {
            **blank, "id": new_id(), "workspace_id": workspace, "template_id": template["id"],
            "template_version": template["version"], "kind": "transactional", "channel": "sms",
            "phone": "+33639980001", "language": "fr", "zone": "Europe/Paris", "variables": {},
            "state": "cancelled", "due_at": now, "created_at": now, "changed_at": now,
        }  # fmt: skip
        add_all(db, [one])
        links.add_all(db, [{
            "token_hash": links.digest(made), "workspace_id": workspace, "message_id": one["id"],
            "label": "", "kind": "link", "target": SHOP, "utm": {}, "preview": {}, "language": "fr",
            "expires_at": now.replace(year=now.year + 1), "created_at": now,
        }])  # fmt: skip
    return made


def test_no_address_asked_of_the_hub_is_a_mistake_of_it_or_leads_astray(token, flask_app):
    client, wrong = flask_app.test_client(), []
    for case in _of("path"):
        path = case.fields["path"].replace("{token}", token)
        path = path.replace("{token_swapped}", token.swapcase())
        headers = {"Cookie": case.fields["cookie"]} if "cookie" in case.fields else {}
        answer = client.open(path, method=case.fields.get("method", "GET"), headers=headers)
        there = answer.headers.get("Location", SHOP)
        if not case.allows(answer.status_code) or there != SHOP:
            wrong.append(f"{case}: {answer.status_code} {there}, not {case.expected}")
    assert not wrong, "\n".join(wrong)


def test_guessing_tokens_finds_nothing_and_every_answer_is_the_same(flask_app):
    client = flask_app.test_client()
    answers = {client.get(f"/l/{links.new_token()}").data for _ in range(40)}
    assert len(answers) == 1

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from hub.contract import Ignored, Known, Progress, Request

from . import actions, connector, subscriptions, write_back
from .conftest import HELLO


def call(**more):
    body = {
        "callbackId": "ap-1",
        "origin": {"portalId": 7},
        "object": {"objectId": 12, "objectType": "CONTACT", "properties": {"phone": "0639980123"}},
        "inputFields": {"template": "thanks"},
    }
    return Request("POST", {}, json.dumps({**body, **more}).encode())


def read(**more):
    return actions.parse(call(**more), {"account": "7", "country": "FR"})


def test_an_execution_asks_for_a_message_and_waits():
    (event,) = read(inputFields={"template": "t", "text_1": "10 %", "wait_for": "replied"})
    assert (event.key, event.subject) == ("workflow:ap-1", "contact:12")
    assert (event.person.phone, event.person.country) == ("0639980123", "FR")
    assert (event.data["template"], event.data["text_1"]) == ("t", "10 %")
    assert (event.callback.reference, event.callback.waits_for) == ("ap-1", "replied")
    assert event.callback.within == timedelta(hours=24)


@pytest.mark.parametrize(
    ("hours", "within", "expires"),
    [("48", 48, "PT50H"), (0.5, 24, "PT26H"), ("0", 0.25, "PT3H"), ("9999", 144, "PT146H")],
)
def test_the_vendor_waits_a_little_longer_than_the_hub(hours, within, expires):
    inputs = {"template": "t", "wait_hours": hours}
    (event,) = read(inputFields=inputs)
    assert event.callback.within == timedelta(hours=within)
    answered = json.loads(actions.answer(call(inputFields=inputs)).body)["outputFields"]
    assert answered == {"hs_execution_state": "BLOCK", "hs_expiration_duration": expires}


def test_a_call_of_another_account_is_ignored():
    assert isinstance(read(origin={"portalId": 8}), Ignored)
    assert actions.accounts_of(call()) == ("7",)


@pytest.mark.parametrize(
    "more", [{"callbackId": None}, {"object": {}}, {"object": {"objectId": 1, "objectType": "X"}}]
)
def test_a_call_that_says_too_little_is_refused_in_words(more):
    with pytest.raises(ValueError, match=r"\.$"):
        read(**more)


def test_the_list_of_templates_is_searched_and_paged():
    known = Known(tuple((f"t-{n}", f"Text {n}") for n in range(120)), lambda _: (), "")

    def asked(**fetch):
        answer = actions.templates(call(fetchOptions=fetch), known)
        return json.loads(answer.body)

    first = asked(q="", after="")
    assert (len(first["options"]), first["after"], first["searchable"]) == (100, "100", True)
    assert len(asked(after="100")["options"]) == 20
    assert [o["value"] for o in asked(q="TEXT 119")["options"]] == ["t-119"]


def test_the_designer_is_shown_the_hubs_templates(installed, account):
    (option,) = account.workflows.options("thank")["options"]
    assert (option["value"], option["label"]) == HELLO


def test_a_hundred_contacts_cost_four_calls_end_to_end(installed, account, ear, outcome, whole):
    contacts = [account.create_contact() for _ in range(100)]
    before = account.api_calls
    steps = account.run_workflow(contacts, "thanks", ["10 %"], wait_for="delivered")
    thin = [e for r in ear[0].told("send") for e in actions.parse(r, installed.settings)]
    events = connector.enrich(installed, thin)
    assert [e.callback.reference for e in events] == steps
    for kind in ("sent", "delivered"):
        told = [outcome(e.subject, kind, text="Hello") for e in events]
        assert all(w.reference for w in write_back.write(installed, told))
    done = [Progress(step, "delivered", sentence="Delivered.", message_id="m") for step in steps]
    assert all(w.reference for w in actions.complete(installed, done))
    assert account.api_calls - before == 4
    assert account.workflows.waiting == {}
    assert account.completed(steps[0]) == {
        "hs_execution_state": "SUCCESS",
        "relais_result": "delivered",
        "relais_reason": "Delivered.",
        "relais_reply": "",
        "relais_message_id": "m",
    }
    assert len(account.notes(f"contact:{contacts[7]}")) == 1


def test_a_failed_message_lets_the_workflow_go_on(installed, account):
    (step,) = account.run_workflow([account.create_contact()], "thanks")
    actions.complete(installed, [Progress(step, "failed", sentence="Wrong number.")])
    assert account.completed(step)["hs_execution_state"] == "FAIL_CONTINUE"


def test_a_step_that_is_gone_is_refused_alone(installed, account):
    steps = account.run_workflow([account.create_contact() for _ in range(5)], "thanks")
    gone = [Progress("gone", "delivered"), *(Progress(s, "sent") for s in steps)]
    written = actions.complete(installed, gone)
    assert [bool(w.reference) for w in written] == [False, *[True] * 5]
    assert "no longer waits" in written[0].refused


def test_an_execution_the_hub_could_not_take_comes_again(installed, account, ear):
    number = account.create_contact()
    assert account.flush()
    ear[0].statuses = ["500 Oops", "503 Busy"]
    (step,) = account.run_workflow([number], "thanks")
    named = {actions.dedupe(request) for request in ear[0].told("send")}
    assert (len(ear[0].told("send")), named) == (3, {f"workflow:{step}"})
    assert step in account.workflows.waiting


def test_a_step_nobody_answers_gives_up_after_its_time(installed, account):
    (step,) = account.run_workflow([account.create_contact()], "thanks")
    assert account.workflows.expire() == [step]
    (written,) = actions.complete(installed, [Progress(step, "expired")])
    assert written.refused


def test_the_account_asks_for_the_phone_the_settings_name(ctx, account):
    own = replace(ctx, settings={**ctx.settings, "phone_property": "phone"})
    subscriptions.subscribe(own)
    (row,) = account.app.definitions.values()
    asked = row["objectRequestOptions"]["properties"]
    assert "phone" in asked
    assert "mobilephone" not in asked

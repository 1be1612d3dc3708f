import json
from dataclasses import replace
from typing import cast

import pytest
from openapi_spec_validator import validate

from hub.contract import Known, Progress, Rejected, Request
from hub.contract.kit.simulator import Faults, serve

from . import connector, flow, openapi, write_back
from .org import flowrun

SECRET = {"webhook_secret": "s3cr3t"}


def call(rows, **headers):
    named = {"Authorization": "Bearer s3cr3t", **headers}
    return Request.of("POST", named, json.dumps({"requests": rows}).encode())


def row(**more):
    return {
        "recordId": "0038d0000000001AAA",
        "phone": "+33 6 39 98 01 23",
        "template": "win-back",
        **more,
    }


def known(*templates):
    def progress(names):
        return [Progress(name, "delivered", sentence="Delivered.") for name in names]

    return Known(tuple(templates), progress, "https://hub.example.com/hooks/salesforce/k1")


def test_the_bearer_or_the_header_of_an_external_credential_opens_the_door():
    flow.verify(call([row()]), SECRET)
    flow.verify(call([row()], Authorization="", **{"X-Relais-Key": "s3cr3t"}), SECRET)
    for bad in ({"Authorization": "Bearer other"}, {"Authorization": "Basic s3cr3t"}):
        with pytest.raises(Rejected):
            flow.verify(call([row()], **bad), SECRET)


def test_two_hundred_records_are_two_hundred_events_in_one_call():
    rows = [row(recordId=f"0038d{n:010}", reference=f"r-{n}") for n in range(200)]
    found = flow.parse(call(rows), {})
    assert [e.key for e in found] == [f"flow:r-{n}" for n in range(200)]
    assert all(e.callback.reference == e.key.removeprefix("flow:") for e in found)
    told = json.loads(flow.answer(call(rows)).body)["results"]
    assert [one["reference"] for one in told] == [f"r-{n}" for n in range(200)]


def test_a_bad_request_is_refused_alone_and_in_its_place():
    rows = [row(), row(template=""), row(phone=""), row(recordId="12"), row(waitFor="rain")]
    told = json.loads(flow.answer(call(rows)).body)["results"]
    assert [one["state"] for one in told] == ["accepted", *["refused"] * 4]
    assert "template" in told[1]["message"]
    assert len(flow.parse(call(rows), {})) == 1


def test_a_reference_is_made_of_the_interview_and_the_record():
    one = call([row(interview="i-1")])
    assert flow.dedupe(one) == flow.dedupe(call([row(interview="i-1", firstName="Zoë")]))
    assert flow.dedupe(one) != flow.dedupe(call([row(interview="i-2")]))


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"requests": []}', b'{"requests": [1]}'])
def test_a_call_that_cannot_be_read_is_told_so(body):
    one = Request.of("POST", {"Authorization": "Bearer s3cr3t"}, body)
    assert flow.answer(one).status == 400
    assert flow.dedupe(one)
    with pytest.raises(ValueError, match=r"[A-Z]"):
        flow.parse(one, {})


def test_more_than_two_hundred_are_refused_as_a_whole():
    assert flow.answer(call([row()] * 201)).status == 400


def test_a_leads_message_goes_home_to_the_lead_and_a_deals_to_the_deal():
    rows = [row(recordId="00Q8d0000000001AAA"), row(recordId="0068d0000000001AAA")]
    lead, deal = flow.parse(call(rows), {})
    assert lead.subject == lead.person.record
    assert lead.subject.startswith("contact:00Q")
    assert deal.subject.startswith("deal:006")
    assert deal.person.record == ""


def test_results_are_asked_by_reference_in_either_way():
    asked = Request.of("POST", {}, b'{"references": ["a", "b"]}')
    told = json.loads(flow.results(asked, known()).body)["results"]
    assert [(one["reference"], one["state"], one["done"]) for one in told] == [
        ("a", "delivered", True),
        ("b", "delivered", True),
    ]
    plain = Request.of("GET", {}, b"", query={"reference": "a"})
    assert len(json.loads(flow.results(plain, known()).body)["results"]) == 1
    assert flow.results(Request.of("GET", {}, b""), known()).status == 400


def test_the_document_is_one_that_external_services_takes():
    many = [(f"template-{n}", f"A title {n} " * 9) for n in range(500)]
    answered = openapi.answer(Request.of("GET", {}, b""), known(*many))
    found = json.loads(answered.body)
    validate(found)
    registered = flowrun.register(answered.body.decode(), found)
    assert registered.paths == {"send": "/send", "results": "/results"}


def test_a_flow_of_two_hundred_records_costs_at_most_four_calls(org, ctx, outcome):
    contacts = [org.create_contact() for _ in range(200)]
    hub = _Hub()
    with serve(cast("object", hub)) as served:
        hub.url = f"{served.url}/k1"
        org.webhook_secret = "s3cr3t"
        org.register_flow(f"{served.url}/k1/openapi.json")
        before = org.api_calls
        accepted = org.run_flow(contacts, "win-back")
        events = connector.enrich(ctx, flow.parse(hub.asked[-1], ctx.settings))
        told = [
            outcome(e.subject, kind, again=False) for kind in ("sent", "delivered") for e in events
        ]
        for at in range(0, len(told), 200):
            assert all(one.reference for one in write_back.write(ctx, told[at : at + 200]))
        results = org.flow_results([one["reference"] for one in accepted])
    assert {one["state"] for one in results} == {"delivered"}
    assert org.api_calls - before <= 4
    assert len(org.tasks()) == 200


class _Hub:
    """The hub's three doors for a Flow."""

    def __init__(self):
        self.faults, self.asked, self.url = Faults(), [], ""

    def wsgi(self, environ, start_response):
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        headers = {"Authorization": environ.get("HTTP_AUTHORIZATION", "")}
        one = Request.of(environ["REQUEST_METHOD"], headers, body)
        flow.verify(one, SECRET)
        told = replace(known(("win-back", "Win back")), hook_url=self.url)
        match environ["PATH_INFO"].rpartition("/")[2]:
            case "send":
                self.asked.append(one)
                answered = flow.answer(one)
            case "results":
                answered = flow.results(one, told)
            case _:
                answered = openapi.answer(one, told)
        start_response(f"{answered.status} OK", [("Content-Length", str(len(answered.body)))])
        return [answered.body]

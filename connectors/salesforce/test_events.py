from dataclasses import replace

import pytest

from hub.contract import Ignored, Rejected, Request

from . import events, poll, simulator
from .org import outbound
from .org.memory import ORG

URL = "https://hub.example.com/hooks/salesforce/k1?key=s3cr3t"
SECRETS = {"webhook_secret": "s3cr3t"}


def told(*tables, number="0038d0000000001AAA", organization=ORG):
    entries = [
        outbound.Entry(f"04l8d000000000{n}AAA", table, {"Id": number})
        for n, table in enumerate(tables, 1)
    ]
    return outbound.request(URL, outbound.envelope(organization, entries))


def test_the_key_in_the_address_opens_the_door():
    events.verify(told("Contact"), SECRETS)
    events.verify(replace(told("Contact"), query={}), SECRETS)


def test_another_organisation_is_rejected_even_with_the_key():
    with pytest.raises(Rejected, match="another"):
        events.verify(told("Contact"), {**SECRETS, "account": "00D8d0000000002AAA"})
    events.verify(told("Contact"), {**SECRETS, "account": ORG[:15]})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<?xml version="1.0" encoding="nonsense"?><a/>',
        b"<a>" * 50_000,
    ],
)
def test_what_is_no_outbound_message_is_rejected(body):
    with pytest.raises(Rejected):
        events.verify(replace(told("Contact"), body=body), SECRETS)


def test_the_same_entries_in_another_envelope_are_the_same_delivery():
    one = told("Contact", "Lead")
    other = replace(one, body=one.body.replace(b"04k8d", b"04k9e"))
    assert one.body != other.body
    assert events.dedupe(one) == events.dedupe(other)
    assert events.dedupe(one) != events.dedupe(told("Contact"))


def test_an_event_holds_the_id_and_nothing_else_of_the_message():
    (event,) = events.parse(told("Contact"), {})
    assert event.subject == "contact:0038d0000000001AAA"
    assert (event.person.phone, dict(event.data)) == ("", {})


def test_a_short_id_names_the_same_record_as_its_long_form():
    (event,) = events.parse(told("Contact", number="0038d0000000001"), {})
    assert event.subject == "contact:0038d0000000001AAA"


def test_another_organisations_message_means_nothing_here():
    assert isinstance(events.parse(told("Contact"), {"account": "00D8d0000000009AAA"}), Ignored)


def test_the_answer_is_the_acknowledgement_salesforce_waits_for():
    answered = events.answer(told("Contact"))
    assert (answered.status, outbound.acknowledged(answered.body)) == (200, True)
    assert not outbound.acknowledged(b"")


def test_a_session_id_in_a_message_goes_nowhere():
    one = told("Contact")
    body = one.body.replace(
        b'<SessionId xsi:nil="true"/>', b"<SessionId>00D!secret-session</SessionId>"
    )
    assert "secret-session" not in repr(events.parse(replace(one, body=body), {}))


def test_without_the_acknowledgement_the_org_sends_again(org, ear):
    ear[0].deaf = 2
    org.add_outbound_message(ear[1])
    org.create_contact()
    assert org.flush()
    assert len(ear[0].heard) == 3
    assert len({events.dedupe(one) for one in ear[0].heard}) == 1


def test_twice_shuffled_and_lost_messages_end_in_the_same_events(org, ear, read, drain, ctx):
    start = poll.pull(ctx, "").cursor
    org.deliver_twice()
    org.shuffle()
    org.lose_next(1)
    org.add_outbound_message(ear[1])
    for _ in range(20):
        org.create_contact()
    assert org.flush()
    heard = {e.key for e in read(ear[0].heard)}
    polled = {e.key for e in drain(start)[0]}
    assert heard <= polled
    assert len(polled) == 20


def test_the_simulators_scene_shows_every_object():
    found = simulator.Simulator().deliveries()
    assert all(isinstance(one, Request) for one in found)
    seen = {e.type for one in found for e in events.parse(one, _settings())}
    assert {"contact.changed", "deal.changed", "order.created", "record.changed"} <= seen


def _settings():
    return {"custom_objects": "Visit__c: Person=Contact__c"}

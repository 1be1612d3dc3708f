import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract import Ignored, Request

from . import events

SETTINGS = {"objects": "contacts,deals,carts,orders", "account": "7"}


def told(**more):
    event = {
        "eventId": 1,
        "portalId": 7,
        "objectId": 12,
        "occurredAt": 1781254800000,
        "subscriptionType": "contact.propertyChange",
        "propertyName": "city",
        "attemptNumber": 0,
    }
    return {**event, **more}


def delivery(*rows):
    return Request("POST", {}, json.dumps(rows).encode())


def read(*rows, **settings):
    return events.parse(delivery(*rows), {**SETTINGS, **settings})


def test_a_repeated_delivery_is_the_same_whatever_its_attempt_and_order():
    one, two = told(), told(objectId=13)
    again = delivery({**two, "attemptNumber": 3}, {**one, "attemptNumber": 1})
    assert events.dedupe(delivery(one, two)) == events.dedupe(again)


def test_one_event_id_for_two_changes_is_two_deliveries():
    assert events.dedupe(delivery(told())) != events.dedupe(delivery(told(objectId=13)))


def test_ten_changes_of_one_contact_are_one_event_of_the_latest():
    rows = [told(occurredAt=1781254800000 + n, propertyName=p) for n, p in enumerate(["city"] * 10)]
    (event,) = read(*reversed(rows))
    assert event.subject == "contact:12"
    assert event.occurred_at.microsecond == 9000


def test_only_the_own_accounts_events_are_taken():
    rows = told(portalId=8), told(objectId=13)
    assert [e.subject for e in read(*rows)] == ["contact:13"]
    assert len(read(*rows, account="")) == 2
    assert events.accounts_of(delivery(*rows)) == ("8", "7")
    assert "another HubSpot account" in read(rows[0]).reason


def test_our_own_properties_are_no_news_but_the_consent_is():
    own = read(told(propertyName="relais_last_status", changeSource="INTEGRATION"))
    assert own.reason == "Relais wrote this itself."
    assert len(read(told(propertyName="relais_sms_opt_in"))) == 1


@pytest.mark.parametrize(
    ("row", "word"),
    [
        (told(subscriptionType="contact.deletion"), "deleted"),
        (told(subscriptionType="contact.privacyDeletion"), "erased for privacy"),
        (told(subscriptionType="company.creation"), "company.creation"),
        (told(subscriptionType="object.creation", objectTypeId="2-99"), "object.creation"),
        (told(subscriptionType="contact.associationChange"), "associationChange"),
        (told(subscriptionType="constructor"), "constructor"),
        (told(propertyName="hs_analytics_source"), "hs_analytics_source"),
        (told(subscriptionType="deal.propertyChange", propertyName="amount"), "amount"),
    ],
)
def test_what_is_no_news_is_ignored_with_a_reason(row, word):
    answer = read(row)
    assert isinstance(answer, Ignored)
    assert word in answer.reason


def test_kinds_left_out_in_the_settings_are_ignored():
    row = told(subscriptionType="deal.creation")
    assert read(row, objects="contacts").reason == "The settings leave out deals."


def test_a_merge_goes_on_under_the_id_that_stays():
    (event,) = read(
        told(subscriptionType="contact.merge", primaryObjectId=20, mergedObjectIds=[12])
    )
    assert event.subject == "contact:20"


def test_a_new_order_is_made_and_has_a_status():
    row = told(subscriptionType="object.creation", objectTypeId="0-123")
    assert [e.type for e in read(row)] == ["order.created", "order.status_changed"]


def test_an_account_may_number_its_objects_otherwise():
    row = told(subscriptionType="object.creation", objectTypeId="2-55")
    (event,) = read(row, object_types="2-55=carts")
    assert (event.type, event.subject) == ("cart.abandoned", "cart:12")


def test_an_event_without_a_record_is_refused_in_words():
    with pytest.raises(ValueError, match=r"which record.*\.$"):
        read(told(objectId=None))


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(sorted(told())), _json))
def test_no_field_whatever_raises_more_than_a_sentence(spoilt):
    with suppress(ValueError):
        read(told(**spoilt))

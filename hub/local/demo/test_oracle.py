"""The judge must see what is wrong: a green oracle that sees nothing is worth nothing."""

import json
from uuid import uuid4

import pytest
import requests

from hub.local.cast import CAST
from hub.local.demo import oracle
from hub.local.demo.street import Neighbour, open_street
from hub.local.demo.witness import percentile


@pytest.fixture
def street():
    with open_street() as opened:
        yield opened


def carry(street, reference, number="33639980123", text="Bonjour"):
    wanted = {"recipient": {"to": number}, "body": {"text": text}, "refClient": reference}
    key = street.phones.secrets()["api_key"]
    answer = requests.post(
        f"{street.phones_url}/sms/v1/messages",
        data=json.dumps(wanted),
        headers={"X-Api-Key": key, "Content-Type": "application/json"},
        timeout=10,
    )
    assert answer.ok


def message(state="delivered"):
    return {"id": uuid4(), "state": state, "sentence": "", "phone": "+33639980123"}


def told(subject, marker, kind="sent"):
    return {"subject": subject, "marker": marker, "kind": kind, "state": "done"}


def wrongs(street, messages):
    return list(oracle.wrongs_of_messages(street.phones, messages))


def test_a_message_carried_once_is_right(street):
    sent = message()
    carry(street, str(sent["id"]))
    assert wrongs(street, [sent]) == []


def test_a_message_carried_twice_is_seen(street):
    sent = message()
    carry(street, str(sent["id"]))
    carry(street, str(sent["id"]))
    assert "2 times" in wrongs(street, [sent])[0]


def test_a_message_that_never_came_is_seen(street):
    assert "0 times" in wrongs(street, [message("sent")])[0]


def test_a_cancelled_message_on_a_phone_is_seen(street):
    gone = message("cancelled")
    carry(street, str(gone["id"]))
    assert "cancelled" in wrongs(street, [gone])[0]


def test_a_message_still_in_doubt_is_seen(street):
    assert "uncertain" in wrongs(street, [message("uncertain")])[0]


def test_a_message_that_the_hub_does_not_know_is_seen(street):
    carry(street, "somebody-else")
    assert "somebody-else" in wrongs(street, [])[0]


def test_a_reminder_that_is_days_ahead_is_on_no_phone_and_right(street):
    assert wrongs(street, [{**message("scheduled"), "ahead": True}]) == []
    assert "still scheduled" in wrongs(street, [{**message("scheduled"), "ahead": False}])[0]


def record_wrongs(count, kind="delivered", state="done"):
    class Counted:
        def written(self, marker):
            return count

    row = {**told("contact:1", "abc", kind), "state": state, "connector": CAST["crm"]}
    crm = Neighbour("crm", simulator=Counted(), connection_id="c-1")
    return list(oracle.wrongs_of_records({"crm": crm}, [row]))


def test_a_result_stands_on_its_record_once():
    assert record_wrongs(1) == []
    assert "2 times" in record_wrongs(2)[0]
    assert "0 times" in record_wrongs(0)[0]


def test_a_result_that_a_system_does_not_note_or_did_not_take_need_not_stand_there():
    assert record_wrongs(0, "sent") == []
    assert record_wrongs(0, state="refused") == []


@pytest.fixture
def order(street):
    order_id = street.shop.place_order()

    def note(text):
        street.shop.memory.add_note(order_id, {"note": text})

    return order_id, note


def note_wrongs(street, rows):
    return list(oracle.wrongs_of_notes(street.shop, rows))


def test_one_note_for_one_outcome_is_right(street, order):
    order_id, note = order
    note("SMS sent. [relais abc]")
    assert note_wrongs(street, [told(f"order:{order_id}", "abc")]) == []


def test_a_note_that_is_missing_twice_or_unplanned_is_seen(street, order):
    order_id, note = order
    for marker in ("abc", "abc", "xyz"):
        note(f"SMS sent. [relais {marker}]")
    found = " ".join(note_wrongs(street, [told(f"order:{order_id}", m) for m in ("abc", "def")]))
    assert "lacks the note def" in found
    assert "abc 2 times" in found
    assert "nobody planned: xyz" in found


def test_an_outcome_that_is_not_noted_needs_no_note(street, order):
    assert note_wrongs(street, [told(f"order:{order[0]}", "abc", "skipped")]) == []


def test_the_witness_notes_whom_the_carrier_was_called_for(street):
    carry(street, str(uuid4()), number="33639980999")
    assert "33639980999" in street.witness.calls


def test_percentiles_are_of_the_sorted_values():
    assert percentile([3, 1, 2], 0.5) == 2
    assert percentile(range(100), 0.99) == 99
    assert percentile([], 0.5) == 0

from dataclasses import replace

import pytest

from hub.contract import AuthLost, Ignored

from . import changes, events, poll, pubsub, write_back
from .conftest import keys
from .cursor import Cursor
from .org.stream import Stream


@pytest.fixture
def stream(org):
    made = Stream(org.memory, org.sign_in.accepts)
    made.address = made.start()
    yield made
    made.stop()


@pytest.fixture
def live(ctx, stream, monkeypatch):
    monkeypatch.setattr(changes, "_SECONDS", 0.5)
    settings = {**ctx.settings, "change_events": "1", "pubsub_address": stream.address}
    return replace(ctx, settings=settings)


@pytest.fixture
def door(org, stream):
    secrets = org.secrets()
    return pubsub.Door(
        stream.address,
        secrets["access_token"],
        "https://example.my.salesforce.com",
        "00D8d0000000001EAA",
        True,
    )


def drained(ctx, cursor, wanted=0):
    """What pulls give until so many requests came: a busy machine may need more than one."""
    requests = []
    for _ in range(60):
        page = poll.pull(ctx, cursor)
        requests += page.requests
        cursor = page.cursor
        if not page.more and len(requests) >= wanted:
            break
    return requests, cursor


def settled(ctx, org):
    """A cursor with a place in the stream, after SOQL has looked."""
    org.create_contact()  # gives the stream a place
    first = Cursor.load(poll.pull(ctx, "").cursor)
    _, cursor = drained(ctx, replace(first, replay="AAAAAAAAAAA=").dump())
    return cursor


def test_changes_come_out_of_the_stream_and_go_on_from_their_place(org, live, read, stream):
    cursor = settled(live, org)
    contact = org.create_contact()
    before = org.api_calls
    requests, cursor = drained(live, cursor, 1)
    assert org.api_calls == before
    assert {e.subject for e in read(requests)} == {f"contact:{contact}"}
    assert drained(live, cursor)[0] == []


def test_the_stream_and_the_poll_give_the_same_keys(org, live, ctx, read):
    cursor = settled(live, org)
    since = poll.pull(ctx, "").cursor
    contact = org.create_contact()
    org.move_opportunity(org.create_opportunity(contact), "Closed Won")
    org.people.place_order(contact)
    pushed, _ = drained(live, cursor, 4)
    polled, _ = drained(ctx, since)
    assert set(keys(read(pushed))) <= set(keys(read(polled)))
    assert len(set(keys(read(pushed)))) == 4


def test_more_than_a_hundred_changes_are_asked_for_in_portions(org, live, stream, read):
    cursor = settled(live, org)
    stream.asked.clear()
    org.change(250)
    requests, _ = drained(live, cursor, 250)
    assert len({e.subject for e in read(requests)}) == 250
    assert max(stream.asked) <= 100
    assert len(stream.asked) > 2


def test_an_expired_place_falls_back_to_the_poll_and_says_so(org, live, stream, read):
    cursor = settled(live, org)
    contact = org.create_contact()
    stream.expire()
    requests, cursor = drained(live, cursor, 2)
    told = [events.parse(one, live.settings) for one in requests]
    (said,) = [one for one in told if isinstance(one, Ignored)]
    assert "expired" in said.reason
    assert "polled" in said.reason
    assert f"contact:{contact}" in {getattr(e, "subject", "") for e in read(requests)}


def test_our_own_fields_alone_are_no_change(org, live, outcome, read):
    contact = org.create_contact()
    cursor = settled(live, org)
    write_back.write(live, [outcome(f"contact:{contact}", "opted_out")])
    assert drained(live, cursor)[0] == []
    org.opt_out(contact, ticked=False)
    assert drained(live, cursor, 1)[0] != []


def test_a_deleted_event_comes_through_the_stream(org, live, read):
    booking = org.people.book_event(org.create_contact())
    cursor = settled(live, org)
    org.people.delete(booking)
    requests, _ = drained(live, cursor, 1)
    assert "booking.cancelled" in {getattr(e, "type", "") for e in read(requests)}


def test_a_stream_that_nobody_answers_costs_nothing(org, live, read):
    cursor = settled(live, org)
    deaf = replace(live, settings={**live.settings, "pubsub_address": "127.0.0.1:9"})
    contact = org.create_contact()
    requests, _ = drained(deaf, cursor)
    assert f"contact:{contact}" in {getattr(e, "subject", "") for e in read(requests)}


def test_a_session_that_ran_out_asks_for_another(door, org):
    org.sign_in.expire()
    with pytest.raises(AuthLost):
        pubsub.drain(door, b"", 10, 20.0)


def test_without_the_packages_the_check_says_so_and_the_poll_goes_on(org, live, monkeypatch, read):
    monkeypatch.setattr(changes, "package", lambda: None)
    assert "extra" in changes.lacking(live)[0]
    cursor = poll.pull(live, "").cursor
    contact = org.create_contact()
    requests, _ = drained(live, cursor)
    assert {getattr(e, "subject", "") for e in read(requests)} == {f"contact:{contact}"}


def test_bitmaps_name_the_fields_that_changed():
    inner = {"type": "record", "name": "N", "fields": [{"name": "First"}, {"name": "Last"}]}
    schema = {
        "fields": [{"name": "H"}, {"name": "Phone"}, {"name": "Name", "type": ["null", inner]}]
    }
    assert pubsub.changed_fields(["0x2"], schema) == ("Phone",)
    assert pubsub.changed_fields(["0x6", "2-0x2"], schema) == ("Phone", "Name", "Name.Last")

"""The parts of the benches are what they are said to be; the benches themselves are run by hand."""

import hashlib
import hmac
import json
from base64 import b64encode
from itertools import islice
from pathlib import Path

import orjson

from hub import registry
from hub.contract import Phone, Request
from hub.contract.events import faults_of
from hub.local.bench import orders
from hub.local.bench.campaign import numbers
from hub.local.bench.children import first_line, load, running
from hub.local.bench.measured import Bar, Measured, waits
from hub.local.bench.memory import weight
from hub.local.bench.vendors import Memory

CAST = registry.load(Path(__file__).parent / "cast")
ADDRESS = orders.Address("127.0.0.1", 0, "/in", "s3cret")


def _order(n):
    head, _, body = orders.request(ADDRESS, n).partition(b"\r\n\r\n")
    lines = (line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    return Request.of("POST", dict(lines), body)


def test_an_order_is_signed_is_of_a_shops_size_and_means_one_event():
    stall, given = CAST.get("stall"), _order(1234)
    assert 3_000 < len(given.body) < 6_500
    stall.webhook.verify(given, {"webhook_secret": ADDRESS.secret})
    (event,) = stall.webhook.parse(given, {})
    assert not faults_of(event)
    assert event.data["order_number"] == f"N{orders.number(1234)}"
    assert Phone.parse(event.person.phone).country == "FR"
    own = hmac.digest(ADDRESS.secret.encode(), given.body, hashlib.sha256)
    assert given.header("x-signature") == b64encode(own).decode()


def test_the_carrier_knows_each_message_once_and_when_its_order_came():
    memory = Memory()
    batch = [{"ref": "a", "to": "+33639980001", "text": "Order N0000007 is with us."}]
    memory.accept(orjson.dumps(batch))
    memory.accept(orjson.dumps(batch))
    assert memory.counts(b"")["messages"] == memory.counts(b"")["twice"] == 1
    assert list(memory.times(b"")) == ["0000007"]


def test_the_load_tells_what_it_met_and_the_vendors_count_it():
    with running("vendors") as child:
        port = int(first_line(child))
        address = {"host": "127.0.0.1", "port": port, "path": "/counts", "secret": "x"}
        met = load({"address": address, "first": 1, "count": 20, "width": 4}, lambda: None)
        paced = load({"address": address, "first": 1, "count": 20, "rate": 200}, lambda: None)
    assert (len(met["accepted"]), met["refused"]) == (len(paced["accepted"]), 0) == (20, 0)
    assert len(paced["waits"]) == 20


def test_the_99th_of_a_hundred_waits_is_told_in_milliseconds():
    told = waits([0.001] * 990 + [0.5] * 10)
    assert told["p50_ms"] == 1.0
    assert told["p99_ms"] < 10 < told["max_ms"]


def test_one_bar_that_does_not_hold_is_enough():
    high, low = Bar("sent", 0.5, 0.4, " ×"), Bar("p99", 51, 50, " ms", at_most=True)
    assert [high.holds, low.holds] == [True, False]
    assert str(low) == "p99: 51 ms, at most 50 ms: DOES NOT HOLD"
    assert not Measured({}, (high, low)).holds
    assert json.loads(json.dumps(Measured({"a": 1}, (high,)).as_json()))["holds"]


def test_a_campaigns_people_all_have_numbers_of_their_own_that_can_be_sent_to():
    some = list(islice(numbers(), 30_000))
    assert len(set(some)) == 30_000
    assert {Phone.parse(one).kind for one in some[9_990:10_400]} == {"mobile"}


def test_processes_weigh_something():
    with running("vendors") as child:
        first_line(child)
        assert 5 < weight([child.pid]) < 500

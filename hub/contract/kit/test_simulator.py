"""Faults come when they are planned, and the socket they come over is a real one."""

import pytest
import requests

from hub.contract.kit.blank.simulator import Simulator
from hub.contract.kit.simulator import Faults, serve


@pytest.fixture
def vendor():
    simulator = Simulator()
    with serve(simulator) as served, requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {simulator.secrets()['api_key']}"
        yield simulator, session, served.url


def test_a_fault_waits_for_its_turn(vendor):
    simulator, session, url = vendor
    simulator.faults.plan("500", after=2)
    codes = [session.get(f"{url}/v1/account").status_code for _ in range(4)]
    assert codes == [200, 200, 500, 200]
    assert simulator.faults.asked == 4


def test_a_fault_of_one_path_leaves_the_others_alone(vendor):
    simulator, session, url = vendor
    simulator.faults.plan("429", on="/notes", seconds=9)
    assert session.get(f"{url}/v1/account").status_code == 200
    answer = session.get(f"{url}/v1/contacts/1/notes")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "9")


@pytest.mark.parametrize(
    ("kind", "done"),
    [("500", 0), ("html", 0), ("500_after", 1), ("garbage", 1), ("429", 0)],
)
def test_a_fault_does_or_does_not_do_the_thing(vendor, kind, done):
    simulator, session, url = vendor
    simulator.faults.plan(kind)
    session.post(f"{url}/v1/contacts/1/notes", json={"text": "marker"})
    assert simulator.written("marker") == done


@pytest.mark.parametrize(("kind", "done"), [("lost", 0), ("lost_after", 1)])
def test_a_lost_answer_breaks_the_connection(vendor, kind, done):
    simulator, session, url = vendor
    simulator.faults.plan(kind)
    with pytest.raises(requests.ConnectionError):
        session.post(f"{url}/v1/contacts/1/notes", json={"text": "marker"})
    assert simulator.written("marker") == done


def test_an_unread_body_is_not_taken_for_the_next_request(vendor):
    _, session, url = vendor
    session.get(f"{url}/v1/account", data=b"GET /nowhere HTTP/1.1\r\n\r\n")
    assert session.get(f"{url}/v1/account").status_code == 200


def test_an_unknown_fault_is_refused_in_words():
    with pytest.raises(ValueError, match="is no fault; choose one of"):
        Faults().plan("meteor")

"""The postman delivers what is posted, again where it fails, and never off this machine."""

import json
from dataclasses import dataclass

import pytest

from hub.contract.kit.courier import Courier
from hub.contract.kit.ear import Ear
from hub.contract.kit.simulator import serve


@dataclass
class Post:
    """The postman, whom he delivers to, and where."""

    courier: Courier
    ear: Ear
    url: str


@pytest.fixture
def post():
    ear, courier = Ear(), Courier(retries=(0.001, 0.001))
    with serve(ear) as served:
        yield Post(courier, ear, f"{served.url}/hooks/acme/k1")
        courier.stop()


def test_a_document_is_posted_as_json_and_an_address_is_fetched(post):
    post.courier.post(post.url, {"state": "delivered"})
    post.courier.get(f"{post.url}?state=8")
    assert post.courier.flush()
    heard = {request.method: request for request in post.ear.heard}
    assert json.loads(heard["POST"].body) == {"state": "delivered"}
    assert heard["GET"].query == {"state": "8"}
    assert post.courier.answers == {200: 2}


def test_what_fails_is_tried_again_and_then_arrives_once(post):
    post.ear.faults.plan("500", times=2)
    post.courier.post(post.url, {"state": "read"})
    assert post.courier.flush()
    assert (post.courier.answers, len(post.ear.heard)) == ({500: 2, 200: 1}, 1)
    assert post.courier.given_up == []


def test_what_fails_for_good_is_given_up(post):
    post.ear.faults.plan("lost", times=3)
    post.courier.post(post.url, {})
    assert post.courier.flush()
    assert post.courier.answers == {0: 3}
    assert post.courier.given_up == [post.url]


def test_what_is_held_back_comes_when_it_is_released(post):
    post.courier.hold = True
    for number in range(3):
        post.courier.post(post.url, {"number": number})
    assert post.courier.flush()
    assert post.ear.heard == []
    post.courier.release()
    assert post.courier.flush()
    assert len(post.ear.heard) == 3


def test_nothing_leaves_this_machine(post):
    post.courier.post("https://hub.example.com/hooks/acme/k1", {})
    assert post.courier.flush()
    assert post.courier.given_up == ["https://hub.example.com/hooks/acme/k1"]
    assert not post.courier.answers


def test_a_postman_who_stops_delivers_nothing_more(post):
    post.courier.post(post.url, {}, after=60.0)
    post.courier.stop()
    assert post.courier.flush()
    assert post.ear.heard == []

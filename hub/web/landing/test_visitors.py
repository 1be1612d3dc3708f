"""Real phones are people, however their names sound; robots are robots, whatever they claim."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from hub.web.landing.guessing import MISSES, Guesses, network_of
from hub.web.landing.visitors import Visitor, visitor_of

CASES = json.loads(Path(__file__).with_name("visitors_cases.json").read_text("utf-8"))
IPHONE = CASES["people"][0]


def judged(agent, method="GET", **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return visitor_of(method, Headers({"User-Agent": agent, **named}))


@pytest.mark.parametrize("agent", CASES["people"])
def test_a_tap_on_a_real_phone_counts(agent):
    assert judged(agent, Sec_Fetch_Dest="document") == Visitor("person")


@pytest.mark.parametrize(("agent", "name"), CASES["previews"])
def test_what_makes_a_preview_is_known_by_name(agent, name):
    assert judged(agent) == Visitor("robot", name, previews=True)


@pytest.mark.parametrize(("agent", "why"), CASES["robots"])
def test_a_robot_never_counts(agent, why):
    assert judged(agent) == Visitor("robot", why)


@pytest.mark.parametrize(
    ("headers", "why", "ahead"),
    [
        ({"Purpose": "prefetch"}, "prefetch", True),
        ({"Sec_Purpose": "prefetch"}, "prefetch", True),
        ({"Sec_Purpose": "prefetch;anonymous-client-ip"}, "prefetch", True),
        ({"X_Moz": "prefetch"}, "prefetch", True),
        ({"X_Purpose": "preview"}, "preview", False),
        ({"Purpose": "preview"}, "preview", False),
        ({"Sec_Fetch_Dest": "image"}, "no page wanted", False),
    ],
)
def test_a_browser_that_only_looks_ahead_does_not_count(headers, why, ahead):
    assert judged(IPHONE, **headers) == Visitor("robot", why, ahead=ahead)


def test_asking_for_the_head_alone_is_no_tap():
    assert judged(IPHONE, "HEAD") == Visitor("robot", "HEAD")


@given(st.text(max_size=300))
def test_any_name_is_judged_without_an_accident(agent):
    assert judged(agent.replace("\n", " ").replace("\r", " ")).who in ("person", "robot")


@pytest.mark.parametrize(
    ("peer", "network"),
    [
        ("2.3.4.5", "2.3.4.5/32"),
        ("2a01:cb00:1:2:3:4:5:6", "2a01:cb00:1:2::/64"),
        ("10.0.0.7", ""),
        ("127.0.0.1", ""),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_requests_are_counted_by_network_and_those_of_a_nameless_proxy_are_not(peer, network):
    assert network_of(peer) == network


def test_room_for_another_guess_comes_back_with_time():
    moment = [0.0]
    guesses = Guesses(lambda: moment[0])
    for _ in range(int(MISSES)):
        assert not guesses.too_many("n")
        guesses.missed("n")
    assert guesses.too_many("n")
    assert not guesses.too_many("m")
    moment[0] = 2.0
    assert not guesses.too_many("n")

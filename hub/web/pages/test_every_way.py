"""Every way into every page: who may come, in which workspace, and what a form must bring along."""

import re
from itertools import product
from typing import get_args

import pytest

from hub.accounts.roles import ROLES, May, may
from hub.web.pages.everything import wings
from hub.web.pages.visits import mark_of

WAYS = [way for wing in wings() for way in wing.ways]
_HOLE = re.compile(r"<(?:\w+:)?(\w+)>")
_WHO = {"anybody", "half", "anyone", *get_args(May)}


def filled(way, ids):
    """Its path with the ids of a workspace in it."""
    missing = [name for name in _HOLE.findall(way.path) if name not in ids]
    assert not missing, f"{way.path}: the furnished workspace has no {missing}"
    return _HOLE.sub(lambda hole: str(ids[hole[1]]), way.path)


def owned(way):
    """Whether it is about something that belongs to one workspace: short names are each its own."""
    return "<uuid:" in way.path and way.may in get_args(May)


def test_every_way_says_who_may_come_and_changes_only_by_a_form():
    assert len(WAYS) > 30
    assert [w.path for w in WAYS if w.may not in _WHO] == []
    assert [w.path for w in WAYS if w.method not in ("GET", "POST")] == []
    assert len({(w.method, w.path) for w in WAYS}) == len(WAYS)


@pytest.fixture
def ask(app, furnished, signed, ground, other_workspace):
    """`ask(way, role, at_home, marked)`: the status of the answer."""
    browsers = {}

    def one(way, role, at_home=True, marked=True):
        place = furnished.workspace_id if at_home else other_workspace
        if (role, at_home) not in browsers:
            client = app.test_client()
            token = signed(place, role) if role else ""
            if token:
                client.set_cookie("relais_session", token)
            browsers[role, at_home] = client, token
        client, token = browsers[role, at_home]
        path = filled(way, furnished.ids)
        if way.method == "GET":
            return client.get(path)
        return client.post(path, data={"mark": mark_of(ground, token) if marked else ""})

    return one


def test_no_stranger_comes_in_and_no_form_is_taken_without_its_mark(ask):
    wrong = []
    for way in WAYS:
        if way.may == "anybody":
            continue
        if way.method == "GET":
            answer = ask(way, "")
            if answer.status_code != 303 or not answer.location.startswith(
                ("/sign-in", "/welcome")
            ):
                wrong.append(("stranger", way.path, answer.status_code))
        elif ask(way, "owner", marked=False).status_code != 403:
            wrong.append(("without a mark", way.path))
    assert wrong == []


def test_each_role_opens_what_it_may_and_nothing_else(ask):
    wrong = []
    for way, role in product(WAYS, ROLES):
        if way.may not in get_args(May):
            continue
        allowed = may(role, way.may)
        if allowed and way.method == "POST":
            continue  # what it does is each page's own test
        status = ask(way, role).status_code
        if (status == 403) is allowed or status >= 500:
            wrong.append((role, way.method, way.path, status))
    assert wrong == []


def test_nothing_of_another_workspace_is_seen_or_changed(ask):
    found = [(way.method, way.path, ask(way, "owner", at_home=False).status_code)
             for way in WAYS if owned(way)]  # fmt: skip
    assert [one for one in found if one[2] != 404] == []

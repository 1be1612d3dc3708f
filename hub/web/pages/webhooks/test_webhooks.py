import re
import time
from html import unescape

import pytest

from hub.report import telling
from hub.report.signing import signed
from hub.store import deliveries, endpoints
from hub.store.database import row, run

PATH = "/settings/webhooks"
TYPES = ["message.delivered", "message.replied"]


@pytest.fixture
def admin(browser):
    return browser("admin")


def added(admin, url, **more):
    made = admin.post(PATH, on=f"{PATH}/new", url=url, label="Till", types=TYPES, **more)
    assert made.status_code == 200
    return re.search(r"whsec_[\w+/=]+", made.text)[0]


def the_one(ground, workspace):
    with ground.database.begin(workspace) as db:
        return endpoints.listed(db, workspace)[0]


def test_a_webhook_is_added_and_its_secret_shown_once(admin, receiver, ground, workspace):
    assert "No webhook yet" in admin.get(PATH).text
    secret = added(admin, receiver.url)
    shown = admin.get(PATH).text
    assert "Till" in shown
    assert "2 events" in shown
    assert secret not in shown
    found = the_one(ground, workspace)
    assert secret not in admin.get(f"{PATH}/{found['id']}").text


def test_what_cannot_be_is_said_beside_its_field(admin):
    refused = admin.post(PATH, on=f"{PATH}/new", url="nonsense")
    assert refused.status_code == 422
    assert "https://" in refused.text
    assert "Choose at least one event." in refused.text


def test_a_test_is_sent_shown_and_sent_again(admin, receiver, ground, workspace):
    added(admin, receiver.url)
    path = f"{PATH}/{the_one(ground, workspace)['id']}"
    receiver.status, receiver.said = "200 OK", "thanks <b>"
    page = admin.post(f"{path}/test", on=path)
    assert "Waiting" in page.text
    telling.tell_endpoints(ground)
    with ground.database.begin() as db:
        one = row(db, "SELECT id FROM tellings")["id"]
    shown = admin.get(f"{PATH}/deliveries/{one}").text
    assert "Taken" in shown
    assert "thanks &lt;b&gt;" in shown
    assert "endpoint.test" in shown
    again = admin.post(f"{PATH}/deliveries/{one}/again")
    assert "It goes again, under the same id." in again.text
    telling.tell_endpoints(ground)
    assert receiver.names == [str(one)] * 2


def test_the_log_is_filtered_and_what_was_given_up_goes_again(admin, receiver, ground, workspace):
    added(admin, receiver.url)
    found = the_one(ground, workspace)
    path = f"{PATH}/{found['id']}"
    for _ in range(3):
        admin.post(f"{path}/test", on=path)
    with ground.database.begin() as db:
        run(db, "UPDATE tellings SET state = 'dead', called_at = now(), code = 500")
    shown = admin.get(f"{path}?state=dead").text
    assert "3 were given up" in shown
    assert shown.count("Given up") > 3
    assert "No delivery is like this." in admin.get(f"{path}?state=done").text
    assert "3 deliveries go again." in admin.post(f"{path}/again", on=path, span="1").text
    with ground.database.begin(workspace) as db:
        assert deliveries.counts(db, [found["id"]])[found["id"]]["waiting"] == 3


def test_it_is_changed_paused_given_another_secret_and_removed(admin, receiver, ground, workspace):
    old = added(admin, receiver.url)
    path = f"{PATH}/{the_one(ground, workspace)['id']}"
    changed = admin.post(f"{path}/edit", on=f"{path}/edit", url=receiver.url, label="Desk",
                         types=["message.sent"], whole_numbers="1")  # fmt: skip
    assert "Desk" in changed.text
    assert "whole" in changed.text
    assert "Paused" in admin.post(f"{path}/pause", on=path).text
    assert the_one(ground, workspace)["state"] == "paused"
    admin.post(f"{path}/go-on", on=path)
    replaced = admin.post(f"{path}/secret", on=f"{path}/secret").text
    assert re.search(r"whsec_[\w+/=]+", replaced)[0] != old
    assert "No webhook yet" in admin.post(f"{path}/remove", on=f"{path}/remove").text
    assert admin.get(path).status_code == 404


def test_an_editor_and_a_stranger_find_none_of_it(admin, browser, receiver, ground, workspace,
                                                  other_workspace):  # fmt: skip
    added(admin, receiver.url)
    path = f"{PATH}/{the_one(ground, workspace)['id']}"
    assert browser("editor").get(PATH).status_code == 403
    assert browser("owner", at=other_workspace).get(path).status_code == 404


def test_the_ten_lines_that_check_a_signature_do(admin, receiver, ground, clock):
    secret = added(admin, receiver.url)
    lines = re.search(r"<pre[^>]*><code>(import base64.*?)</code>", admin.get(PATH).text, re.DOTALL)
    program: dict = {}
    exec(unescape(lines[1]), program)  # noqa: S102 - it is what a reader would paste
    clock.now = clock.now.fromtimestamp(time.time(), clock.now.tzinfo)
    heads = signed("a", clock.now, b"{}", [secret])
    assert program["is_genuine"](heads, b"{}", secret)
    assert not program["is_genuine"](heads, b"{ }", secret)

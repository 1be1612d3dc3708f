"""Clicks that reach their message: counted once, told once, robots and support apart."""

from datetime import timedelta

import pytest

from hub.send.clicks import settle_clicks
from hub.store import clicks, links, messages, templates
from hub.store.database import new_id, row, rows


@pytest.fixture
def sent(ground, workspace, shop):
    """A message about the shop's order 7, and a way to open its links."""
    now = ground.clock()
    with ground.database.begin() as db:
        template = templates.get(db, workspace, "cart-reminder")
        one = {
            "id": new_id(), "workspace_id": workspace, "template_id": template["id"],
            "template_version": template["version"], "kind": "marketing", "channel": "sms",
            "phone": "+33639980001", "language": "fr", "zone": "Europe/Paris", "variables": {},
            "state": "scheduled", "reason": "", "sentence": "", "due_at": now, "cart": "",
            "sender": "", "source_id": shop.connection_id, "subject": "order:7", "record": "",
            "created_at": now, "changed_at": now,
        }  # fmt: skip
        messages.add_all(db, [one])
    return Sent(ground, one)


class Sent:
    def __init__(self, ground, message):
        self.ground, self.message, self.tokens = ground, message, {}

    def link(self, label="", kind="link"):
        if label not in self.tokens:
            token, now = links.new_token(), self.ground.clock()
            self.tokens[label] = token
            with self.ground.database.begin() as db:
                links.add_all(db, [{
                    "token_hash": links.digest(token).hex(), "label": label, "kind": kind,
                    "workspace_id": self.message["workspace_id"], "message_id": self.message["id"],
                    "target": "https://shop.example.com", "utm": {}, "preview": {},
                    "language": "fr", "expires_at": now + timedelta(days=1), "created_at": now,
                }])  # fmt: skip
        return self.tokens[label]

    def opened(self, label="", kind="link", who="person", why="", button=False):
        token = self.link(label, kind)
        clicks.take(
            self.ground.database, links.digest(token), self.ground.clock(),
            who=who, why=why, button=button,
        )  # fmt: skip

    def now(self):
        with self.ground.database.begin() as db:
            return messages.get(db, None, self.message["id"])

    def told(self):
        with self.ground.database.begin() as db:
            found = rows(db, "SELECT outcome FROM write_backs ORDER BY id")
        return [(w["outcome"]["kind"], w["outcome"]["text"]) for w in found]


def test_a_click_is_counted_with_its_first_time_and_told_once(ground, sent, clock):
    first = clock()
    sent.opened()
    clock.move(minutes=2)
    sent.opened()
    assert settle_clicks(ground) == 2
    clock.move(hours=1)
    sent.opened()
    assert settle_clicks(ground) == 1
    assert settle_clicks(ground) == 0
    after = sent.now()
    assert (after["clicks"], after["clicked_at"], after["state"]) == (3, first, "scheduled")
    assert sent.told() == [("clicked", "")]


def test_every_link_of_a_message_is_told_by_itself(ground, sent):
    sent.opened("confirm")
    sent.opened("shop")
    settle_clicks(ground)
    assert sent.told() == [("clicked", "confirm"), ("clicked", "shop")]
    assert sent.now()["clicks"] == 2


def test_a_link_to_support_is_told_and_is_no_visit(ground, sent):
    sent.opened("support", kind="support")
    settle_clicks(ground)
    assert sent.told() == [("clicked", "support")]
    assert (sent.now()["clicks"], sent.now()["clicked_at"]) == (0, None)


def test_robots_never_wait_and_never_count(ground, sent):
    sent.opened(who="robot", why="HEAD")
    with ground.database.begin() as db:
        assert row(db, clicks.DUE) is None
    assert settle_clicks(ground) == 0
    assert (sent.now()["clicks"], sent.told()) == (0, [])
    with ground.database.begin() as db:
        shown = clicks.of_message(db, sent.message["id"])
    assert [(c["who"], c["why"]) for c in shown] == [("robot", "HEAD")]


def test_a_page_s_button_is_no_second_visit_but_proves_a_first(ground, sent):
    sent.opened("page", kind="page", why=clicks.BUTTON, button=True)
    settle_clicks(ground)
    assert sent.now()["clicks"] == 1
    sent.opened("page", kind="page")
    sent.opened("page", kind="page", why=clicks.BUTTON, button=True)
    settle_clicks(ground)
    assert sent.now()["clicks"] == 2
    assert sent.told() == [("clicked", "page")]


def test_only_a_page_has_a_button(ground, sent):
    found = clicks.take(
        ground.database,
        links.digest(sent.link()),
        ground.clock(),
        who="person",
        why="",
        button=True,
    )
    assert found is None


def test_a_message_from_nowhere_is_counted_and_nobody_told(ground, sent):
    with ground.database.begin() as db:
        rows(db, "UPDATE messages SET source_id = NULL RETURNING id")
    sent.opened()
    settle_clicks(ground)
    assert (sent.now()["clicks"], sent.told()) == (1, [])


def test_more_than_a_batch_is_settled_batch_by_batch(ground, sent):
    for _ in range(5):
        sent.opened()
    assert [settle_clicks(ground, 2) for _ in range(4)] == [2, 2, 1, 0]
    assert sent.now()["clicks"] == 5

"""A message whose links can be minted, and the doors behind which they are opened."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from hub.store import links, messages, templates
from hub.store.database import new_id, rows, run
from hub.store.ground import Ground
from hub.web import health, public
from hub.web import links as door_of_links
from hub.work.nudges import Bell, Nudges

PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)
SHOP = "https://shop.example.com/cart/81"


@pytest.fixture
def phone(ground: Ground, nudge: Nudges) -> FlaskClient:
    """A browser on a phone, in front of the links' door and two of its neighbours."""
    app = Flask("links")
    app.register_blueprint(public.door())
    app.register_blueprint(health.door(ground))
    app.register_blueprint(door_of_links.door(ground, Bell(nudge)))
    client = app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = PHONE
    return client


@pytest.fixture
def message(ground: Ground, workspace: UUID) -> UUID:
    """A message of the workspace."""
    return planned(ground, workspace)


def planned(ground: Ground, workspace: UUID, **more: Any) -> UUID:
    """One more message; `more` are its columns."""
    now = ground.clock()
    with ground.database.begin() as db:
        template = dict(templates.get(db, workspace, "cart-reminder") or {})
        one = {
            "id": new_id(), "workspace_id": workspace, "template_id": template["id"],
            "template_version": template["version"], "kind": "marketing", "channel": "sms",
            "phone": "+33639980001", "language": "fr", "zone": "Europe/Paris", "variables": {},
            "state": "scheduled", "reason": "", "sentence": "", "due_at": now, "cart": "",
            "sender": "", "subject": "", "record": "", "created_at": now, "changed_at": now,
            **more,
        }  # fmt: skip
        messages.add_all(db, [one])
    return UUID(str(one["id"]))


@pytest.fixture
def mint(ground: Ground, message: UUID) -> Callable[..., str]:
    """`mint(target, **columns)`: a link's token."""

    def one(target: str = SHOP, message_id: UUID = message, **more: Any) -> str:
        token, now = links.new_token(), ground.clock()
        with ground.database.begin() as db:
            about = dict(messages.get(db, None, message_id) or {})
            link = {
                "token_hash": links.digest(token), "workspace_id": about["workspace_id"],
                "message_id": message_id, "label": "", "kind": "link", "target": target,
                "utm": {}, "preview": {}, "language": about["language"],
                "expires_at": now + timedelta(days=30), "created_at": now, **more,
            }  # fmt: skip
            links.add_all(db, [link])
        return token

    return one


@pytest.fixture
def kept(ground: Ground) -> Callable[[], list[tuple[str, str]]]:
    """`kept()`: who opened links and why, in order."""

    def listed() -> list[tuple[str, str]]:
        with ground.database.begin() as db:
            found = rows(db, "SELECT who, why FROM clicks ORDER BY id")
        return [(r["who"], r["why"]) for r in found]

    return listed


@pytest.fixture
def own_host(ground: Ground) -> Callable[..., None]:
    """`own_host(workspace_id, **columns)` changes a workspace: link_url, link_domains …"""

    def change(workspace_id: UUID, **columns: Any) -> None:
        values: Mapping[str, Any] = columns
        with ground.database.begin() as db:
            for name, value in values.items():
                run(
                    db,
                    f"UPDATE workspaces SET {name} = :value WHERE id = :id",  # noqa: S608
                    value=value,
                    id=workspace_id,
                )

    return change

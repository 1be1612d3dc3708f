"""What tests of pages hold: a browser without JavaScript for each role, a real one, and a workspace
in which something of everything has happened."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.serving import make_server

from hub.accounts import passwords
from hub.config import CHECKOUT
from hub.contract.kit.simulator import serve
from hub.contract.signing_in import fields_of
from hub.registry import Registry
from hub.report import listeners
from hub.store import endpoints, invitations, keys, sessions, tellings, users
from hub.store.database import rows
from hub.store.ground import Ground
from hub.web import site
from hub.work.nudges import Nudges

AXE = CHECKOUT / "hub" / "web" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
PASSWORD = "correct horse battery"  # noqa: S105 - of test users
AGREED, REFUSED, STOPPED = "+33639980001", "+33639980002", "+33639980003"
_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}
_COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}


class Browser:
    """A browser that runs no scripts: it keeps cookies, and sends a form with its page's mark."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.page: Any = None

    def get(self, path: str, **more: Any) -> Any:
        """The page at a path."""
        self.page = self.client.get(path, **more)
        return self.page

    def post(self, path: str, on: str = "", follow: bool = True, **form: str) -> Any:
        """Send a form, as of the page at `on`, of the one that is open, or of the home page."""
        if on or self.page is None:
            self.get(on or "/", follow_redirects=True)
        mark = re.search(r'name="mark" value="(\w+)"', self.page.text)
        data = {"mark": mark[1] if mark else "", **form}
        self.page = self.client.post(path, data=data, follow_redirects=follow)
        return self.page


@pytest.fixture
def app(ground: Ground, nudge: Nudges) -> Flask:
    """The hub's site."""
    return site.build(ground, nudge)


@pytest.fixture
def stranger(app: Flask) -> Callable[[], Browser]:
    """`stranger()`: a browser that nobody is signed in with."""
    return lambda: Browser(app)


@pytest.fixture(scope="session")
def _hashed() -> str:
    return passwords.hash_of(PASSWORD)


@pytest.fixture
def signed(ground: Ground, _hashed: str) -> Callable[..., str]:
    """`signed(workspace_id, role)`: a session's token of a user with that role there."""

    def one(workspace_id: UUID, role: str = "owner") -> str:
        now, email = ground.clock(), f"{role}-{workspace_id.hex[-6:]}@example.com"
        with ground.database.begin() as db:
            users.add(db, email=email, name="Léa Martin", password_hash=_hashed, language="en",
                      now=now)  # fmt: skip
            user_id = (users.by_email(db, email) or {})["id"]
            users.join(db, workspace_id, user_id, role, now)
            return sessions.begin(
                db, user_id, stage="in", at_workspace=workspace_id, agent="Test",
                network="", now=now,
            )  # fmt: skip

    return one


@pytest.fixture
def browser(app: Flask, signed: Callable[..., str], workspace: UUID) -> Callable[..., Browser]:
    """`browser(role)`: one that is signed in to the workspace (or to another)."""

    def one(role: str = "owner", at: UUID | None = None) -> Browser:
        made = Browser(app)
        made.client.set_cookie("relais_session", signed(at or workspace, role))
        return made

    return one


@dataclass(frozen=True)
class Furnished:
    """A workspace with a bit of everything; `ids` are what paths are filled with, by name."""

    workspace_id: UUID
    ids: dict[str, Any] = field(default_factory=dict)
    shop: Any = None
    carrier: Any = None


@pytest.fixture
def furnished(
    ground: Ground, workspace: UUID, road: Any, shop: Any, rcs_carrier: Any, clock: Any,
    signed: Callable[..., str],
) -> Furnished:  # fmt: skip
    """A shop and a carrier; a cart reminded by RCS, a cart without consent, an order confirmed, a
    STOP and a question as answers: walked for real. `ids`: message_id, decision_id, event_id,
    connection_id, phone (a token), person_id, automation, template, connector."""
    stage, phones = shop.simulator, rcs_carrier.simulator
    stage.place_order(phone=STOPPED, first_name="Zoé", country="FR", consent=True)
    stage.abandon_cart(phone=REFUSED, first_name="Karim", country="FR", consent=False)
    stage.abandon_cart(phone=AGREED, first_name="Léa", country="FR", consent=True)
    road.walk()
    clock.move(hours=1)
    road.walk()
    phones.answer(STOPPED, "STOP")
    phones.answer(AGREED, "Do you have it in blue?")
    road.walk()
    ids = {
        "connection_id": shop.connection_id, "connector": shop.slug, "workspace_id": workspace,
        "automation": "order-confirmed", "template": "order-confirmed", "version": 1,
        "guide": "first-steps",
        **_told_elsewhere(ground, workspace), **_of_the_team(ground, workspace, signed),
    }  # fmt: skip
    with ground.database.begin(workspace) as db:
        (one,) = rows(
            db,
            """SELECT m.id AS message_id, m.phone, m.event_id, m.decision_id, p.id AS person_id
               FROM messages m JOIN people p USING (workspace_id, phone) ORDER BY m.id LIMIT 1""",
        )
    return Furnished(workspace, {**ids, **one}, shop, rcs_carrier)


def _told_elsewhere(ground: Ground, workspace: UUID) -> dict[str, Any]:
    """A webhook with a delivery, and a key."""
    wanted = listeners.wanted("https://example.com/hook", ["message.sent"], "Stock", False)
    with ground.database.begin(workspace) as db:
        webhook_id, _ = listeners.add(ground, db, workspace, wanted)
        (endpoint,) = endpoints.listed(db, workspace)
        delivery_id = tellings.add_test(db, endpoint, ground.clock())
        keys.make(db, workspace, "Stock", ["read"])
        (key,) = keys.listed(db, workspace)
    return {"webhook_id": webhook_id, "delivery_id": delivery_id, "key_id": key["id"]}


def _of_the_team(ground: Ground, workspace: UUID, signed: Callable[..., str]) -> dict[str, Any]:
    """An editor, their browser, and somebody who is invited."""
    signed(workspace, "editor")
    with ground.database.begin() as db:
        (user,) = users.team(db, workspace)
        (session,) = sessions.of_user(db, user["id"], ground.clock())
        now = ground.clock()
        token = invitations.add(db, workspace, "tom@example.com", "viewer", user["id"], now)
        (invited,) = invitations.listed(db, workspace, now)
    return {
        "user_id": user["id"], "session_id": session["id"], "invitation_id": invited["id"],
        "token": token,
    }  # fmt: skip


@dataclass(frozen=True)
class Vendor:
    """A played vendor: its simulator, and the form of its connect page filled in."""

    slug: str
    simulator: Any
    form: dict[str, str]


@pytest.fixture
def vendor(
    found: Registry, ground: Ground, clock: Any, flask_app: Flask, road: Any
) -> Iterator[Callable[..., Vendor]]:
    """`vendor(slug, way)`: served; it delivers when the road is walked."""
    with ExitStack() as open_ones:

        def one(slug: str, way: str = "") -> Vendor:
            kind: Any = type(found.simulator(slug))
            simulator = kind(clock=clock)
            url = open_ones.enter_context(serve(simulator)).url
            connector = ground.connectors[slug]
            asked = {
                f.name
                for f in fields_of(connector.ways.get(way) or next(iter(connector.ways.values())))
            }
            known = simulator.typed(way) if hasattr(simulator, "typed") else simulator.secrets()
            keys = {name: value for name, value in known.items() if name in asked}
            form = {f"set-{name}": value for name, value in simulator.settings(url).items()}
            form |= {f"key-{name}": value for name, value in keys.items()}
            road.simulators.append(simulator)
            return Vendor(slug, simulator, {**form, "way": way or next(iter(connector.ways))})

        yield one


@pytest.fixture
def served(app: Flask) -> Iterator[str]:
    """Where the pages are."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


def _is_complaint(said: Any, answers: str) -> bool:
    return said.type == "error" and not (answers and f"status of {answers}" in said.text)


@pytest.fixture
def window(chromium: Any, served: str) -> Iterator[Callable[..., Any]]:
    """`window(language, width, dark)`: a page; what it asked elsewhere, or complained of, fails.
    `answers="409"`: the page is about to be answered so, which the browser calls an error."""
    strange: list[str] = []
    opened: list[Any] = []
    ours = (served, "data:", "blob:")

    def one(language: str = "en", width: int = 1280, dark: bool = False, answers: str = "") -> Any:
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, locale=language,
            color_scheme="dark" if dark else "light",
        )  # fmt: skip
        page = context.new_page()
        page.on("request", lambda r: strange.extend(() if r.url.startswith(ours) else (r.url,)))
        page.on("console", lambda m: strange.append(m.text) if _is_complaint(m, answers) else None)
        page.on("pageerror", lambda problem: strange.append(str(problem)))
        opened.append(context)
        return page

    yield one
    for context in opened:
        context.close()
    if strange:
        raise AssertionError(f"A page asked elsewhere, or complained: {strange}")


@pytest.fixture
def enter(served: str, signed: Callable[..., str], workspace: UUID) -> Callable[..., Any]:
    """`enter(page, path, role)`: the page, signed in, at this path."""

    def one(page: Any, path: str = "/", role: str = "owner") -> Any:
        page.context.add_cookies(
            [{"name": "relais_session", "value": signed(workspace, role), "url": served}]
        )
        page.goto(f"{served}{path}")
        return page

    return one


@pytest.fixture
def faults() -> Callable[..., list[str]]:
    """`faults(page, colours)`: what axe finds wrong with a page as it stands (or with its colours
    alone), and whether it is wider than its window. The rules are run from outside the page, whose
    own policy would not let them in."""

    def one(page: Any, colours: bool = False) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate(f"axe.run(document, {json.dumps(_COLOURS if colours else _RULES)})")
        where = f"{page.url} {page.viewport_size['width']} px"
        wrong = [
            f"{where} {v['id']}: {n['html'][:120]}" for v in found["violations"] for n in v["nodes"]
        ]
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return wrong + ([f"{where}: {wide} px too wide"] if wide > 0 else [])

    return one


@pytest.fixture
def look(faults: Callable[..., list[str]]) -> Callable[[Any], None]:
    """`look(page)`: `faults` finds none."""

    def one(page: Any) -> None:
        if wrong := faults(page):
            raise AssertionError(wrong)

    return one

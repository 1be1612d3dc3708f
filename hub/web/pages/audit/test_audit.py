import re

import pytest

from hub.config import CHECKOUT
from hub.store import audit
from hub.store.database import rows
from hub.web.api import ROUTES
from hub.web.api.traces import leaves_one
from hub.web.pages.audit import words

PATH = "/settings/audit"


@pytest.fixture
def admin(browser, ground, workspace, other_workspace, clock):
    made = browser("admin")
    made.post("/settings/keys", on="/settings/keys/new", name="Till", scopes=["read"])
    with ground.database.begin() as db:
        for n in range(60):
            clock.move(minutes=1)
            audit.note(db, clock(), "clock", "webhook.switched_off", f"one-{n}", workspace)
        audit.note(db, clock(), "cli:root", "workspace.pause", "theirs", other_workspace)
    return made


def test_lines_are_told_in_words_newest_first_page_by_page(admin):
    first = admin.get(PATH).text
    assert first.index("one-59") < first.index("one-10")
    assert "one-9<" not in first
    assert "theirs" not in first
    older = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert "Made a key" in admin.get(older.replace("&amp;", "&")).text


def test_lines_are_found_by_whom_about_what_and_when(admin, ground):
    with ground.database.begin() as db:
        who = rows(db, "SELECT who FROM audit WHERE what = 'workspace.key'")[0]["who"]
    mine = admin.get(f"{PATH}?who={who}").text
    assert "Léa Martin" in mine
    assert "one-59" not in mine
    assert "Made a key" not in admin.get(f"{PATH}?about=webhooks").text
    assert "No change is like this." in admin.get(f"{PATH}?until=2026-06-09").text
    assert "one-59" in admin.get(f"{PATH}?since=2026-06-10&until=2026-06-10").text
    assert admin.get(f"{PATH}?since=never&before=x&about=odd&who=%00").status_code == 200


def test_they_are_a_file_too(admin):
    lines = admin.get(f"{PATH}.csv?about=webhooks").data.decode("utf-8-sig").splitlines()
    assert len(lines) == 61
    assert '"webhook.switched_off"' in lines[1]


def test_the_chain_says_that_it_is_whole_or_where_it_is_not(admin, ground, settings):
    import psycopg

    assert "Whole: all" in admin.post(PATH, on=PATH).text
    with psycopg.connect(settings.database_url, autocommit=True) as owner:
        owner.execute("UPDATE audit SET object = 'another' WHERE object = 'one-7'")
    told = admin.post(PATH, on=PATH).text
    assert "Not whole." in told
    assert "It was changed after it was written." in told


def test_an_editor_does_not_see_them(browser):
    assert browser("editor").get(PATH).status_code == 403


def test_everything_that_is_noted_has_words():
    noted = re.compile(r'\bnote\([^"]{0,80}"([a-z]+\.[a-z_]+)"')
    code = [p for p in (CHECKOUT / "hub").rglob("*.py") if not p.name.startswith("test_")]
    found = {name for path in code for name in noted.findall(path.read_text("utf-8"))}
    found |= {route.name for route in ROUTES if leaves_one(route)}
    assert len(found) > 50
    told_elsewhere = {"connection.active"}  # a connection's own diary
    assert found - words.DONE.keys() == told_elsewhere

"""Drafts of automations: written beside what runs, by several people, published by one."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from hub.automations import drafting
from hub.automations.document import DocumentError
from hub.automations.drafting import Author, Conflict
from hub.store import automations, drafts, versions
from hub.store.database import new_id, run

CART = "cart-reminder"
ANNA, BEN = Author(None, "Anna"), Author(None, "Ben")


@pytest.fixture
def desk(ground, workspace):
    """A transaction at the merchant's desk, as a page has it."""
    with ground.database.begin(workspace) as db:
        yield db


def document(db, workspace, **changes):
    return {**automations.get(db, workspace, CART)["document"], **changes}


def test_a_draft_changes_nothing_until_it_is_published(desk, workspace, clock):
    wanted = document(desk, workspace, holdout=10)
    first = drafting.save(desk, workspace, CART, wanted, expects=0, by=ANNA, now=clock())
    assert (first.version, first.based_on, first.edited_name) == (1, 1, "Anna")
    assert automations.get(desk, workspace, CART)["document"] != wanted
    sheet = drafting.sheet(desk, workspace, CART)
    assert (sheet.document, sheet.state, sheet.expects) == (wanted, "live", 1)
    published = drafting.publish(desk, workspace, CART, expects=1, by=BEN, now=clock())
    assert (published.version, published.state, published.draft) == (2, "live", None)
    assert published.published == wanted
    newest, oldest = versions.listed(desk, workspace, "automation", CART)
    assert (newest.version, newest.published_name, newest.standing) == (2, "Ben", True)
    assert (newest.at, oldest.published_name, oldest.standing) == (clock(), "", False)


def test_who_saves_over_somebody_is_told_whom_and_when(desk, workspace, clock):
    one, other = (document(desk, workspace, name=name) for name in ("One", "Other"))
    drafting.save(desk, workspace, CART, one, expects=0, by=ANNA, now=clock())
    with pytest.raises(Conflict, match="Anna saved this draft meanwhile") as met:
        drafting.save(desk, workspace, CART, other, expects=0, by=BEN, now=clock())
    theirs = met.value.theirs
    assert (theirs.document["name"], theirs.edited_at, theirs.version) == ("One", clock(), 1)
    drafting.save(desk, workspace, CART, other, expects=1, by=BEN, now=clock())
    for act in (
        lambda: drafting.publish(desk, workspace, CART, expects=1, by=ANNA, now=clock()),
        lambda: drafts.drop(desk, workspace, "automation", CART, expects=1),
    ):
        with pytest.raises(Conflict, match="Ben"):
            act()
    assert drafts.get(desk, workspace, "automation", CART).document["name"] == "Other"


def test_of_two_who_begin_at_once_one_is_told(ground, workspace, clock):
    with ground.database.begin() as db:
        wanted = document(db, workspace)

    def save(by):
        with ground.database.begin(workspace) as db:
            try:
                drafting.save(db, workspace, CART, {**wanted, "name": by.name}, expects=0, by=by,
                              now=clock())  # fmt: skip
            except Conflict as conflict:
                return conflict.theirs.edited_name
        return by.name

    with ThreadPoolExecutor(2) as both:
        told = set(both.map(save, (ANNA, BEN)))
    with ground.database.begin() as db:
        stands = drafts.get(db, workspace, "automation", CART)
    assert told == {stands.edited_name}
    assert stands.version == 1


def test_a_draft_that_never_saw_the_newest_version_is_not_published(desk, workspace, clock):
    drafting.save(desk, workspace, CART, document(desk, workspace, holdout=5), expects=0, by=ANNA,
                  now=clock())  # fmt: skip
    automations.save(desk, workspace, CART, document(desk, workspace, holdout=9), "live", clock())
    with pytest.raises(Conflict, match="version 2") as met:
        drafting.publish(desk, workspace, CART, expects=1, by=ANNA, now=clock())
    assert met.value.published.version == 2
    seen = drafting.save(desk, workspace, CART, met.value.theirs.document, expects=1, by=ANNA,
                         now=clock(), based_on=2)  # fmt: skip
    kept = drafting.publish(desk, workspace, CART, expects=seen.version, by=ANNA, now=clock())
    assert (kept.version, kept.published["holdout"]) == (3, 5)


def test_what_is_not_right_is_kept_but_not_published(desk, workspace, clock):
    broken = document(desk, workspace, send={"template": "there-is-none", "kind": "marketing"})
    drafting.begin(desk, workspace, "new-one", broken, ANNA, clock())
    with pytest.raises(drafting.Taken):
        drafting.begin(desk, workspace, "new-one", broken, BEN, clock())
    with pytest.raises(DocumentError, match="no template") as wrong:
        drafting.publish(desk, workspace, "new-one", expects=1, by=ANNA, now=clock())
    assert [p.field for p in wrong.value.problems] == ["send.template"]
    assert drafting.problems(desk, workspace, {"name": 3})
    found = {sheet.slug: sheet for sheet in drafting.sheets(desk, workspace)}
    assert (found["new-one"].version, found["new-one"].state) == (0, "draft")
    assert found[CART].published
    right = drafting.save(desk, workspace, "new-one", document(desk, workspace, name="Mine"),
                          expects=1, by=ANNA, now=clock())  # fmt: skip
    made = drafting.publish(desk, workspace, "new-one", expects=right.version, by=ANNA,
                            now=clock(), state="test")  # fmt: skip
    assert (made.version, made.state, made.live_since) == (1, "test", clock())


def test_an_old_version_comes_back_as_a_draft(desk, workspace, clock):
    old = document(desk, workspace)
    automations.save(desk, workspace, CART, {**old, "holdout": 30}, "live", clock())
    draft = drafting.restore(desk, workspace, CART, 1, expects=0, by=BEN, now=clock())
    assert (draft.document, draft.based_on) == (old, 2)
    kept = drafting.publish(desk, workspace, CART, expects=1, by=BEN, now=clock())
    assert (kept.version, kept.published) == (3, old)
    with pytest.raises(LookupError):
        drafting.restore(desk, workspace, CART, 9, expects=0, by=BEN, now=clock())
    pages = [versions.listed(desk, workspace, "automation", CART, before=b, limit=2)
             for b in (None, 2)]  # fmt: skip
    assert [[v.version for v in page] for page in pages] == [[3, 2], [1]]


def test_states_say_since_when_it_answers(desk, workspace, clock):
    since = automations.get(desk, workspace, CART)["live_since"]
    clock.move(hours=1)
    assert drafting.set_state(desk, workspace, CART, "live", clock())
    assert automations.get(desk, workspace, CART)["live_since"] == since
    for state, expected in (("test", clock()), ("paused", None), ("live", clock())):
        drafting.set_state(desk, workspace, CART, state, clock())
        found = automations.get(desk, workspace, CART)
        assert (found["state"], found["live_since"]) == (state, expected)
    assert not drafting.set_state(desk, workspace, "there-is-none", "live", clock())


def test_a_user_who_leaves_stays_as_a_name(ground, workspace, clock):
    user = new_id()
    with ground.database.begin() as db:
        sql = """INSERT INTO users (id, email, name, password_hash, created_at)
            VALUES (:id, 'a@example.com', 'Anna', '', :now)"""
        run(db, sql, id=user, now=clock())
        drafting.save(db, workspace, CART, document(db, workspace), expects=0,
                      by=Author(user, "Anna"), now=clock())  # fmt: skip
        run(db, "DELETE FROM users WHERE id = :id", id=user)
        found = drafts.get(db, workspace, "automation", CART)
    assert (found.edited_by, found.edited_name) == (None, "Anna")


def test_another_merchant_s_drafts_are_not_there(ground, workspace, other_workspace, clock):
    with ground.database.begin(workspace) as db:
        drafting.save(db, workspace, CART, document(db, workspace), expects=0, by=ANNA,
                      now=clock())  # fmt: skip
    with ground.database.begin(other_workspace) as db:
        assert drafts.get(db, workspace, "automation", CART) is None
        assert drafts.listed(db, other_workspace, "automation") == {}

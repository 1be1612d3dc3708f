"""A template's draft is published by who saw it as it stands, and by nobody else."""

import pytest

from hub.send.publish import publish
from hub.store import drafts, templates, versions
from hub.store.drafts import Author, Conflict

SLUG, ANNA, BEN = "order-confirmed", Author(None, "Anna"), Author(None, "Ben")
NAMES = ("kind", "title", "texts", *templates.USUAL)


def test_a_templates_draft_is_published_once_and_signed(ground, workspace, clock):
    with ground.database.begin(workspace) as db:
        known = templates.get(db, workspace, SLUG)
        wanted = {name: known[name] for name in NAMES} | {"title": "Thank you", "rich": {}}
        draft = drafts.save(
            db, workspace, "template", SLUG, wanted, expects=0, by=ANNA, now=clock()
        )
        assert templates.get(db, workspace, SLUG)["title"] != "Thank you"
        with pytest.raises(Conflict, match="Anna"):
            publish(ground, db, workspace, SLUG, wanted, by=BEN, expects=7)
        made = publish(ground, db, workspace, SLUG, wanted, by=BEN, expects=draft.version)
        assert made.template["title"] == "Thank you"
        assert drafts.get(db, workspace, "template", SLUG) is None
        newest, oldest = versions.listed(db, workspace, "template", SLUG)
        assert (newest.published_name, newest.at, oldest.standing) == ("Ben", clock(), False)
        before = versions.document(db, workspace, "template", SLUG, 1)
        assert {**before, "title": "Thank you", "rich": {}} == wanted
        with pytest.raises(Conflict, match="published this draft or threw it away"):
            publish(ground, db, workspace, SLUG, wanted, by=ANNA, expects=draft.version)


def test_a_template_that_was_published_meanwhile_is_not_overwritten(ground, workspace, clock):
    with ground.database.begin(workspace) as db:
        known = templates.get(db, workspace, SLUG)
        wanted = {name: known[name] for name in NAMES} | {"rich": {}}
        drafts.save(db, workspace, "template", SLUG, wanted, expects=0, by=ANNA, now=clock())
        publish(ground, db, workspace, SLUG, {**wanted, "title": "Theirs"}, by=BEN)
        with pytest.raises(Conflict, match="Ben published version 2"):
            publish(ground, db, workspace, SLUG, wanted, by=ANNA, expects=1)

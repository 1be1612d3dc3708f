"""The team, through its page."""

import re

from hub.store.database import rows


def _id_of(ground, email):
    with ground.database.begin() as db:
        return rows(db, "SELECT id FROM users WHERE email LIKE :email", email=f"{email}-%")[0]["id"]


def test_an_invitation_is_a_link_that_is_shown_once_and_can_be_taken_back(browser, stranger):
    owner = browser("owner")
    page = owner.post("/settings/team/invite", on="/settings/team", email="tom@example.com",
                      role="editor")  # fmt: skip
    link = re.search(r"/join/([\w-]+)", page.text)[1]
    assert stranger().get(f"/join/{link}").status_code == 200
    again = owner.get("/settings/team").text
    assert "tom@example.com" in again
    assert link not in again
    taken = re.search(r"/settings/team/invitations/([\w-]+)/withdraw", again)[1]
    owner.post(f"/settings/team/invitations/{taken}/withdraw")
    assert stranger().get(f"/join/{link}").status_code == 410


def test_nobody_invites_above_their_own_role(browser):
    admin = browser("admin")
    for role in ("admin", "owner", "emperor"):
        page = admin.post("/settings/team/invite", on="/settings/team", email="tom@example.com",
                          role=role)  # fmt: skip
        assert page.status_code == 422
        assert "cannot give this one" in page.text


def test_roles_change_below_ones_own_and_the_last_owner_stays(browser, ground):
    owner, _, _ = browser("owner"), browser("admin"), browser("viewer")
    viewer, admin = _id_of(ground, "viewer"), _id_of(ground, "admin")
    owner.post(f"/settings/team/{viewer}/role", on="/settings/team", role="editor")
    assert "The role is changed" in owner.page.text
    below = browser("admin").post(f"/settings/team/{_id_of(ground, 'owner')}/role",
                                  on="/settings/team", role="viewer")  # fmt: skip
    assert "cannot give or take" in below.text
    alone = owner.post(f"/settings/team/{_id_of(ground, 'owner')}/out", on="/settings/team")
    assert "keeps an owner" in alone.text
    owner.post(f"/settings/team/{admin}/out", on="/settings/team")
    assert "out of the team" in owner.page.text

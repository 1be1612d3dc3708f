import re

from hub.store import keys
from hub.store.database import row

PATH = "/settings/keys"


def test_a_key_is_made_shown_once_used_and_ended(browser, ground, app, clock):
    admin = browser("admin")
    assert "No key yet" in admin.get(PATH).text
    made = admin.post(PATH, on=f"{PATH}/new", name="Till", scopes=["read", "events"]).text
    key = re.search(r"rls_\w+_[\w-]+", made)[0]
    listed = admin.get(PATH).text
    assert key not in listed
    assert "Read · Events" in listed
    asked = {"Authorization": f"Bearer {key}"}
    assert app.test_client().get("/api/v1/workspace", headers=asked).status_code == 200
    with ground.database.begin() as db:
        kept = row(db, "SELECT id, used_at FROM api_keys")
    assert kept["used_at"] == clock()
    ended = admin.post(f"{PATH}/{kept['id']}/end", on=f"{PATH}/{kept['id']}/end").text
    assert "«Till» is ended" in ended
    assert app.test_client().get("/api/v1/workspace", headers=asked).status_code == 401


def test_a_key_says_whose_it_is_and_what_it_may_do(browser):
    refused = browser("admin").post(PATH, on=f"{PATH}/new", name=" ")
    assert refused.status_code == 422
    assert "Say whose key it is" in refused.text
    assert "Choose what the key may do." in refused.text


def test_nobody_ends_another_merchants_key(browser, ground, workspace, other_workspace):
    with ground.database.begin() as db:
        keys.make(db, other_workspace, "Theirs", ["read"])
        theirs = keys.listed(db, other_workspace)[0]["id"]
    admin = browser("admin")
    assert "Theirs" not in admin.get(PATH).text
    assert admin.get(f"{PATH}/{theirs}/end").status_code == 404
    assert admin.post(f"{PATH}/{theirs}/end").status_code == 404

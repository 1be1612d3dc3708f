"""Installing every connector by its pages alone: few clicks, nothing sent, nothing secret shown."""

import re
from html import unescape

import pytest

from hub.store import automations, connections

_CLICKS = 12


class Merchant:
    """Somebody who clicks: each page gone to and each form sent is one."""

    def __init__(self, browser):
        self.browser, self.clicks, self.page = browser, 0, None

    def follow(self, pattern):
        """Click the link whose address matches; it must stand on the page."""
        links = re.findall(r'href="([^"]+)"', self.page.text)
        found = next((unescape(link) for link in links if re.search(pattern, link)), None)
        assert found, f"no link {pattern} on the page"
        self.page = self.browser.get(found, follow_redirects=True)
        self.clicks += 1

    def send(self, path, **form):
        self.page = self.browser.post(path, **form)
        self.clicks += 1

    def open(self, path):
        self.page = self.browser.get(path, follow_redirects=True)

    @property
    def at(self):
        return self.page.request.path


@pytest.fixture
def merchant(browser):
    return Merchant(browser())


def kept(ground, workspace):
    with ground.database.begin(workspace) as db:
        return connections.listed(db, workspace)[-1]


@pytest.mark.parametrize(
    ("part", "way"),
    [("shop", ""), ("crm", "oauth"), ("sales", "oauth"), ("calendar", "oauth"), ("sheet", "")],
)
def test_a_source_is_installed_in_at_most_twelve_clicks(
    merchant, vendor, ground, workspace, agree, part, way, cast
):
    one = vendor(cast[part], way)
    merchant.open("/connections/new")
    merchant.follow(rf"/connections/new/{one.slug}$")
    merchant.follow(r"/connect$")
    merchant.send(f"/connections/new/{one.slug}/connect", by="keys", **one.form)
    leaving = re.search(r'data-leave href="([^"]+)"', merchant.page.text)
    if leaving:
        agree(unescape(leaving[1]))
        merchant.clicks += 1
        merchant.open(f"/connections/new/{one.slug}/back")
    row = kept(ground, workspace)
    assert (row["state"], merchant.at) == ("active", f"/connections/{row['id']}/found")
    merchant.follow(r"/starter$")
    offered = re.search(r'name="starter" value="([\w-]+)"', merchant.page.text)[1]
    merchant.send(f"/connections/{row['id']}/starter", starter=offered)
    assert merchant.at == f"/connections/{row['id']}/try"
    merchant.open(f"/connections/{row['id']}/try?automation={offered}&ring=1")
    merchant.clicks += 1
    assert "It would be sent" in merchant.page.text
    merchant.follow(r"/on\?automation=")
    merchant.send(f"/connections/{row['id']}/on", automation=offered)
    assert merchant.at == f"/connections/{row['id']}"
    with ground.database.begin(workspace) as db:
        assert automations.get(db, workspace, offered)["state"] == "live"
    assert merchant.clicks <= _CLICKS


def test_every_carrier_is_installed_too(merchant, vendor, ground, workspace):
    for slug in [s for s, one in ground.connectors.items() if one.carrier]:
        one = vendor(slug)
        merchant.open(f"/connections/new/{slug}")
        merchant.follow(r"/connect$")
        merchant.send(f"/connections/new/{slug}/connect", by="keys", **one.form)
        row = kept(ground, workspace)
        assert (row["state"], merchant.at) == ("active", f"/connections/{row['id']}/sender")
        merchant.send(f"/connections/{row['id']}/sender")
        assert merchant.at == f"/connections/{row['id']}/ring"
        merchant.send(f"/connections/{row['id']}/ring", phone="nonsense")
        assert merchant.page.status_code == 422


def test_the_shops_own_page_hands_the_keys_out(merchant, vendor, ground, workspace, agree, cast):
    one = vendor(cast["shop"])
    form = {name: value for name, value in one.form.items() if name.startswith("set-")}
    merchant.open(f"/connections/new/{one.slug}/connect")
    merchant.send(f"/connections/new/{one.slug}/connect", by="grant", **form)
    away = unescape(re.search(r'data-leave href="([^"]+)"', merchant.page.text)[1])
    merchant.open(f"/connections/new/{one.slug}/back?success=1")
    assert "Waiting for" in merchant.page.text
    agree(away)
    merchant.open(f"/connections/new/{one.slug}/back?success=1")
    assert merchant.at == f"/connections/{kept(ground, workspace)['id']}/found"


@pytest.mark.parametrize(
    ("part", "way", "answer"), [("shop", "", "?success=0"), ("crm", "oauth", "")]
)
def test_who_does_not_agree_is_told_so_and_begins_again_where_they_were(
    merchant, vendor, ground, workspace, part, way, answer, cast
):
    one = vendor(cast[part], way)
    by = "grant" if part == "shop" else "keys"
    for _ in range(2):
        merchant.open(f"/connections/new/{one.slug}/connect")
        merchant.send(f"/connections/new/{one.slug}/connect", by=by, **one.form)
    merchant.open(f"/connections/new/{one.slug}/back{answer}")
    assert "Access was not given" in merchant.page.text
    merchant.open("/connections")
    assert merchant.page.text.count("Go on installing") == 1  # a second start ends the first
    merchant.follow(r"/connect$")
    address = next(value for name, value in one.form.items() if name.endswith("url"))
    assert address in merchant.page.text


def test_wrong_keys_are_said_in_words_and_never_shown(merchant, vendor, ground, workspace, cast):
    one = vendor(cast["shop"])
    wrong = {**one.form, "key-consumer_secret": "cs_wrong_one"}
    merchant.open(f"/connections/new/{one.slug}/connect")
    merchant.send(f"/connections/new/{one.slug}/connect", by="keys", **wrong)
    assert "401" in merchant.page.text
    assert one.form["set-url"] in merchant.page.text
    assert "cs_wrong_one" not in merchant.page.text
    merchant.send(f"/connections/new/{one.slug}/connect", by="keys", **{"set-url": "file:///etc"})
    assert merchant.page.status_code == 422
    assert "aria-invalid" in merchant.page.text


def test_junk_is_answered_in_words(merchant, vendor, ground):
    junk = {"set-url": "\x00\ud7ff", "key-x": "1", "way": "nobody", "by": "", "starter": "../x"}
    for slug in ground.connectors:
        merchant.open(f"/connections/new/{slug}/connect?way=%00")
        merchant.send(f"/connections/new/{slug}/connect", **junk)
        assert merchant.page.status_code == 422
    merchant.open("/connections/new/nothing")
    assert merchant.page.status_code == 404


def test_what_is_found_says_why_not_and_can_be_looked_for_elsewhere(
    merchant, shop, ground, workspace
):
    for phone, box in (("0639980001", True), ("123", None)):
        shop.simulator.place_order(phone=phone, first_name="Zoé", country="FR", consent=box)
    at = f"/connections/{shop.connection_id}/found"
    merchant.open(at)
    text = merchant.page.text
    assert "1 have a phone that can be texted" in text
    assert "0639980001" not in text
    assert "+33*******01" in text
    assert "This is not a phone number of its country." in text
    assert "Agreed" in text
    assert "Not said" in text
    merchant.send(at, **{"set-consent_key": "other_box"})
    assert "Agreed" not in merchant.page.text
    with ground.database.begin(workspace) as db:
        row = connections.get(db, workspace, shop.connection_id)
    assert row["settings"]["consent_key"] == "other_box"

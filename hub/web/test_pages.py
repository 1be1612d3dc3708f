"""Landing pages through the door: the page, its one button, and what robots see of it."""

from datetime import timedelta

import pytest

from hub.contract import VOCABULARY
from hub.store.database import jsonb, new_id, run

from .conftest import SHOP, planned

CART = VOCABULARY["cart.abandoned"].sample()


@pytest.fixture
def page(ground, workspace, mint):
    """The token of a page about a cart."""
    cart = planned(ground, workspace, variables=CART)
    return mint(message_id=cart, kind="page", label="page", utm={"source": "sms"})


def test_a_page_link_shows_the_cart_and_its_button_leads_on(phone, page, kept):
    shown = phone.get(f"/l/{page}")
    assert shown.status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    for words in ('lang="fr"', "Maison Lune", "Linen shirt", "64,90\xa0€", "36034"):
        assert words in shown.text
    assert f'href="{page}/go"' in shown.text
    on = phone.get(f"/l/{page}/go")
    assert (on.status_code, on.headers["Location"]) == (302, f"{SHOP}?utm_source=sms")
    assert kept() == [("person", ""), ("person", "button")]


def test_a_page_on_the_workspace_s_own_host_has_its_button_there(phone, page, workspace, own_host):
    own_host(workspace, link_url="https://lnk.example")
    here = {"base_url": "http://lnk.example"}
    assert f'href="{page}/go"' in phone.get(f"/{page}", **here).text
    assert phone.get(f"/{page}/go", **here).headers["Location"].startswith(SHOP)


def test_a_preview_robot_reads_the_brand_and_nothing_of_the_cart(phone, page, kept):
    shown = phone.get(f"/l/{page}", headers={"User-Agent": "WhatsApp/2.24.11.79 A"})
    assert '<meta property="og:title" content="Maison Lune">' in shown.text
    assert "Linen shirt" not in shown.text
    assert kept() == [("robot", "WhatsApp")]


def test_only_a_page_has_a_way_on(phone, mint):
    assert phone.get(f"/l/{mint()}/go").status_code == 404


def test_a_page_that_ended_shows_nothing_of_the_cart(phone, page, clock):
    clock.move(days=31)
    for path in (f"/l/{page}", f"/l/{page}/go"):
        shown = phone.get(path)
        assert shown.status_code == 410
        assert "Linen shirt" not in shown.text


def test_the_code_made_for_the_message_stands_on_its_page(phone, ground, shop, workspace, mint):
    cart, now = planned(ground, workspace, variables=CART), ground.clock()
    with ground.database.begin() as db:
        run(
            db,
            """INSERT INTO coupons (id, workspace_id, connection_id, message_id, code, terms,
                   expires_at, state, due_at, created_at)
               VALUES (:id, :workspace, :shop, :message, 'LUNE-7KQ2MX', :terms, :until, 'ready',
                   :now, :now)""",
            id=new_id(),
            workspace=workspace,
            shop=shop.connection_id,
            message=cart,
            terms=jsonb({"percent": 20}),
            until=now + timedelta(hours=3),
            now=now,
        )
    shown = phone.get(f"/l/{mint(message_id=cart, kind='page')}").text
    assert "LUNE-7KQ2MX" in shown
    assert "encore 3\xa0heures" in shown

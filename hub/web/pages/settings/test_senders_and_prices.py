"""Senders, routes, prices and keywords as pages show and change them."""

import io

import pytest

from hub.store import prices, routes, workspaces


@pytest.fixture
def owner(browser):
    return browser("owner")


@pytest.fixture
def carrier(rcs_carrier):
    return str(rcs_carrier.connection_id)


@pytest.fixture
def priced(ground, workspace):
    def now():
        with ground.database.begin() as db:
            found = prices.listed(db, workspace)
        return [(p["channel"], p["country"], p["micros"]) for p in found]

    return now


def bring(owner, sheet):
    given = (io.BytesIO(sheet.encode()), "prices.csv")
    return owner.post("/settings/prices/list", on="/settings/prices", sheet=given)


def test_a_price_is_written_again_in_its_own_place_and_taken_away(owner, carrier, priced):
    line = {"connection_id": carrier, "channel": "sms", "country": "FR"}
    owner.post("/settings/prices", on="/settings/prices", **line, amount="0.045")
    owner.post("/settings/prices", **line, amount="0,05")
    assert priced() == [("sms", "FR", 50_000)]
    assert "€0.05" in owner.page.text
    assert (
        owner.post("/settings/prices", **{**line, "country": "XX"}, amount="x").status_code == 422
    )
    owner.post("/settings/prices/remove", **line)
    assert priced() == []


def test_a_price_list_goes_out_and_comes_back(owner, carrier, priced):
    bring(
        owner, f"connection;channel;country;price\r\n{carrier};sms;fr;0,045\r\n{carrier};RCS;;0.1"
    )
    assert priced() == [("rcs", "", 100_000), ("sms", "FR", 45_000)]
    sheet = owner.get("/settings/prices/list.csv").data.decode("utf-8-sig")
    bring(owner, sheet)
    assert priced() == [("rcs", "", 100_000), ("sms", "FR", 45_000)]


def test_a_list_with_a_wrong_line_changes_nothing_and_each_is_named(owner, carrier, priced):
    head = "connection,channel,country,price,currency\n"
    good = f"{carrier},sms,FR,0.04,EUR\n"
    bring(owner, head + good)
    page = bring(
        owner, f"{head}{good}{good}{carrier},sms,ZZ,1,EUR\n{carrier},sms,ES,1,USD\nx,sms,,1,"
    )
    assert page.status_code == 422
    assert [f"Line {n}:" in page.text for n in (2, 3, 4, 5, 6)] == [False, True, True, True, True]
    assert "first line" in bring(owner, "a,b\n1,2").text
    assert (
        "UTF-8"
        in owner.post("/settings/prices/list", sheet=(io.BytesIO(b"\xff\xfe\x00"), "x.csv")).text
    )
    assert priced() == [("sms", "FR", 40_000)]


def test_the_sender_and_the_countries_are_changed(owner, ground, workspace):
    owner.post("/settings/senders", on="/settings/senders", sender="LUNE", stop_code="36034")
    owner.post("/settings/senders/countries", country="BE")
    with ground.database.begin() as db:
        shop = workspaces.get(db, workspace)
    assert (shop["sender"], shop["stop_code"]) == ("LUNE", "36034")
    assert "BE" in shop["countries"]
    for country in shop["countries"]:
        owner.post("/settings/senders/countries/remove", country=country)
    assert "One country must be left" in owner.page.text
    assert owner.post("/settings/senders", sender="!", stop_code="").status_code == 422


def test_a_route_is_written_changed_and_taken_away(owner, carrier, ground, workspace):
    line = {"channel": "sms", "country": "FR"}
    page = owner.post("/settings/senders/route", on="/settings/senders/route", **line)
    assert page.status_code == 422
    chosen = {f"step-{carrier}": "1", f"weight-{carrier}": "60"}
    owner.post("/settings/senders/route", **line, **chosen)
    with ground.database.begin() as db:
        (found,) = routes.of_workspaces(db, [workspace])
    assert (found["country"], found["weight"]) == ("FR", 60)
    form = owner.get("/settings/senders/route?channel=sms&country=FR").text
    assert 'value="60"' in form
    assert '<option value="1" selected>' in form
    owner.post("/settings/senders/route/remove", **line)
    with ground.database.begin() as db:
        assert routes.of_workspaces(db, [workspace]) == []


def test_the_box_says_how_an_answer_is_understood(owner):
    said = {
        "Stop.": "<strong>Stop</strong>", "OUI": "<strong>Yes</strong>", "2": "number 2",
        "später": "<strong>Later</strong>", "please do not stop": "<strong>Something else</strong>",
    }  # fmt: skip
    owner.get("/settings/keywords")
    assert [t for t, words in said.items()
            if words not in owner.post("/settings/keywords", text=t).text] == []  # fmt: skip


def test_links_live_where_they_are_told_and_lead_to_some_domains_only(owner, ground, workspace):
    good = {"link_url": "https://go.example.com/", "link_domains": "example.com\nShop.example.org"}
    owner.post("/settings/links", on="/settings/links", **good)
    with ground.database.begin() as db:
        shop = workspaces.get(db, workspace)
    assert shop["link_url"] == "https://go.example.com"
    assert shop["link_domains"] == ["example.com", "shop.example.org"]
    wrong = {"link_url": "http://go", "link_domains": "not a domain!"}
    assert owner.post("/settings/links", **wrong).text.count('class="wrong"') == 2


def test_what_is_kept_is_said_in_days(owner):
    assert "Kept for 14 days." in owner.get("/settings/retention").text
    assert "Not known yet" in owner.get("/settings/senders/reach").text

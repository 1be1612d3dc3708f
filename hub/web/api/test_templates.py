"""Templates through the API: linted before they are kept, tried without being kept, previewed."""

from typing import Any

from hub.store import prices, templates
from hub.store.ground import Ground

TEXT = "{{ brand }}: {{ first_name|default('hello') }}, your cart: {{ cart_url|short }}"
CART = {
    "kind": "marketing",
    "title": "Cart",
    "texts": {"en": TEXT},
    "event": "cart.abandoned",
    "transliterate": True,
}
WHOLE = CART | {
    "ttl_minutes": 60,
    "expects_replies": True,
    "page": "basket",
    "previews": {"en": {"title": "Your cart", "description": "It waits", "image": ""}},
    "utm": {"campaign": "carts"},
    "link_days": 7,
    "coupon": {"percent": "20", "days": 3, "prefix": "LUNE"},
    "variants": {"b": {"texts": {"en": TEXT + " {{ coupon }}"}}},
    "texts": {"en": TEXT + " {{ coupon }} {{ page_url }}"},
}


def _errors(answer: Any) -> dict[str, str]:
    assert answer.status_code == 422
    return {error["field"]: error["words"] for error in answer.json["errors"]}


def _codes(answer: Any) -> set[str]:
    assert answer.status_code == 200
    return {found["code"] for found in answer.json["findings"]}


def test_everything_a_template_may_say_is_kept(program: Any):
    kept = program.put("/templates/cart", WHOLE).json
    assert {name: kept[name] for name in WHOLE} == WHOLE
    assert program.put("/templates/cart", WHOLE).json["version"] == 1
    changed = program.put("/templates/cart", WHOLE | {"link_days": 8}).json
    assert (changed["version"], changed["link_days"]) == (2, 8)
    assert program.get("/templates/cart").json == changed


def test_old_callers_get_what_is_usual(program: Any):
    kept = program.put("/templates/cart", CART).json
    usual = {**templates.USUAL, **CART}
    assert {name: kept[name] for name in usual} == usual


def test_warnings_are_told_and_the_template_is_kept(program: Any):
    answer = program.put("/templates/cart", CART | {"texts": {"en": "Look: {{ cart_url }}"}})
    assert {"no_brand", "long_link", "stop_added"} <= _codes(answer)
    (link,) = [f for f in answer.json["findings"] if f["code"] == "long_link"]
    assert (link["field"], link["span"]) == ("texts.en", [6, 20])
    assert link["repair"] == "Look: {{ cart_url|short }}"
    assert program.get("/templates/cart").json["findings"] == answer.json["findings"]


def test_errors_stand_in_the_way_each_by_its_field(program: Any):
    wrong = CART | {
        "texts": {"en": TEXT + " STOP 36180", "fr": "x" * 700},
        "rich": {"en": {"cards": [{}]}, "de": {"text": "Hallo"}},
        "sender": "AB",
        "variants": {"b": {"texts": {"en": "{{ nobody }}"}}},
    }
    found = _errors(program.put("/templates/cart", wrong))
    assert set(found) == {
        "texts.en",
        "texts.fr",
        "rich",
        "rich.de",
        "rich.en.cards[0]",
        "sender",
        "variants.b.texts.en",
        "variants.b.texts.fr",
    }
    assert "36034" in found["texts.en"]
    assert "no active RCS agent" in found["rich"]
    assert program.get("/templates/cart").status_code == 404


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"event": "cart.eaten"}, "event"),
    ({"page": "x"}, "page"),
    ({"ttl_minutes": 0}, "ttl_minutes"),
    ({"coupon": {"days": 3}}, "coupon"),
    ({"coupon": {"percent": "200", "days": 3}}, "coupon"),
    ({"coupon": {"percent": "20"}}, "coupon.days"),
    ({"variants": {"B!": {}}}, "variants"),
    ({"rich": {"en": []}}, "rich.en"),
    ({"utm": {"colour": "x"}}, "utm.colour"),
    ({"sender": "Maison-Lune"}, "sender"),
    ({"sender": "{{ brand }}" + "x" * 300}, "sender"),
]


def test_what_has_no_place_in_a_template_is_refused_by_field(program: Any):
    for change, field in REFUSED:
        assert set(_errors(program.put("/templates/cart", CART | change))) == {field}


def test_a_template_is_tried_without_being_kept(program: Any):
    tried = program.post("/templates/lint", CART | {"texts": {"en": TEXT, "fr": "{{ nobody }}"}})
    assert "template" in _codes(tried)
    (bill,) = tried.json["bills"]
    assert (bill["language"], bill["events"], bill["largest"]["parts"]) == ("en", 0, 1)
    assert bill["largest"]["price"] is None
    assert program.get("/templates/cart").status_code == 404
    assert program.post("/templates/lint", CART | {"slug": "cart"}).status_code == 200
    assert set(_errors(program.post("/templates/lint", CART | {"slug": "Cart!"}))) == {"slug"}


def test_the_bill_comes_from_the_workspaces_events_and_prices(
    program: Any, ground: Ground, workspace: Any, carrier: Any, shop: Any, road: Any
):
    for _ in range(3):
        shop.simulator.abandon_cart(phone="06 39 98 01 23", country="FR")
    road.walk()
    line = {"channel": "sms", "country": "FR", "micros": 45_000, "currency": "EUR"}
    with ground.database.begin() as db:
        given = {**line, "connection_id": str(carrier.connection_id)}
        prices.replace(db, workspace, [given])
    (bill,) = program.post("/templates/lint", CART).json["bills"]
    assert bill["events"] == 3
    assert bill["median"]["price"] == "0.045"
    assert "Maison Lune" in bill["median"]["text"]


def test_a_preview_shows_the_parts_the_excerpt_and_the_card(program: Any):
    rich = {"en": {"text": "Hello {{ first_name }}", "suggestions": [{"answer": "Yes"}]}}
    words = CART | {"rich": rich, "texts": {"en": TEXT, "fr": "Bonjour {{ first_name }}"}}
    made = program.post("/templates/new/preview", {"template": words}).json
    assert made["language"] == "en"
    assert made["sms"]["text"].startswith("Maison Lune: Zo")
    assert made["sms"]["text"].endswith("STOP 36034")
    assert made["sms"]["parts"] == [made["sms"]["text"]]
    assert made["sms"]["lock_screen"].startswith("Maison Lune")
    assert made["rcs"]["content"]["text"] == "Hello Zoë"
    assert made["agent"] is None
    french = program.post("/templates/new/preview", {"template": words, "language": "fr"}).json
    assert (french["language"], french["rcs"]) == ("fr", None)


def test_a_kept_template_is_previewed_with_a_chosen_sample(program: Any):
    program.put("/templates/cart", CART)
    for sample in ("declared", "newest", "longest"):
        made = program.post("/templates/cart/preview", {"sample": sample}).json
        assert made["sms"]["problem"] == ""
        assert ("Maximilian" in made["sms"]["text"]) is (sample == "longest")


def test_a_sender_may_be_filled_in_and_a_preview_shows_it(program: Any):
    named = CART | {"sender": "{{ brand|upper|truncate_gsm(11) }}"}
    assert program.put("/templates/cart", named).json["sender"] == named["sender"]
    assert program.post("/templates/cart/preview", {}).json["sms"]["sender"] == "MAISON LUNE"
    long = program.put("/templates/cart", CART | {"sender": "{{ brand }} {{ first_name }}"})
    assert "3 to 11 letters" in _errors(long)["sender"]
    tried = {"template": CART | {"sender": "{{ brand }} {{ first_name }}"}}
    shown = program.post("/templates/cart/preview", tried).json["sms"]
    assert (shown["sender"], "The sender would be" in shown["problem"]) == ("", True)
    assert shown["text"].startswith("Maison Lune")


def test_an_example_address_is_told_and_does_not_stand_in_the_way(program: Any):
    help_page = TEXT + ' {{ "https://example.com/help"|short("support") }}'
    answer = program.put("/templates/cart", CART | {"texts": {"en": help_page}})
    assert "example_address" in _codes(answer)


def test_a_preview_says_why_there_is_none(program: Any):
    words = CART | {"texts": {"en": "{{ nobody }}"}, "rich": {"en": {"cards": []}}}
    made = program.post("/templates/new/preview", {"template": words}).json
    assert "«nobody» is not a variable" in made["sms"]["problem"]
    assert "There is no card" in made["rcs"]["problem"]
    assert program.post("/templates/none/preview", {}).status_code == 404


def test_another_workspaces_events_are_no_sample(
    program_of: Any, other_workspace: Any, shop: Any, road: Any
):
    shop.simulator.abandon_cart(phone="06 39 98 01 23", country="FR")
    road.walk()
    (bill,) = program_of(other_workspace).post("/templates/lint", CART).json["bills"]
    assert bill["events"] == 0

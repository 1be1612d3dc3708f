"""Templates: written, looked at, mended, published, taken back; two people on one draft."""

import re

import pytest

from hub.store import drafts, messages, prices, templates

TEXT = "{{ brand }} : {{ first_name|default('vous') }}, votre commande est prête"
CART = {
    "kind": "transactional",
    "title": "Ready",
    "texts": {"fr": TEXT, "en": "{{ brand }}: ready"},
}
PATH = "/templates/ready"


@pytest.fixture
def kept(ground, workspace):
    """A published template of two languages."""
    with ground.database.begin(workspace) as db:
        templates.save(db, workspace, "ready", **CART)
    return workspace


def _fields(page):
    """What a form's page would send of its plain fields, as a browser does."""
    found = dict(re.findall(r'<input[^>]*name="([\w.]+)" type="hidden" value="([^"]*)"', page.text))
    found |= dict(re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)"', page.text))
    return found


def _write(who, text, do="save", **more):
    """Write a text into the editor and press a button."""
    page = who.get(f"{PATH}?language=fr")
    return who.post(PATH, **{**_fields(page), "text": text, "do": do, **more})


def _draft(ground, workspace):
    with ground.database.begin(workspace) as db:
        return drafts.get(db, workspace, "template", "ready")


def test_a_list_says_who_uses_a_template_and_an_empty_one_teaches(browser, kept, ground):
    page = browser().get("/templates")
    assert "Ready" in page.text
    assert "nobody yet" in page.text
    assert "No template is like that" in browser().get("/templates?q=nothing").text


def test_a_ready_made_one_is_taken_as_a_draft(browser, kept, ground):
    who = browser()
    assert "Take this one" in who.get("/templates/gallery").text
    page = who.post("/templates/gallery", ready="birthday")
    assert "It is yours now" in page.text
    with ground.database.begin(kept) as db:
        assert templates.get(db, kept, "birthday") is None
        assert drafts.get(db, kept, "template", "birthday").document["texts"]


def test_a_new_one_is_begun_by_its_name(browser, kept):
    who = browser()
    page = who.post("/templates/new", title="Ready", kind="marketing", language="fr", event="")
    assert page.request.path == "/templates/ready-2"
    assert "never published" in page.text
    assert "Give it a name" in who.post("/templates/new", title=" ").text


def test_saving_keeps_a_draft_and_what_is_sent_stays(browser, kept, ground):
    page = _write(browser(), "{{ brand }} : prête")
    assert "The draft is saved" in page.text
    draft = _draft(ground, kept)
    assert draft.document["texts"] == {**CART["texts"], "fr": "{{ brand }} : prête"}
    with ground.database.begin(kept) as db:
        assert templates.get(db, kept, "ready")["version"] == 1


def test_looking_keeps_nothing_and_a_part_has_phone_and_counter(browser, kept, ground):
    who = browser()
    fields = {**_fields(who.get(f"{PATH}?language=fr")), "text": "Bonjour {{ brand }}"}
    mark = fields.pop("mark")
    head = {"HX-Request": "true", "X-Relais-Mark": mark}
    part = who.client.post(f"{PATH}/preview", data=fields, headers=head)
    assert "<html" not in part.text
    assert "Bonjour Maison Lune" in part.text
    assert "1 part" in part.text
    whole = who.client.post(f"{PATH}/preview", data={**fields, "mark": mark})
    assert "Not saved yet." in whole.text
    assert _draft(ground, kept) is None


def test_one_costly_character_is_mended_alone(browser, kept, ground):
    page = _write(browser(), "{{ brand }} : c’est prêt")
    assert "makes every part 70 characters" in page.text
    _write(browser(), "{{ brand }} : c’est prêt", do="mend:0")
    assert _draft(ground, kept).document["texts"]["fr"] == "{{ brand }} : c'est prêt"
    _write(browser(), "{{ brand }} : c’est prêt", do="mend:all")
    assert _draft(ground, kept).document["texts"]["fr"] == "{{ brand }} : c'est pret"


def test_the_worst_case_has_its_price(browser, kept, ground, shop, rcs_carrier):
    with ground.database.begin(kept) as db:
        line = {"channel": "sms", "country": "FR", "micros": 40_000, "currency": "EUR"}
        prices.replace(db, kept, [{**line, "connection_id": rcs_carrier.connection_id}])
    page = browser().get(f"{PATH}?language=fr")
    assert re.search(r"worst case 1 part, €0.04", page.text)


def test_languages_are_added_marked_and_removed(browser, kept, ground):
    page = _write(browser(), TEXT, do="language.add", new_language="de")
    assert set(_draft(ground, kept).document["texts"]) == {"fr", "en", "de"}
    assert "Text of the SMS in German" in page.text
    assert "It does not say «first_name»" in browser().get(f"{PATH}?language=en").text
    _write(browser(), TEXT, do="language.remove")
    assert set(_draft(ground, kept).document["texts"]) == {"en", "de"}


def test_another_wording_has_its_own_text(browser, kept, ground):
    _write(browser(), TEXT, do="wording.add")
    _write(browser(), "Autre : {{ brand }}", variant="b")
    draft = _draft(ground, kept)
    assert draft.document["variants"]["b"]["texts"]["fr"] == "Autre : {{ brand }}"
    assert draft.document["texts"]["fr"] == TEXT


def test_cards_are_made_moved_and_removed_without_code(browser, kept, ground):
    who = browser()
    _write(who, TEXT, do="rcs.shape:carousel")
    cards = {"rich.shape": "cards", "rich.cards.0.title": "One", "rich.cards.1.title": "Two"}
    _write(who, TEXT, do="rcs.button:cards.1", **cards, **{"add.cards.1": "open"})
    rich = _draft(ground, kept).document["rich"]["fr"]
    assert rich["cards"] == [
        {"title": "One"},
        {"title": "Two", "suggestions": [{"open": "", "url": ""}]},
    ]
    cards["rich.cards.1.suggestions.0.kind"] = "open"
    cards["rich.cards.1.suggestions.0.words"] = "Look"
    cards["rich.cards.1.suggestions.0.url"] = "https://shop.example.com/a"
    _write(who, TEXT, do="rcs.up:cards.1", **cards)
    first = _draft(ground, kept).document["rich"]["fr"]["cards"][0]
    assert first["suggestions"] == [{"open": "Look", "url": "https://shop.example.com/a"}]
    refused = _write(who, TEXT, do="rcs.shape:card", **cards)
    assert refused.status_code == 422
    assert "There are several cards" in refused.text


def test_what_cannot_be_kept_is_said_beside_its_field(browser, kept, ground):
    more = {
        "kind": "marketing",
        "title": "",
        "max_parts": "99",
        "ttl_minutes": "5",
        "link_days": "3",
    }
    page = _write(browser(), TEXT, **more, event="", sender="", page="")
    assert page.status_code == 422
    assert "Write a number from 1 to 10." in page.text
    assert _draft(ground, kept) is None


def test_errors_block_publishing_and_warnings_ask(browser, kept, ground):
    who = browser()
    page = _write(who, "Bonjour {{ nobody }}", do="publish")
    assert page.request.path == f"{PATH}/publish"
    assert "must be corrected first" in page.text
    page = _write(who, "Bonjour, c'est prêt. {{ first_name }}", do="publish")
    assert "Nothing says who writes" in page.text
    expects = _fields(page)["expects"]
    assert who.post(f"{PATH}/publish", expects=expects).status_code == 422
    page = who.post(f"{PATH}/publish", expects=expects, read="1")
    assert "Version 2 is published" in page.text
    assert _draft(ground, kept) is None


def test_a_version_is_compared_and_taken_back_as_a_draft(browser, kept, ground):
    with ground.database.begin(kept) as db:
        templates.save(db, kept, "ready", **{**CART, "texts": {"fr": "{{ brand }} : autre"}})
    who = browser()
    assert "Version 1" in who.get(f"{PATH}/versions").text
    assert "<del>" in who.get(f"{PATH}/versions/2").text
    page = who.get(f"{PATH}/versions/1?against=now")
    assert "Take this version back" in page.text
    assert "is the draft now" in who.post(f"{PATH}/versions/1", expects="0").text
    assert _draft(ground, kept).document["texts"] == CART["texts"]
    assert "thrown away" in who.post(f"{PATH}/drop", expects="1").text


def test_the_second_of_two_who_save_sees_both_texts_and_chooses(browser, kept, ground):
    first, second = browser(), browser("editor")
    opened = _fields(second.get(f"{PATH}?language=fr"))
    _write(first, "{{ brand }} : la première")
    page = second.post(PATH, **{**opened, "text": "{{ brand }} : la seconde", "do": "save"})
    assert page.status_code == 409
    assert "saved this draft meanwhile" in page.text
    assert "la première" in page.text
    assert "seconde" in page.text
    mine = re.search(r'name="document" value="([^"]*)"', page.text)[1].replace("&#34;", '"')
    chosen = {"document": mine, "expects": "1", "take.texts.fr": "mine"}
    assert "with what you chose" in second.post(f"{PATH}/settle", **chosen).text
    assert _draft(ground, kept).document["texts"]["fr"] == "{{ brand }} : la seconde"
    assert second.post(f"{PATH}/settle", **chosen).status_code == 409


def test_looking_in_between_does_not_hide_what_another_saved(browser, kept, ground):
    first, second = browser(), browser("editor")
    opened = {**_fields(second.get(f"{PATH}?language=fr")), "text": "{{ brand }} : la seconde"}
    _write(first, "{{ brand }} : la première")
    page = second.post(f"{PATH}/preview", **opened)
    assert _fields(page)["expects"] == "0"
    assert second.post(PATH, **{**opened, **_fields(page), "do": "save"}).status_code == 409


def test_a_test_goes_to_the_number_that_is_typed(browser, kept, ground, rcs_carrier):
    who = browser()
    page = who.get(f"{PATH}/try?language=fr")
    assert "Send it" in page.text
    assert who.post(f"{PATH}/try", phone="12", language="fr").status_code == 422
    page = who.post(f"{PATH}/try", follow=False, phone="+33639980009", language="fr")
    assert page.status_code == 303
    with ground.database.begin(kept) as db:
        (made,) = messages.listed(db, kept, None, 5, "")
    assert page.location == f"/messages/{made['id']}"
    assert (made["language"], made["channel"]) == ("fr", "sms")


def test_a_viewer_reads_and_cannot_write(browser, kept):
    who = browser("viewer")
    page = who.get(PATH)
    assert "readonly" in page.text
    assert "Save the draft" not in page.text
    assert who.post(PATH, do="save", text="x").status_code == 403

"""Guides: the same in every language, calling things what the pages call them; the API's page."""

import re

from hub.automations.facts import REASONS as DECIDED
from hub.web.api import ROUTES
from hub.web.pages.frame import LANGUAGES
from hub.web.pages.guides import reading
from hub.web.pages.guides.reasons import guide_for
from hub.web.pages.messages.words import REASONS
from hub.web.test_translations import written

ANCHOR = re.compile(r"\{#([\w-]+)\}\s*$", re.MULTILINE)
LINK = re.compile(r"\]\((/[^)#\s]*)")


def text(slug, language):
    return (reading.TEXTS / language / f"{slug}.md").read_text("utf-8")


def test_every_language_has_the_same_guides_with_the_same_parts():
    for language in LANGUAGES:
        assert {path.stem for path in (reading.TEXTS / language).glob("*.md")} == set(reading.SLUGS)
    for slug in reading.SLUGS:
        english = text(slug, "en")
        for language in LANGUAGES[1:]:
            own = text(slug, language)
            assert ANCHOR.findall(own) == ANCHOR.findall(english), (slug, language)
            assert sorted(LINK.findall(own)) == sorted(LINK.findall(english)), (slug, language)


def test_a_guide_calls_things_what_the_pages_call_them():
    known = written()
    for slug in reading.SLUGS:
        for label in re.findall(r"\[\[(.+?)\]\]", text(slug, "en")):
            assert label in known, (slug, label)


def test_every_reason_leads_to_what_is_written_about_it():
    for reason in {*DECIDED, *REASONS, "uncertain"}:
        path, _, anchor = guide_for(reason).partition("#")
        english = text(path.removeprefix("/guides/"), "en")
        assert not anchor or anchor in ANCHOR.findall(english), reason


def test_a_reason_that_nobody_knows_leads_nowhere():
    assert guide_for("because") == ""


def test_every_guide_and_its_links_can_be_opened(browser, app):
    reader = browser("viewer")
    listed = reader.get("/guides").text
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert "What a message costs" in listed
    for path in set(re.findall(r'href="(/guides/[^"#]+)"', listed)):
        page = reader.get(path)
        assert page.status_code == 200
        prose = page.text.partition('class="prose"')[2]
        for link in re.findall(r'href="(/[^"#]*)', prose):
            assert link in rules or link.startswith("/guides/"), (path, link)


def test_a_guide_is_read_in_the_readers_language(browser):
    reader = browser()
    reader.get("/guides")
    reader.post("/choose", language="de", next="/guides")
    assert "Was eine Nachricht kostet" in reader.get("/guides/what-a-message-costs").text


def test_a_connectors_own_words_come_without_their_html_and_lead_nowhere_else():
    drawn = reading._drawn("x", (
        "# X\n\nRead [theirs](https://example.com/a), [ours](../twin/README.md#limits), "
        "![a cat](https://example.com/cat.png) <script>alert(1)</script>\n\n## When it breaks\n"
    ))  # fmt: skip
    assert "theirs (https://example.com/a)" in drawn.html
    assert '<a href="/guides/connectors/twin#limits">ours</a>' in drawn.html
    assert "<img" not in drawn.html
    assert "<script" not in drawn.html
    assert drawn.parts == [("when-it-breaks", "When it breaks")]


def test_there_is_no_guide_of_a_name_that_nobody_wrote(browser):
    reader = browser()
    assert reader.get("/guides/nothing").status_code == 404
    assert reader.get("/guides/connectors/nothing").status_code == 404
    assert reader.get("/guides/..%2Fpages").status_code == 404


def test_every_call_of_the_api_is_described_and_found_by_a_word(browser):
    reader = browser("viewer")
    page = reader.get("/api").text
    for route in ROUTES:
        assert f'id="{route.name}"' in page
    assert "Idempotency-Key" in page
    found = reader.get("/api?q=consent").text
    assert 'id="people_add_consent"' in found or "/people/{phone}/consent" in found
    assert "/webhooks" not in found.partition("<main")[2]
    assert "No call like this" in reader.get("/api?q=nonsense").text

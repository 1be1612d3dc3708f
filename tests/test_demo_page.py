"""The demo's page in a real browser: it lives, it fits, it can be used by keyboard."""

import pytest
from playwright.sync_api import expect

from hub.local.demo import show
from hub.local.demo.street import PARTS
from hub.local.demo.town import open_town
from hub.local.demo.words import LANGUAGES

pytestmark = pytest.mark.browser

SOON = 20_000  # milliseconds


@pytest.fixture(scope="module")
def address():
    with open_town(print) as town, show.serving(town) as served:
        yield served


@pytest.fixture
def open_page(chromium, address):
    """Open the page; whatever the browser complains about ends the test."""
    complaints, contexts = [], []

    def go(query="", **choices):
        context = chromium.new_context(**choices)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else 0)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}?lang=en&{query}", wait_until="load")
        return page

    yield go
    for context in contexts:
        context.close()
    assert complaints == []


def test_an_order_reaches_the_phone_and_its_road_without_a_reload(open_page):
    page = open_page("person=emma")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("button", name="Place an order").click()
    expect(page.locator("#said")).to_have_text("Emma has placed an order.")
    expect(page.locator("#bubbles .theirs")).to_contain_text("Maison Lune", timeout=SOON)
    told = page.locator("#way .station.done", has_text="Told back")
    expect(told).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Answer YES").click()
    expect(page.locator("#bubbles .mine")).to_contain_text("YES", timeout=SOON)
    assert page.evaluate("window.sameDocument") is True


def test_a_fold_that_was_opened_stays_open_while_the_road_goes_on(open_page):
    page = open_page("person=lea")
    page.get_by_role("button", name="Abandon a cart").click()
    expect(page.locator("#way .road-title")).to_contain_text("Cart reminder", timeout=SOON)
    decided = page.locator("#way .station", has_text="Decided")
    decided.locator("summary").click(timeout=SOON)
    expect(page.locator("#bubbles .carousel").first).to_be_visible(timeout=SOON)
    expect(page.locator("#way .station.done", has_text="Delivered")).to_be_visible(timeout=SOON)
    expect(decided.locator("dl")).to_be_visible()


@pytest.fixture
def lea(open_page):
    """Léa's page once a carousel is on the phone, in an open browser."""

    def go(query="", **choices):
        page = open_page(f"person=lea{query}", **choices)
        if not page.locator("#bubbles .carousel").count():
            page.get_by_role("button", name="Abandon a cart").click()
        expect(page.locator("#bubbles .carousel").first).to_be_visible(timeout=SOON)
        return page

    return go


def test_a_carousel_is_read_card_by_card_and_turned_by_arrow_keys(lea):
    carousel = lea().get_by_role("group", name="2 cards; the arrow keys move between them").first
    expect(carousel.get_by_role("group", name="Card 1 of 2")).to_contain_text("Linen shirt")
    expect(carousel.get_by_role("group", name="Card 2 of 2")).to_contain_text("Silk scarf")
    loaded = "e => [...e.querySelectorAll('img')].every((i) => i.complete && i.naturalWidth)"
    assert carousel.evaluate(loaded)
    carousel.focus()
    carousel.press("ArrowRight")
    expect(carousel.get_by_role("link").last).to_be_in_viewport(ratio=0.9)
    assert carousel.evaluate("e => e.scrollLeft") > 0


def test_a_button_of_a_card_opens_the_basket_and_a_suggestion_is_the_persons_answer(lea):
    page = lea()
    with page.expect_popup() as opened:
        page.locator(".card .tap").first.click()
    expect(opened.value.locator("h1")).to_have_text("Checkout")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("button", name="Besoin d'aide").last.click()
    expect(page.locator("#bubbles .mine").last).to_contain_text("Besoin d'aide", timeout=SOON)
    assert page.evaluate("window.sameDocument") is True


def test_a_link_in_an_sms_opens_its_page_with_pictures(open_page):
    page = open_page("person=marc")
    page.get_by_role("button", name="Abandon a cart").click()
    link = page.locator("#bubbles .theirs a").last
    expect(link).to_be_visible(timeout=SOON)
    with page.expect_popup() as opened:
        link.click()
    expect(opened.value.get_by_role("img", name="Linen shirt")).to_be_visible()
    opened.value.wait_for_load_state("load")
    assert opened.value.locator("img").first.evaluate("i => i.naturalWidth") > 0


def test_it_works_without_javascript(open_page):
    page = open_page("person=lucia", java_script_enabled=False)
    page.get_by_role("button", name="Abandon a cart").first.click()
    expect(page.locator("#said")).to_have_text("Lucía has left a cart.")
    expect(page.locator("#bubbles")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_nothing_is_wider_than_the_screen(open_page, width, language):
    page = open_page("person=giulia", viewport={"width": width, "height": 800})
    for system in PARTS:
        page.goto(f"{page.url.partition('?')[0]}?lang={language}&system={system}&person=giulia")
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), system


def test_a_system_is_chosen_by_keyboard_and_without_javascript(open_page):
    page = open_page("person=emma", java_script_enabled=False)
    page.get_by_role("link", name="Calendar").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Calendar")).to_have_attribute("aria-current", "page")
    page.get_by_role("button", name="Book for tomorrow").click()
    expect(page.locator("#said")).to_have_text("Emma has a booking for tomorrow.")
    expect(page.locator("#record")).to_contain_text("Haircut")


def test_a_workflows_steps_and_the_timeline_fill_without_a_reload(open_page):
    page = open_page("person=jonas&system=crm")
    page.evaluate("window.sameDocument = true")
    page.get_by_role("button", name="Enrol 3 contacts").click()
    steps = page.locator("#record td.ours", has_text="delivered")
    expect(steps).to_have_count(3, timeout=SOON)
    expect(page.locator("#record .lines")).to_contain_text("SMS delivered", timeout=SOON)
    assert page.evaluate("window.sameDocument") is True


def test_a_consent_taken_away_is_seen_and_given_again(open_page):
    page = open_page("person=emma&system=crm")
    crm = page.locator(".standing").nth(1)
    crm.get_by_role("button", name="Take the CRM's consent away").click()
    expect(crm).to_contain_text("needs sign-in", timeout=SOON)
    crm.get_by_role("button", name="Sign in to the CRM again").click()
    expect(crm).not_to_contain_text("needs sign-in", timeout=SOON)


def test_the_phone_lies_over_nothing_else(open_page):
    page = open_page("person=emma&system=crm", viewport={"width": 1280, "height": 900})
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    phone, below = (
        page.locator(".phone").bounding_box(),
        page.locator(".connections").bounding_box(),
    )
    assert phone["y"] + phone["height"] <= below["y"]


@pytest.mark.parametrize("system", PARTS)
def test_every_target_is_large_enough_and_has_a_name(open_page, system):
    page = open_page(f"person=emma&system={system}")
    for target in page.locator("a:visible, button:visible, summary:visible").all():
        box = target.bounding_box()
        assert (
            box is None
            or "jump" in (target.get_attribute("class") or "")
            or (box["width"] >= 24 and box["height"] >= 24)
        ), target.inner_text()
        assert target.inner_text().strip()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(open_page, lea, scheme):
    assert lea(color_scheme=scheme).evaluate(WEAKEST) >= 4.5
    page = open_page("person=emma", color_scheme=scheme)
    page.get_by_role("button", name="Place an order").click()
    expect(page.locator("#way .station.done").first).to_be_visible(timeout=SOON)
    for system in PARTS:
        page.goto(f"{page.url.partition('?')[0]}?lang=en&system={system}&person=emma")
        assert page.evaluate(WEAKEST) >= 4.5, system


def test_every_target_on_a_phone_is_large_enough_and_fits(lea):
    page = lea(viewport={"width": 360, "height": 800})
    for target in page.locator("#bubbles a:visible, #bubbles button:visible").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 24, target.inner_text()
        assert target.inner_text().strip()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_keyboard_reaches_the_first_button_and_presses_it(open_page):
    page = open_page("person=giulia")
    page.get_by_role("button", name="Place an order").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_have_text("Giulia has placed an order.")


# The least contrast (WCAG 2) of any visible text with what lies behind it.
WEAKEST = """() => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (c) => c.slice(0, 3).map((v) => v / 255)
    .map((v) => (v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  let weakest = 21;
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || e.closest(".unseen, .jump, script")) continue;
    if (!e.getClientRects().length) continue;
    const style = getComputedStyle(e);
    if (e.closest(".band")) continue;  // its stripes are pictures to this script
    const [a, b] = [light(rgb(style.color)), light(ground(e))].sort((x, y) => y - x);
    weakest = Math.min(weakest, (a + .05) / (b + .05));
  }
  return weakest;
}"""

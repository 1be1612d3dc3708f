"""The entrance in a real browser: in five languages, light and dark, at two widths; nothing is
asked of any other host, nothing complains, and axe finds nothing."""

import json
import shutil
import threading

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from hub.accounts import first
from hub.config import CHECKOUT
from hub.web import site
from hub.web.pages.frame import LANGUAGES

pytestmark = pytest.mark.browser

NAMES = ("chromium", "chromium-browser", "chrome")
AXE = CHECKOUT / "hub" / "web" / "assets" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as kit:
        found = next(filter(None, map(shutil.which, NAMES)), None)
        browser = kit.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def served(ground, nudge):
    """Where the pages are."""
    server = make_server("127.0.0.1", 0, site.build(ground, nudge), threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.fixture
def window(chromium, served):
    """`window(language, width, dark)`: a page; what it asked elsewhere, or complained of, fails."""
    strange, opened = [], []

    def one(language="en", width=1280, dark=False):
        context = chromium.new_context(
            viewport={"width": width, "height": 800}, locale=language,
            color_scheme="dark" if dark else "light",
        )  # fmt: skip
        page = context.new_page()
        page.on("request", lambda r: r.url.startswith((served, "data:")) or strange.append(r.url))
        page.on("console", lambda m: strange.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda problem: strange.append(str(problem)))
        opened.append(context)
        return page

    yield one
    for context in opened:
        context.close()
    assert strange == []


def look(page):
    """What axe finds wrong with a page, in a line each; and that it is not wider than its window.
    The rules are run from outside the page, whose own policy would not let them in."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setBypassCSP", {"enabled": True})
    page.reload()
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate(f"axe.run(document, {json.dumps(_RULES)})")
    wrong = [f"{v['id']}: {n['html'][:120]}" for v in found["violations"] for n in v["nodes"]]
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wrong == []
    assert wide <= 0


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_entrance_can_be_used_by_everyone(window, served, ground, width, dark):
    page = window("de", width, dark)
    page.goto(f"{served}/welcome?code={first.code_of(ground)}")
    look(page)
    set_up(page)
    look(page)
    if width < 760:
        page.get_by_role("link", name="Mehr").click()
        look(page)
    page.get_by_role("button", name="Abmelden").click()
    page.wait_for_url(f"{served}/sign-in")
    look(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_owner_comes_in_by_keyboard_alone_in_each_language(
    window, served, ground, language
):
    page = window(language)
    page.goto(f"{served}/welcome?code={first.code_of(ground)}")
    assert page.locator("html").get_attribute("lang") == language
    page.locator("#shop").focus()
    for words in ("Maison Lune", "F", "Europe/Paris", "Léa", "lea@example.com"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.type("correct horse battery")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served}/")
    assert page.locator(".rail .brand").inner_text() == "Maison Lune"


def set_up(page):
    page.fill("#shop", "Maison Lune")
    page.select_option("#country", "FR")
    page.fill("#zone", "Europe/Paris")
    page.fill("#name", "Léa")
    page.fill("#email", "lea@example.com")
    page.fill("#password", "correct horse battery")
    page.click("button.btn-primary")
    page.wait_for_selector(".rail")

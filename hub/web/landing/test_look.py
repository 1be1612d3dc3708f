"""The pages in a real browser at the width of a small phone: they fit, they stand out from their
ground, they can be touched and reached by keyboard, and nothing complains."""

import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from flask import Flask

from hub.web.landing.page import message_page
from hub.web.landing.shown import LAYOUTS
from hub.web.landing.words import LANGUAGES

from .conftest import NOW, SAMPLES, rows_of

pytestmark = pytest.mark.browser

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenbandknopfloch"

# Each text with its colour and the nearest ground beneath it, as WCAG counts them.
CONTRASTS = """() => {
  const rgb = (words) => words.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (at) => {
    for (let here = at; here; here = here.parentElement) {
      const found = rgb(getComputedStyle(here).backgroundColor);
      if (found.length < 4 || found[3] > 0) return found;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('body *')]
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .map((e) => {
      const [a, b] = [light(rgb(getComputedStyle(e).color)), light(ground(e))];
      return [e.textContent.trim(), (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)];
    });
}"""


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    """The pages behind a socket, as `/<layout>/<language>`."""
    app = Flask("pages")

    @app.get("/<layout>/<language>")
    def page(layout, language):
        told = dict(SAMPLES[layout])
        if layout != "appointment":
            items = [*told.get("items", SAMPLES["basket"]["items"]), {"name": LONG, "quantity": 3}]
            told |= {"items": items, "coupon": "LUNE-7KQ2MX", "coupon_until": "2026-06-12T16:30Z"}
        return message_page(*rows_of(layout, language, told), "t", NOW, "https://hub.example")

    server = make_server("127.0.0.1", 0, app, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["light", "dark"])
def phone(chromium, request):
    """A small phone in light and in dark; whatever its browser complains about ends the test."""
    complaints = []
    context = chromium.new_context(
        viewport={"width": 360, "height": 740}, color_scheme=request.param
    )
    context.route(
        "https://shop.example.com/**",
        lambda asked: asked.fulfill(body=PICTURE, content_type="image/svg+xml"),
    )
    context.route("**/favicon.ico", lambda asked: asked.fulfill(body="", status=200))
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text))
    yield page
    context.close()
    assert complaints == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_page_fits_is_legible_and_can_be_touched(phone, address, layout):
    for language in LANGUAGES:
        phone.goto(f"{address}/{layout}/{language}", wait_until="load")
        root = "document.documentElement"
        assert phone.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), language
        assert [seen for seen in phone.evaluate(CONTRASTS) if seen[1] < 4.5] == [], language
        for target in phone.locator("a").all():
            box = target.bounding_box()
            assert box["width"] >= 24, language
            assert box["height"] >= 24, language
        assert phone.locator("img").evaluate_all("all => all.every((i) => i.alt)")


def test_the_button_is_the_first_stop_of_the_keyboard_and_shows_it(phone, address):
    phone.goto(f"{address}/basket/de", wait_until="load")
    phone.keyboard.press("Tab")
    focused = phone.locator("a:focus-visible")
    assert focused.inner_text() == "Zurück zum Warenkorb"
    assert focused.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"

"""Every page in a real browser: light and dark, on a phone and on a desk; axe finds nothing, no
other host is asked for anything, nothing complains. With RELAIS_SCREENSHOTS, a folder, each is kept
as a picture too, in German, of a full and of an empty workspace."""

import itertools
import os
import re
from pathlib import Path

import pytest

from hub.report.figures import keeping
from hub.store.database import run
from hub.web.pages.everything import wings

pytestmark = pytest.mark.browser

_SHOTS = os.environ.get("RELAIS_SCREENSHOTS", "")
_HOLE = re.compile(r"<(?:\w+:)?(\w+)>")
_WIDTHS = (1280, 768, 360) if _SHOTS else (1280, 360)


def pages(client, ids):
    """Every path that shows a whole page to an owner."""
    for way in (way for wing in wings() for way in wing.ways):
        if way.method != "GET" or way.may in ("anybody", "half"):
            continue
        path = _HOLE.sub(lambda hole: str(ids.get(hole[1], hole[0])), way.path)
        if "<" in path:
            continue
        answer = client.get(path)
        if answer.status_code == 200 and b"<!doctype html>" in answer.data[:100]:
            yield path


def keep(page, path, theme, width, kind):
    """The picture of a page."""
    folder = Path(_SHOTS) / kind / f"{theme}-{width}"
    folder.mkdir(parents=True, exist_ok=True)
    name = re.sub(r"[0-9a-f-]{36}", "one", path).strip("/").replace("/", "-") or "home"
    page.screenshot(path=folder / f"{name}.png", full_page=True)


@pytest.mark.parametrize("kind", ["full", "empty"] if _SHOTS else ["full"])
def test_every_page_can_be_used_by_everyone(request, ground, browser, window, enter, faults, kind):
    ids = request.getfixturevalue("furnished").ids if kind == "full" else {}
    keeping.keep(ground)
    paths = list(pages(browser().client, ids))
    assert len(paths) > 10
    page, wrong = window(), []
    if _SHOTS:
        with ground.database.begin() as db:
            run(db, "UPDATE users SET language = 'de'")
    for path in paths:
        enter(page, path)
        for theme, width in itertools.product(("light", "dark"), _WIDTHS):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 800})
            if _SHOTS:
                keep(page, path, theme, width, kind)
            # Dark is the same page in other colours.
            wrong += faults(page, colours=theme == "dark")
    assert wrong == []

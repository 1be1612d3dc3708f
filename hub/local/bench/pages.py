"""How long each page takes with a million messages in the database: on the server, and until a
browser shows something; and how much it brings along."""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from statistics import median
from typing import Any
from uuid import UUID

import click
import psycopg
import requests

from hub.accounts import passwords
from hub.local.bench import history
from hub.local.bench.measured import Bar, Measured
from hub.local.bench.rig import Rig, rig
from hub.local.bench.scale import know, whose
from hub.local.bench.telling import Teller
from hub.report.figures import keeping
from hub.store import sessions, users
from hub.store.database import rows
from hub.web.pages.everything import wings

NAME = "pages"
SAYS = "Every page of the app with a million messages: server time, first paint, bytes."
OPTIONS = (
    click.Option(["--rows", "count"], type=int, default=1_000_000, show_default=True,
                 help="How many messages of history, the newest of this minute."),
    click.Option(["--browser/--no-browser"], default=True, show_default=True,
                 help="Open each page in Chromium too."),
)  # fmt: skip

SERVER_MS, PAINT_MS, BYTES = 300, 500, 300_000
_ROUNDS, _LOOKS = 5, 3
_BEGAN, _EACH = 1_690_000_000, 10  # the history's first second, and seconds between two messages
_WIDE = (
    "/messages?state=failed", "/messages?automation=order-confirmed", "/messages?q=1043",
    "/people?q=l", "/people?standing=stopped", "/find?q=1043", "/find?q=l", "/find?q=l m",
    "/find?q=camille",
)  # fmt: skip
_COLUMNS = (("server_ms", "server"), ("paint_ms", "painted"), ("bytes", "brought"))
_MEASURE = """() => {
    const seen = performance.getEntriesByName('first-contentful-paint')[0];
    const brought = [...performance.getEntriesByType('navigation'),
                     ...performance.getEntriesByType('resource')];
    return {paint: seen ? seen.startTime : 0,
            bytes: brought.reduce((sum, one) => sum + one.transferSize, 0)};
}"""

Found = dict[str, dict[str, float]]


@dataclass(frozen=True)
class Answer:
    """What the hub said to one path: the median of its times, and whether a browser shows it."""

    status: int
    ms: float
    shows: bool


def run(say: Teller, count: int, browser: bool) -> Measured:
    """Server time (the median of five), first paint (of three) and bytes of each page."""
    if browser and not find_spec("playwright"):
        raise click.UsageError("No browser is installed for it: sh deploy/test.sh, or --no-browser")
    with rig(say, worker_processes=1) as here:
        _grow(here, say, count)
        token = _sign_in(here)
        answers = {path: _answered(here, token, path) for path in _paths(here)}
        # A thing may have no such page, as a shop has none for senders; some lead elsewhere.
        found: Found = {
            path: {"server_ms": one.ms} for path, one in answers.items() if one.status == 200
        }
        if browser:
            shown = [path for path in found if answers[path].shows]
            for path, seen in _painted(here, token, shown, say):
                found[path] |= seen
    _tell(say, found)
    broken = {path: one.status for path, one in answers.items() if one.status not in _WELL}
    for path, status in broken.items():
        say(f"{path} answered {status}.")
    return Measured({"pages": found, "broken": broken}, tuple(_bars(found, len(broken))))


_WELL = (200, 302, 303, 404)


def _grow(here: Rig, say: Teller, count: int) -> None:
    last = int((time.time() - _BEGAN) // _EACH)
    numbers = range(last - count + 1, last - count + 1 + min(count, history.PEOPLE))
    say.now("Sealing the people's numbers")
    know(here, map(history.person, numbers))
    with here.resting():
        with psycopg.connect(here.hub.settings.database_url, autocommit=True) as db:
            history.grow(db, whose(here), last - count, last, say.now)
        say.now("Counting the figures of every day")
        while keeping.keep(here.ground):
            pass


def _sign_in(here: Rig) -> str:
    now = here.ground.clock()
    with here.ground.database.begin() as db:
        user_id = users.add(
            db, email="bench@example.com", name="Bench", language="en", now=now,
            password_hash=passwords.hash_of("a sentence for the bench"),
        )  # fmt: skip
        if user_id is None:
            raise LookupError("There is a user of the bench already.")
        users.join(db, here.workspace_id, user_id, "owner", now)
        return sessions.begin(
            db, user_id, stage="in", at_workspace=here.workspace_id, agent="bench", network="",
            now=now,
        )  # fmt: skip


def _paths(here: Rig) -> Iterator[str]:
    """Every page that needs nothing in its address, then one of each kind of thing. Not the files
    to keep, which are as long as what they hold."""
    ids = _ids(here)
    for way in (way for wing in wings() for way in wing.ways):
        path = way.path
        for name, value in ids.items():
            path = re.sub(rf"<(\w+:)?{name}>", str(value), path)
        fits = not ("<" in path or path.endswith((".csv", ".json")))
        if way.method == "GET" and way.may not in ("anybody", "half") and fits:
            yield path
    yield from (*_WIDE, f"/messages?before={ids['deep']}")


def _ids(here: Rig) -> dict[str, UUID | str]:
    with here.ground.database.begin(here.workspace_id) as db:
        first, last = (
            rows(db, f"SELECT id, event_id, decision_id FROM messages ORDER BY id {way} LIMIT 1")[0]  # noqa: S608
            for way in ("ASC", "DESC")
        )
        [person] = rows(
            db,
            """SELECT p.id, p.phone FROM people p JOIN replies r
               ON r.workspace_id = p.workspace_id AND r.phone = p.phone
               ORDER BY r.received_at DESC LIMIT 1""",
        )
    return {
        "message_id": last["id"], "event_id": last["event_id"], "decision_id": last["decision_id"],
        "connection_id": here.shop["id"], "automation": "order-confirmed",
        "template": "order-confirmed", "version": "1", "connector": here.shop["connector"],
        "person_id": person["id"], "phone": person["phone"], "guide": "first-steps",
        "deep": first["id"],
    }  # fmt: skip


def _answered(here: Rig, token: str, path: str) -> Answer:
    took = []
    with requests.Session() as browser:
        browser.trust_env = False
        browser.cookies.set("relais_session", token)
        for _ in range(_ROUNDS):
            began = time.perf_counter()
            answer = browser.get(
                here.hub.settings.address + path, timeout=60, allow_redirects=False
            )
            took.append((time.perf_counter() - began) * 1000)
    shows = "<html" in answer.text[:500]
    return Answer(answer.status_code, round(median(took), 1), shows)


def _painted(
    here: Rig, token: str, paths: list[str], say: Teller
) -> Iterator[tuple[str, dict[str, float]]]:
    from hub.local import chromium  # what only a machine that tests has

    address = here.hub.settings.address
    with chromium.opened() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        context.add_cookies([{"name": "relais_session", "value": token, "url": address}])
        _looked(context, address)  # the first page brings what all share
        for path in paths:
            say.now(f"Looking at {path}")
            looks = [_looked(context, address + path) for _ in range(_LOOKS)]
            paint = round(median(look["paint"] for look in looks), 1)
            yield path, {"paint_ms": paint, "bytes": looks[0]["bytes"]}


def _looked(context: Any, url: str) -> dict[str, float]:
    page = context.new_page()
    page.goto(url)
    page.wait_for_load_state("networkidle")
    seen: dict[str, float] = page.evaluate(_MEASURE)
    page.close()
    return seen


def _tell(say: Teller, found: Found) -> None:
    """The slowest first."""
    wide = max(map(len, found), default=0)
    say("  ".join([f"{'page':<{wide}}", *(f"{title:>10}" for _, title in _COLUMNS)]))
    for path, one in sorted(found.items(), key=lambda each: -each[1]["server_ms"]):
        figures = [(one.get(name), " B" if name == "bytes" else " ms") for name, _ in _COLUMNS]
        cells = ["–" if value is None else f"{value:,.0f}{unit}" for value, unit in figures]
        say("  ".join([f"{path:<{wide}}", *(f"{cell:>10}" for cell in cells)]))


def _bars(found: Found, broken: int) -> Iterator[Bar]:
    yield Bar("pages that answered an error", broken, 0, at_most=True)
    for name, most, unit in (
        ("server_ms", SERVER_MS, " ms"), ("paint_ms", PAINT_MS, " ms"), ("bytes", BYTES, " bytes"),
    ):  # fmt: skip
        measured = {path: one[name] for path, one in found.items() if name in one}
        if measured:
            worst = max(measured, key=lambda path: measured[path])
            yield Bar(f"the slowest or widest page, {name} ({worst})", measured[worst], most, unit,
                      at_most=True)  # fmt: skip

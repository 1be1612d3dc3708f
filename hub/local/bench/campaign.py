"""A campaign from its file to the carrier, by the very command a merchant's operator types; beside
the same people read, written and counted in a plain loop that keeps nothing."""

import csv
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count, islice
from pathlib import Path
from typing import Any

import click
from jinja2 import Environment

from hub.compose.segments import count as segments
from hub.config import CHECKOUT
from hub.contract import NotAPhone, Phone
from hub.contract.numbering import plain_mobile
from hub.local.bench.children import Broken
from hub.local.bench.measured import Bar, Measured
from hub.local.bench.rig import Rig, rig
from hub.local.bench.telling import Teller
from hub.store import templates
from hub.store.database import row

NAME = "campaign"
SAYS = "Send to 100,000 people of a CSV file; under 20 seconds from the file to the carrier."
OPTIONS = (
    click.Option(["--people"], type=int, default=100_000, show_default=True,
                 help="How many lines the file has."),
    click.Option(["--workers"], type=int, default=2, show_default=True, help="Worker processes."),
)  # fmt: skip

BAR_SECONDS, PEOPLE = 20.0, 100_000
_TEXT = "{{ brand }}: -20 % this weekend, {{ first_name }}. Show this message in our shops."
_PATIENCE = 300.0
_TICK = 0.25


def run(say: Teller, people: int = PEOPLE, workers: int = 2) -> Measured:
    """File to rows, file to carrier, and the plain loop, in seconds and people a second."""
    with rig(say, worker_processes=workers) as here, tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "people.csv"
        _write(file, people)
        plain = _plainly(file)
        say(
            f"plain loop, nothing kept      {plain:6.2f} s   {people / plain:9,.0f} people a second"
        )
        with here.ground.database.begin() as db:
            templates.save(db, here.workspace_id, "sale", kind="marketing", title="Sale",
                           texts={"en": _TEXT})  # fmt: skip
        whole = _sent(here, say, file, people, carried=True)
        _told(say, "file to carrier", whole, people)
        twice = here.vendors.ask("counts")["twice"]
        with here.resting():
            rows = _sent(here, say, file, people, carried=False)
        _told(say, "file to rows, nobody sending", rows, people)
        figures = _figures(people, plain, rows, whole) | {"twice": twice}
    bars = (
        Bar("file to carrier", round(whole * PEOPLE / people, 2), BAR_SECONDS, " s", at_most=True),
        Bar("messages sent twice", figures["twice"], 0, at_most=True),
    )
    return Measured(figures, bars)


def _told(say: Teller, what: str, seconds: float, people: int) -> None:
    say(f"{what:30} {seconds:6.2f} s   {people / seconds:9,.0f} people a second")


def _figures(people: int, plain: float, rows: float, whole: float) -> dict[str, Any]:
    return {
        "people": people,
        "plain_s": round(plain, 2),
        "plain_people_per_s": round(people / plain),
        "rows_people_per_s": round(people / rows),
        "rows_beside_plain": round(plain / rows, 3),
        "carrier_s": round(whole, 2),
        "carrier_people_per_s": round(people / whole),
    }


def numbers() -> Iterator[str]:
    """Numbers that nobody has: those kept for examples, then the rest of North America's exchange
    555, which has no subscribers."""
    yield from (f"+3363998{n:04d}" for n in range(10_000))
    areas = [area for area in range(201, 990) if plain_mobile(f"+1{area}5550100", "")]
    for last in count(100):
        yield from (f"+1{area}555{last % 10_000:04d}" for area in areas)


def _write(file: Path, people: int) -> None:
    names = ("Zoé", "Anna", "Jérôme", "Luca", "Inés", "Björn", "Mary", "Maximilian")
    with file.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(("phone", "first_name", "last_name", "consent", "consent_at"))
        for n, phone in enumerate(islice(numbers(), people)):
            table.writerow((phone, names[n % 8], f"Martin {n}", "yes", "2026-05-31"))


def _plainly(file: Path) -> float:
    """Read, normalise, write with plain Jinja2, count; nothing is kept."""
    write = Environment(autoescape=False).from_string(_TEXT).render  # noqa: S701 - no HTML
    began = time.perf_counter()
    with file.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            try:
                Phone.parse(line["phone"], "FR")
            except NotAPhone:
                continue
            segments(write(brand="Maison Lune", first_name=line["first_name"]))
    return time.perf_counter() - began


def _sent(here: Rig, say: Teller, file: Path, people: int, *, carried: bool) -> float:
    """Seconds of `hub campaign`, and until the carrier has the last message where `carried`; else
    the messages are for another century."""
    here.vendors.ask("reset")
    when = () if carried else ("--at", "2099-01-01", "--name", "later")
    settings = replace(here.hub.settings, log_level="ERROR")
    command = ("campaign", str(file), "--template", "sale", "--yes", *when)
    began = time.monotonic()
    child = subprocess.Popen(
        [sys.executable, "-m", "hub.cli", *command, "--workspace", str(here.workspace_id)],
        env={**os.environ, **settings.environment()},
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
    )
    while child.poll() is None:
        time.sleep(_TICK / 5)
        say.now(f"{here.vendors.ask('counts')['messages']:,} of {people:,} at the carrier")
    if child.returncode:
        raise Broken("`hub campaign` failed.")
    return (_last(here, say, people) if carried else time.monotonic()) - began


def _last(here: Rig, say: Teller, people: int) -> float:
    """When the carrier had the last one. Raises Broken when they do not come."""
    ends = time.monotonic() + _PATIENCE
    while (seen := here.vendors.ask("counts"))["messages"] < people:
        if time.monotonic() > ends:
            raise Broken(f"{seen['messages']:,} of {people:,} came; the rest: {_left(here)}.")
        say.now(f"{seen['messages']:,} of {people:,} at the carrier")
        time.sleep(_TICK)
    return float(seen["last"])


def _left(here: Rig) -> str:
    with here.ground.database.begin() as db:
        found = row(
            db,
            """SELECT string_agg(said, ', ') AS said FROM (SELECT state || ' ' || reason || ' '
               || count(*) AS said FROM messages GROUP BY state, reason) x""",
        )
    return str(found["said"]) if found else ""

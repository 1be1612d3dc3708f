"""`hub demo --once`: every story once without a browser, judged by what the simulators counted."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from hub.local.demo import oracle, pace, roads
from hub.local.demo.baskets import BASKETS
from hub.local.demo.errands import ERRANDS
from hub.local.demo.people import Resident
from hub.local.demo.scene import Scene
from hub.local.demo.scenes import SCENES
from hub.local.demo.town import Town
from hub.local.demo.waiting import wait_for
from hub.report.road import Road, Station
from hub.store.database import Row

STORIES = (*SCENES, *BASKETS, *ERRANDS)
_MOST_LINES = 6
_PATIENCE = 40.0  # seconds until everything that can come has come


@dataclass(frozen=True)
class Played:
    """A story that was played: for whom, about what, and what went wrong on the way."""

    scene: Scene
    person: Resident
    subject: str
    problem: str = ""


def run(town: Town, console: Console) -> bool:
    """Play, judge, measure; True when all is as it must be."""
    console.print(f"Playing {len(STORIES)} stories…")
    played = play(town)
    wrongs = judge(town, played)
    console.print(table(town, played))
    measured = pace.measure(town)
    console.print(pace.table(measured))
    wrongs += pace.wrongs(measured)
    for wrong in wrongs:
        console.print(f"✗ {wrong}", markup=False, style="red")
    if not wrongs:
        count = len(oracle.messages_of(town))
        console.print(f"✓ {count} messages, each exactly once; each result on its record, once.")
    return not wrongs


def judge(town: Town, played: Sequence[Played]) -> list[str]:
    """What is wrong once everything has come to rest."""
    quiet = wait_for(lambda: oracle.is_quiet(town), _PATIENCE)
    noise = [] if quiet else [f"The hub was not quiet after {_PATIENCE:.0f} s."]
    return noise + list(_wrongs(town, played))


def play(town: Town) -> list[Played]:
    """Every story: those that bend the shop or the carrier one by one, the others at once."""
    cast = [(scene, scene.cast(number)) for number, scene in enumerate(STORIES)]
    alone = [_play(town, scene, person) for scene, person in cast if scene.alone]
    with ThreadPoolExecutor(len(cast)) as stage:
        together = [stage.submit(_play, town, s, p) for s, p in cast if not s.alone]
        return alone + [one.result() for one in together]


def _play(town: Town, scene: Scene, person: Resident) -> Played:
    town.phones.handsets.behave(person.number, person.handset)
    try:
        subject = scene.play(town.acts, person)
    except Exception as error:  # whatever a connector's simulator raises is that story's problem
        return Played(scene, person, "", f"{type(error).__name__}: {error}")
    came = wait_for(lambda: _texts_came(town, scene, person), _PATIENCE)
    return Played(scene, person, subject, "" if came else "not every text came.")


def _texts_came(town: Town, scene: Scene, person: Resident) -> bool:
    return len(town.phones.inbox(person.number)) >= len(scene.texts)


def _wrongs(town: Town, played: Sequence[Played]) -> Iterator[str]:
    messages, told = oracle.messages_of(town), oracle.told_of(town)
    yield from oracle.wrongs_of_messages(town.phones, messages)
    yield from oracle.wrongs_of_notes(town.shop, told)
    yield from oracle.wrongs_of_records(town.street.others, told)
    for one in played:
        for wrong in _wrongs_of(town, one, told):
            yield f"{one.scene.title}: {wrong}"


def _wrongs_of(town: Town, one: Played, told: Sequence[Row]) -> Iterator[str]:
    if one.problem:
        yield one.problem
        return
    inbox, wanted = town.phones.inbox(one.person.number), one.scene.texts
    if len(inbox) != len(wanted) or any(w not in t for w, t in zip(wanted, inbox, strict=True)):
        yield f"the phone shows {len(inbox)} texts and should show {len(wanted)}: {inbox}"
    notes = dict(oracle.kinds_on(one.subject, told))
    if notes != dict(one.scene.notes):
        yield f"the order's notes are {notes} and should be {dict(one.scene.notes)}."
    refused = oracle.refusals(town, one.subject, one.person.number)
    for reason in one.scene.refusals:
        if reason not in refused:
            yield f"nothing was refused for «{reason}»; refused were {sorted(refused) or 'none'}."
    yield from one.scene.check(town, one.person)


def table(town: Town, played: Sequence[Played]) -> Table:
    """The roads as a table, one row each."""
    drawn = Table(title="Roads", pad_edge=False)
    drawn.add_column("What happened", max_width=20)
    drawn.add_column("What was decided, and why", ratio=1)
    drawn.add_column("State", no_wrap=True)
    drawn.add_column("Told", max_width=10)
    for one in played:
        drawn.add_section()
        title = one.scene.title
        for road in roads.about(town, [one.subject], one.person.number):
            drawn.add_row(title, escape(_decided(road)), road.state, _told(road))
            title = ""
    return drawn


def _decided(road: Road) -> str:
    """The text that went, or the sentence that says why none did."""
    text = dict(_station(road, "written").details).get("Text", "")
    stopped = next((s.sentence for s in road.stations if s.state == "stopped"), "")
    if text and not roads.replaced(road):
        return f"{road.title}\n«{_brief(text)}»"
    return f"{road.title}\n{stopped} {_station(road, 'instead').sentence}".rstrip()


def _brief(text: str) -> str:
    """A text as it is; of the many lines of a card or a carousel, the first ones."""
    lines = text.splitlines()
    kept = [f"{' / '.join(lines[:3])} …", *lines[-2:]] if len(lines) > _MOST_LINES else lines
    return "\n".join(kept)


def _told(road: Road) -> str:
    """The results that stand on the record."""
    found = _station(road, "told")
    kinds = [label for label, _ in found.details] if found.state == "done" else []
    return "\n".join(kind.replace("_", " ") for kind in kinds) or "—"


def _station(road: Road, name: str) -> Station:
    missing = Station("", "ahead", None, "")
    return next((s for s in road.stations if s.name == name), missing)

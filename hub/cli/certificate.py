"""The certificate of the connectors: each against each law of the kit, and the mutation run."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.table import Column, Table

from hub import registry
from hub.contract.kit.certify import certify
from hub.contract.kit.mutation import LEAST, Fate, hunt
from hub.contract.kit.planting import CannotPlant
from hub.contract.kit.score import Score, registered

Tell = Callable[[str], object]
_EVERY = 10
_WIDE, _FIRST, _GAP = 100, 20, 2  # characters: a line, the column of laws, between columns
_SPACE = " " * _GAP


def scores(folders: Sequence[Path], tell: Tell) -> tuple[Score, ...]:
    """Every connector's score, several at a time; `tell` hears of each as it comes."""
    found: list[Score] = []
    with ProcessPoolExecutor(_workers(), mp_context=get_context("spawn")) as pool:
        for folder, score in zip(folders, pool.map(_score, folders), strict=True):
            tell(f"{folder.name}: {score.passed} of {len(score.results)} laws kept.")
            found.append(score)
    return tuple(found)


def fates(folders: Sequence[Path], tell: Tell) -> tuple[Fate, ...]:
    """What became of every mutant; `tell` hears how far it is. Raises CannotPlant."""
    away: list[str] = []

    def hear(fate: Fate, done: int, count: int) -> None:
        if not fate.caught:
            away.append(fate.mutant)
            tell(f"{fate.slug}: «{fate.mutant}» got away. {fate.words}")
        if done % _EVERY == 0 or done == count:
            tell(f"Mutants: {done} of {count} tried, {done - len(away)} caught.")

    return hunt(folders, hear, _workers())


def print_scores(console: Console, found: Sequence[Score]) -> None:
    """Laws as rows, connectors as columns; the scores; then what is wrong, in words."""
    beside = _FIRST + sum(len(score.slug) + _GAP for score in found)
    (_print_beside if beside <= console.width else _print_stairs)(console, found)
    for score in found:
        for result in score.results:
            if not result.passed:
                console.print(f"{score.slug} {result.check.name}: {result.words}", markup=False)


def _print_beside(console: Console, found: Sequence[Score]) -> None:
    table = Table("law", *(score.slug for score in found), box=None, pad_edge=False)
    for law in registered():
        table.add_row(law.name, *(_mark(score, law.name) for score in found))
    table.add_row("score", *(f"{score.passed}/{len(score.results)}" for score in found))
    console.print(table, markup=False)


def _print_stairs(console: Console, found: Sequence[Score]) -> None:
    """Where the names do not fit beside each other: each stands on a stair above its column, and
    with its score below it."""
    lines = [" " * _FIRST + stair for stair in _stairs([score.slug for score in found])]
    for law in registered():
        marks = (_mark(score, law.name) for score in found)
        lines.append(f"{law.name:<{_FIRST}}{_SPACE.join(marks)}")
    lines += [" " * _FIRST + stair for stair in _stairs([str(score) for score in found])[::-1]]
    console.print("\n".join(lines), markup=False, highlight=False, soft_wrap=True)


def _stairs(names: Sequence[str]) -> list[str]:
    return [("│" + _SPACE) * at + name for at, name in enumerate(names)]


def print_fates(console: Console, found: Sequence[Fate]) -> bool:
    """One table per connector: mutant and the law that caught it. Whether all is as it must be."""
    kept = True
    for slug in dict.fromkeys(sorted(fate.slug for fate in found)):
        own = [fate for fate in found if fate.slug == slug]
        table = Table(slug, Column("caught by", overflow="fold"), box=None, pad_edge=False)
        for fate in own:
            table.add_row(fate.mutant, fate.law or f"nothing: {fate.words}")
        caught = sum(fate.caught for fate in own)
        console.print(table, markup=False)
        console.print(f"{slug}: {caught} of {len(own)} caught.\n", markup=False, highlight=False)
        if len(own) < LEAST:
            console.print(f"{slug} has fewer than {LEAST} mutants; add some to its mutants.py.")
        kept = kept and caught == len(own) >= LEAST
    return kept


def run(folders: Sequence[Path], mutants: bool, tell: Tell) -> bool:
    """Print the whole certificate; whether every law is kept and every mutant caught."""
    console = Console()
    console.width = max(console.width, _WIDE)
    tell(f"Trying {len(folders)} connectors against {len(registered())} laws.")
    found = scores(folders, tell)
    print_scores(console, found)
    full = all(score.full for score in found)
    if not mutants:
        return full
    tell("Planting faults; each must break a law.")
    try:
        return print_fates(console, fates(folders, tell)) and full
    except CannotPlant as error:
        tell(str(error))
        return False


def _mark(score: Score, law: str) -> str:
    passed = next((result.passed for result in score.results if result.check.name == law), None)
    return "–" if passed is None else "✓" if passed else "✗"


def _score(folder: Path) -> Score:
    return certify(registry.load(folder.parent).candidate(folder.name))


def _workers() -> int:
    return min(os.cpu_count() or 1, 8)

"""The mutation run: each fault is planted, and laws are tried until one of them fails."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path

from hub.contract.kit.bench import Candidate
from hub.contract.kit.certify import checks_for
from hub.contract.kit.clues import likeness
from hub.contract.kit.mutants import Mutant, Seeded
from hub.contract.kit.own_tests import failing_test
from hub.contract.kit.planting import CannotPlant, own_mutants, planted
from hub.contract.kit.score import Check, registered, try_check
from hub.contract.kit.seeded import seeded

LEAST = 12
# It is cheap, and catches most of what is wrong with reading.
_POTENT = "fixtures-parse"
_STATIC = frozenset({"files", "readme", "icon", "imports"})
_AWAY = "No law of the kit fails, and none of its own tests."


@dataclass(frozen=True)
class Fate:
    """What became of one mutant: the law that caught it (or the folder's own test, where no law
    could know), or in `words` how it got away."""

    slug: str
    mutant: str
    law: str = ""
    words: str = ""

    @property
    def caught(self) -> bool:
        """Whether some law failed."""
        return bool(self.law)


@dataclass
class Hunt:
    """All mutants of one folder, and how long each law takes here: cheap ones are tried first."""

    folder: Path
    spent: dict[str, float] = field(default_factory=dict)
    _planted: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def own(self) -> tuple[Mutant, ...]:
        """The folder's own mutants. Raises CannotPlant."""
        return own_mutants(self.folder)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every mutant: the general ones first, then the folder's own."""
        return (*(one.name for one in self._general), *(one.name for one in self.own))

    @cached_property
    def _general(self) -> tuple[Seeded, ...]:
        """Those whose laws are for this connector: some need a hand that its simulator lacks."""
        here = {law.name for law in checks_for(self._genuine)}
        found = seeded(self._genuine.connector)
        return tuple(one for one in found if not one.laws or here.intersection(one.laws))

    @cached_property
    def _genuine(self) -> Candidate:
        return self._planted.enter_context(planted(self.folder))

    def close(self) -> None:
        """Leave nothing of the folder behind in this process."""
        self._planted.close()

    def fate(self, at: int) -> Fate:
        """Plant mutant number `at` and hunt it. Never raises."""
        try:
            return self._fate(at)
        except CannotPlant as error:
            return Fate(self.folder.name, f"number {at + 1}", words=str(error))

    def _fate(self, at: int) -> Fate:
        general = len(self._general)
        if at < general:
            fault = self._general[at]
            faulty = replace(self._genuine, connector=fault.connector)
            return self._hunted(faulty, fault.name, fault.laws)
        mutant = self.own[at - general]
        if mutant.test:
            return self._tested(Fate(self.folder.name, mutant.name, words=_AWAY), at - general)
        try:
            with planted(self.folder, mutant) as faulty:
                hints = f"{mutant.name} {mutant.module} {mutant.attribute}"
                fate = self._hunted(faulty, mutant.name, (), hints)
            return fate if fate.caught else self._tested(fate, at - general)
        except CannotPlant as error:
            return Fate(self.folder.name, mutant.name, words=str(error))

    def _tested(self, fate: Fate, at: int) -> Fate:
        test = failing_test(self.folder, self.own[at], at)
        return replace(fate, law=test, words="One of its own tests fails.") if test else fate

    def _hunted(self, faulty: Candidate, name: str, laws: Sequence[str], hints: str = "") -> Fate:
        for law in self._ordered(laws, hints):
            if not law.applies(faulty):
                continue
            began = time.process_time()
            result = try_check(faulty, law)
            if not result.passed:
                return Fate(faulty.slug, name, law.name, result.words)
            # A law that passes has been gone through whole: that is what it costs.
            self.spent[law.name] = time.process_time() - began
        return Fate(faulty.slug, name, words=_AWAY)

    def _ordered(self, laws: Sequence[str], hints: str) -> list[Check]:
        """Those named first, then their kin, then by what the mutant's words point to. What only
        reads files, which no mutant changes, comes last."""
        kin = {name.partition("-")[0] for name in laws}

        def rank(law: Check) -> tuple[int, bool, bool, bool, int, float]:
            named = laws.index(law.name) if law.name in laws else len(laws)
            akin = law.name.partition("-")[0] in kin
            first = law.name == _POTENT and bool(hints)
            cost = self.spent.get(law.name, 0.02)
            static = law.name in _STATIC
            return named, static, not akin, not first, -likeness(law.name, hints), cost

        return sorted(registered(), key=rank)


def hunt(
    folders: Sequence[Path], tell: Callable[[Fate, int, int], object], workers: int = 2
) -> tuple[Fate, ...]:
    """The fate of every mutant of these folders; `tell(fate, done, all)` hears each as it comes.

    Processes of their own: a mutant that breaks something global breaks it for nobody else.
    """
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        asked: list[Future[Fate]] = []
        for folder in folders:
            asked += [pool.submit(_fate, folder, at) for at in range(len(_hunt(folder).names))]
        for done, future in enumerate(as_completed(asked), 1):
            tell(future.result(), done, len(asked))
    return tuple(future.result() for future in asked)


_hunts: dict[Path, Hunt] = {}


def _hunt(folder: Path) -> Hunt:
    return _hunts.setdefault(folder, Hunt(folder))


def _fate(folder: Path, at: int) -> Fate:
    return _hunt(folder).fate(at)

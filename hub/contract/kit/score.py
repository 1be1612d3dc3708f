"""The register of checks, and the score a connector gets when they run."""

from collections.abc import Callable
from dataclasses import dataclass

from hub.contract.errors import ConnectorError
from hub.contract.kit.bench import Bench, Candidate, on_bench
from hub.contract.outbound import to_simulators

Condition = Callable[[Candidate], object]


@dataclass(frozen=True)
class Check:
    """One law a connector must keep: a name for ids, a sentence for people."""

    name: str
    title: str
    applies: Condition
    run: Callable[[Bench], None]


@dataclass(frozen=True)
class Result:
    """How one check went; `words` say what was wrong, and are empty when nothing was."""

    check: Check
    words: str

    @property
    def passed(self) -> bool:
        """Whether the connector keeps this law."""
        return not self.words


@dataclass(frozen=True)
class Score:
    """All results of one connector."""

    slug: str
    results: tuple[Result, ...]

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(result.passed for result in self.results)

    @property
    def full(self) -> bool:
        """Whether every check passed."""
        return self.passed == len(self.results)

    def __str__(self) -> str:
        return f"{self.slug} {self.passed}/{len(self.results)}"


_register: list[Check] = []


def always(_: Candidate) -> bool:
    """For every connector."""
    return True


def check(
    name: str, title: str, needs: Condition = always
) -> Callable[[Callable[[Bench], None]], Callable[[Bench], None]]:
    """Register a check; `needs` says which connectors it is for."""

    def add(run: Callable[[Bench], None]) -> Callable[[Bench], None]:
        _register.append(Check(name, title, needs, run))
        return run

    return add


def registered() -> tuple[Check, ...]:
    """Every check, in the order of their files."""
    return tuple(_register)


def try_check(candidate: Candidate, one: Check) -> Result:
    """Run one check on a bench of its own. Never raises: what went wrong is in the words."""
    to_simulators()
    try:
        with on_bench(candidate) as bench:
            one.run(bench)
    except AssertionError as error:
        return Result(one, str(error) or "It failed without a word.")
    except ConnectorError as error:
        return Result(one, f"{type(error).__name__} was raised where nothing was wrong: {error}")
    except Exception as error:  # a connector may raise anything, and the score must still be told
        return Result(one, f"{type(error).__name__} was raised: {str(error)[:200]}")
    return Result(one, "")

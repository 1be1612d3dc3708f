"""The battery: which checks a connector must pass, and its score."""

from collections.abc import Callable

from hub.contract.kit import checks as checks  # importing the checks registers them
from hub.contract.kit.bench import Candidate
from hub.contract.kit.score import Check, Result, Score, registered, try_check


def checks_for(candidate: Candidate) -> tuple[Check, ...]:
    """The checks that apply to this connector, in order."""
    return tuple(one for one in registered() if one.applies(candidate))


def certify(candidate: Candidate, tell: Callable[[Result], object] = lambda _: None) -> Score:
    """Run every check that applies; `tell` hears each result as it comes."""
    results = []
    for one in checks_for(candidate):
        results.append(try_check(candidate, one))
        tell(results[-1])
    return Score(candidate.slug, tuple(results))

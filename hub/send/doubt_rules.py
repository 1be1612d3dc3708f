"""What is done about one uncertain send, by what its carrier can prove: pure, and the only place
that decides it."""

from collections.abc import Mapping
from dataclasses import dataclass

AUTOMATIC = 900.0  # seconds: by then what can be settled by itself is
LAST = 72 * 3600.0  # and by then a carrier that never answers is asked no more
BETWEEN_LOOKUPS = 60.0  # less where the carrier's own delay is less

FINAL: Mapping[str, str] = {
    "receipt": "no receipt came in a quarter of an hour",
    "nothing": "this carrier cannot say whether it has it",
    "list": "the carrier's list does not show it, which is no proof",
    "twins": "the carrier's list shows several messages like it",
    "unasked": "the carrier could not be asked for three days",
    "unsent": "the carrier never had it, and marketing is not sent again by itself",
}
_SETTLE = "Settle it by hand: hub uncertain."


@dataclass(frozen=True)
class Doubt:
    """One uncertain send: `age` in seconds since its attempt began, `settle` how long a miss is not
    believed, `lookups` the misses that count, `resend_after` the automation's policy, if any."""

    age: float
    settle: float
    lookups: int = 0
    marketing: bool = False
    resend_after: float | None = None


@dataclass(frozen=True)
class Step:
    """`do`: wait (so many seconds), unsent (proven: it goes again), resend (as a new message, by
    the automation's policy) or final (`why`, a key of FINAL)."""

    do: str
    wait: float = 0.0
    lookups: int = 0
    why: str = ""


def after_miss(doubt: Doubt) -> Step:
    """A carrier that is asked by reference does not know it: believed the second time."""
    early = _too_early(doubt)
    if early is not None:
        return early
    return Step("final", why="unsent") if doubt.marketing else Step("unsent")


def after_list(doubt: Doubt, alike: int) -> Step:
    """So many messages like it in the carrier's list, not exactly one. None, twice, is no proof
    either: only the policy may send it again."""
    if alike:
        return Step("final", why="twins")
    return _too_early(doubt) or _by_policy(doubt, 0.0, "list")


def after_silence(doubt: Doubt, receipts: bool) -> Step:
    """A carrier that cannot be asked: its receipt is waited for, where it sends any."""
    if not receipts:
        return _by_policy(doubt, 0.0, "nothing")
    if doubt.age < AUTOMATIC:
        return Step("wait", AUTOMATIC - doubt.age)
    return _by_policy(doubt, AUTOMATIC, "receipt")


def after_failure(doubt: Doubt) -> Step:
    """The carrier could be asked, and did not answer."""
    policy = _by_policy(doubt, AUTOMATIC, "unasked")
    if policy.do == "resend" or doubt.age >= LAST:
        return policy
    wait = min(doubt.settle, BETWEEN_LOOKUPS) if doubt.age < AUTOMATIC else doubt.age / 10
    return Step("wait", min(wait, 3600.0), doubt.lookups)


def sentence_of(why: str) -> str:
    """What a person reads of a doubt that is final."""
    return f"Uncertain: {FINAL[why]}. It may have reached the phone. {_SETTLE}"


def _too_early(doubt: Doubt) -> Step | None:
    """A miss counts once it is late enough, and a second one must be far enough from it."""
    if doubt.age < doubt.settle:
        return Step("wait", doubt.settle - doubt.age)
    if doubt.lookups == 0:
        return Step("wait", min(BETWEEN_LOOKUPS, doubt.settle), 1)
    return None


def _by_policy(doubt: Doubt, least: float, why: str) -> Step:
    """Sent again where the automation says so, not before `least` seconds; else a person's."""
    if doubt.resend_after is None or doubt.marketing:
        return Step("final", why=why)
    left = max(doubt.resend_after, least) - doubt.age
    return Step("wait", left, doubt.lookups) if left > 0 else Step("resend")

"""Which carriers a check is for."""

from hub.contract.kit.bench import Candidate
from hub.contract.kit.checks.conditions import has_carrier


def has_find(candidate: Candidate) -> bool:
    """It can be asked for a message by our reference."""
    carrier = candidate.connector.carrier
    return carrier is not None and carrier.find is not None


def can_be_asked(candidate: Candidate) -> bool:
    """It can be asked what became of a message whose answer was lost."""
    carrier = candidate.connector.carrier
    return carrier is not None and (carrier.find is not None or carrier.listed is not None)


def has_listed(candidate: Candidate) -> bool:
    """It lists what was sent to a number."""
    carrier = candidate.connector.carrier
    return carrier is not None and carrier.listed is not None


def has_counted(candidate: Candidate) -> bool:
    """It counts what was sent on a day."""
    carrier = candidate.connector.carrier
    return carrier is not None and carrier.counted is not None


def has_handsets(candidate: Candidate) -> bool:
    """It is a carrier whose simulator has phones of every kind: `handsets`."""
    return has_carrier(candidate) and hasattr(candidate.simulate(), "handsets")


def has_rcs(candidate: Candidate) -> bool:
    """It carries RCS, and its simulator says what a phone shows: `shown(reference)`."""
    carrier = candidate.connector.carrier
    rcs = carrier is not None and "rcs" in carrier.channels
    return rcs and has_handsets(candidate) and hasattr(candidate.simulate(), "shown")


def has_replay(candidate: Candidate) -> bool:
    """It says that the same reference may be sent again."""
    carrier = candidate.connector.carrier
    return carrier is not None and carrier.replay_within is not None


def has_greet(candidate: Candidate) -> bool:
    """Its vendor tries the callback's address first, and so does its simulator: `greeting()`."""
    carrier = candidate.connector.carrier
    greets = carrier is not None and carrier.greet is not None
    return greets and hasattr(candidate.simulate(), "greeting")


def has_answer(candidate: Candidate) -> bool:
    """Its vendor must read more than an empty 200."""
    carrier = candidate.connector.carrier
    return carrier is not None and carrier.answer is not None


def has_reach(candidate: Candidate) -> bool:
    """It can be asked which phones RCS reaches."""
    carrier = candidate.connector.carrier
    return has_rcs(candidate) and carrier is not None and carrier.reach is not None


def has_revoke(candidate: Candidate) -> bool:
    """It can take an RCS message back."""
    carrier = candidate.connector.carrier
    return has_rcs(candidate) and carrier is not None and carrier.revoke is not None


def has_rcs_find(candidate: Candidate) -> bool:
    """It can be asked for an RCS message by our reference."""
    return has_rcs(candidate) and has_find(candidate)


def has_both(candidate: Candidate) -> bool:
    """It carries RCS and SMS."""
    carrier = candidate.connector.carrier
    return has_rcs(candidate) and carrier is not None and "sms" in carrier.channels


def tells_blocks(candidate: Candidate) -> bool:
    """Its vendor tells of people who opted out there, as most do: see `unsupported`."""
    silent = getattr(candidate.simulate(), "unsupported", ())
    return has_handsets(candidate) and "blocks" not in silent

"""Which connectors a check is for."""

from hub.contract import Keys
from hub.contract.kit.bench import Candidate, accepts, doors


def has_webhook(candidate: Candidate) -> bool:
    """It receives events."""
    return candidate.connector.webhook is not None


def has_door(candidate: Candidate) -> bool:
    """It receives anything: events, receipts, replies."""
    return has_webhook(candidate) or has_carrier(candidate)


def has_signature(candidate: Candidate) -> bool:
    """Its deliveries are signed: every webhook's are, not every carrier's.

    A carrier that signs nothing is guarded by its unguessable address, which is the hub's to check.
    """
    if has_webhook(candidate):
        return True
    simulator = candidate.simulate()
    found = doors(candidate.connector, simulator.settings("http://127.0.0.1"))
    return any(not accepts(d, r, {}) for d in found for r in simulator.deliveries())


def can_sign(candidate: Candidate) -> bool:
    """Its simulator signs any body: `sign(body)`."""
    return has_door(candidate) and hasattr(candidate.simulate(), "sign")


def has_grant(candidate: Candidate) -> bool:
    """The vendor has a consent page that hands out keys."""
    ways = candidate.connector.ways.values()
    return any(isinstance(way, Keys) and way.grant is not None for way in ways)


def has_subscriptions(candidate: Candidate) -> bool:
    """The hub makes the vendor's subscriptions itself."""
    hook = candidate.connector.webhook
    return hook is not None and hook.subscribe is not None


def has_poll(candidate: Candidate) -> bool:
    """It can be asked what changed."""
    return candidate.connector.poll is not None


def has_target(candidate: Candidate) -> bool:
    """Outcomes can be written to it."""
    return candidate.connector.target is not None


def has_carrier(candidate: Candidate) -> bool:
    """It carries messages."""
    return candidate.connector.carrier is not None


def has_find(candidate: Candidate) -> bool:
    """It can be asked for a message by our reference."""
    carrier = candidate.connector.carrier
    return carrier is not None and carrier.find is not None

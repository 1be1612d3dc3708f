"""Which connectors a check is for."""

from hub.contract import Exchange, Keys, OAuth2, Request
from hub.contract.kit.bench import Candidate, accepts, doors

_SIGNED = ("signature", "hmac", "digest")


def has_webhook(candidate: Candidate) -> bool:
    """It receives events."""
    return candidate.connector.webhook is not None


def has_source(candidate: Candidate) -> bool:
    """Events come from it: told, polled, or asked for by a workflow."""
    return has_webhook(candidate) or has_poll(candidate) or has_actions(candidate)


def has_actions(candidate: Candidate) -> bool:
    """Its vendor's workflows can ask for messages."""
    return bool(candidate.connector.actions)


def can_be_read(candidate: Candidate) -> bool:
    """Something of it is read, come how it may."""
    return has_door(candidate) or has_source(candidate)


def has_door(candidate: Candidate) -> bool:
    """It receives anything: events, a workflow's calls, receipts, replies."""
    return has_webhook(candidate) or has_actions(candidate) or has_carrier(candidate)


def has_signature(candidate: Candidate) -> bool:
    """Its deliveries prove where they come from: every webhook's do, not every carrier's.

    A carrier that signs nothing is guarded by its unguessable address, which is the hub's to check.
    """
    if has_webhook(candidate) or has_actions(candidate):
        return True
    simulator = candidate.simulate()
    found = doors(candidate.connector, simulator.settings("http://127.0.0.1"))
    return any(not accepts(d, r, {}) for d in found for r in simulator.deliveries())


def signs_bodies(candidate: Candidate) -> bool:
    """Its vendor signs what it sends, as far as the simulator's deliveries show."""
    return has_signature(candidate) and any(is_signed(r) for r in told_by(candidate))


def is_signed(request: Request) -> bool:
    """Whether it promises that its body is the vendor's: a header that is named for it.

    Not so a doorbell, nor a vendor whose only proof is a key in a header or in the address.
    """
    return any(word in name for name in request.headers for word in _SIGNED)


def told_by(candidate: Candidate) -> list[Request]:
    """What its simulator sends: deliveries, and a workflow's calls."""
    simulator = candidate.simulate()
    made = getattr(simulator, "executions", None)
    calls = made(1) if made and candidate.connector.actions else ()
    return [*simulator.deliveries(), *(request for _, request in calls)]


def has_window(candidate: Candidate) -> bool:
    """Its deliveries say when they were sent, in a header named for it."""
    return has_signature(candidate) and any(
        "timestamp" in name for r in told_by(candidate) for name in r.headers
    )


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


def has_enrich(candidate: Candidate) -> bool:
    """Its events are thin and are fetched."""
    return candidate.connector.enrich is not None


def has_accounts(candidate: Candidate) -> bool:
    """Its vendor delivers for all accounts of an app to one address."""
    connector = candidate.connector
    parts = [connector.webhook, *connector.actions.values()]
    return any(part is not None and part.accounts_of is not None for part in parts)


def has_executions(candidate: Candidate) -> bool:
    """Its simulator makes a workflow's calls: `executions(count)`."""
    return has_actions(candidate) and hasattr(candidate.simulate(), "executions")


def has_completions(candidate: Candidate) -> bool:
    """A step of its workflows waits to be told, and its simulator has such steps."""
    waits = any(action.complete for action in candidate.connector.actions.values())
    return waits and has_executions(candidate)


def has_questions(candidate: Candidate) -> bool:
    """Those who design a workflow can ask it."""
    return bool(candidate.connector.questions)


def has_tokens(candidate: Candidate) -> bool:
    """The hub signs in for it, and its simulator has the server for that: `sign_in`."""
    ways = candidate.connector.ways.values()
    signs_in = any(isinstance(way, OAuth2 | Exchange) for way in ways)
    return signs_in and hasattr(candidate.simulate(), "sign_in")


def has_exchange(candidate: Candidate) -> bool:
    """Keys are exchanged for its tokens, and its simulator says what is typed: `typed(way)`."""
    ways = candidate.connector.ways.values()
    exchanges = any(isinstance(way, Exchange) for way in ways)
    return exchanges and has_tokens(candidate) and hasattr(candidate.simulate(), "typed")


def has_scopes(candidate: Candidate) -> bool:
    """Its simulator can take a scope away: `forbid(scope)`."""
    ways = candidate.connector.ways.values()
    scopes = any(isinstance(way, OAuth2) and way.scopes for way in ways)
    return scopes and hasattr(candidate.simulate(), "forbid")


def has_coupons(candidate: Candidate) -> bool:
    """Its vendor honours codes at a till."""
    return candidate.connector.coupons is not None


def has_audience(candidate: Candidate) -> bool:
    """It has lists of people."""
    return candidate.connector.audience is not None


def has_looks(candidate: Candidate) -> bool:
    """It shows what its settings would read, or what they can be."""
    connector = candidate.connector
    return connector.preview is not None or connector.options is not None


def can_echo(candidate: Candidate) -> bool:
    """What is written to it may come back from it."""
    return has_target(candidate) and (has_poll(candidate) or has_subscriptions(candidate))


def takes_many(candidate: Candidate) -> bool:
    """It says that it takes a hundred outcomes at once."""
    target = candidate.connector.target
    return target is not None and target.batch_size >= 100


def counts_leftovers(candidate: Candidate) -> bool:
    """Its simulator says what of ours still stands there: `leftovers()`."""
    return has_subscriptions(candidate) and hasattr(candidate.simulate(), "leftovers")


def has_poll(candidate: Candidate) -> bool:
    """It can be asked what changed."""
    return candidate.connector.poll is not None


def has_target(candidate: Candidate) -> bool:
    """Outcomes can be written to it."""
    return candidate.connector.target is not None


def has_carrier(candidate: Candidate) -> bool:
    """It carries messages."""
    return candidate.connector.carrier is not None

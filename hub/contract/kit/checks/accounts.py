"""One address for all accounts of an app: each delivery is told apart, and read by its own only."""

from collections.abc import Callable, Sequence

from hub.contract import Request
from hub.contract.kit.bench import Bench, Door, insist
from hub.contract.kit.checks.conditions import has_accounts
from hub.contract.kit.checks.junk import BODIES
from hub.contract.kit.doors import doors
from hub.contract.kit.score import check
from hub.contract.kit.sealing import sealed

_ANOTHER = "987654321987"


@check("accounts", "A delivery names its accounts, and another account reads nothing", has_accounts)
def accounts(bench: Bench) -> None:
    """Else a merchant's people would be texted by another merchant."""
    mine = bench.account
    insist(mine, "check gives no Account.id to tell the accounts of an app apart.")
    for door, request in bench.genuine():
        accounts_of = _accounts_of(bench, door)
        if accounts_of is None:
            continue
        with sealed():
            named = list(accounts_of(request))
        insist(mine in named, f"The {door.name}'s delivery does not name the account it is for.")
        _check_junk(door, request, accounts_of)
        theirs = _events(bench, door, request, _ANOTHER)
        insist(not theirs, f"The {door.name} reads another account's delivery as its own.")
        own, unknown = (_events(bench, door, request, one) for one in (mine, ""))
        insist(own <= unknown, f"The {door.name} reads less where its account is not known.")


def _accounts_of(bench: Bench, door: Door) -> Callable[[Request], Sequence[str]] | None:
    part = bench.connector.actions.get(door.ending) if door.ending else bench.connector.webhook
    return part.accounts_of if part and door.name != "carrier" else None


def _check_junk(
    door: Door, request: Request, accounts_of: Callable[[Request], Sequence[str]]
) -> None:
    for body in BODIES:
        junk = Request(request.method, request.headers, body, request.query, request.path)
        try:
            named = accounts_of(junk)
        except ValueError:
            continue  # told in words: the hub then keeps nothing
        except Exception as error:
            kind = type(error).__name__
            raise AssertionError(f"The {door.name} met {body[:20]!r} with {kind}.") from error
        texts = all(isinstance(one, str) for one in named)
        insist(texts, f"The {door.name} names accounts that are no texts.")


def _events(bench: Bench, door: Door, request: Request, account: str) -> set[str]:
    settings = {**bench.settings, "account": account}
    same = next(d for d in doors(bench.connector, settings) if d.name == door.name)
    said = same.read(request)
    return {event.key for event in said} if isinstance(said, list | tuple) else set()

"""The ways into a connector: how what comes there is verified, named and read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from hub.contract import Connector
from hub.contract.errors import Rejected
from hub.contract.request import RECEIVED_AT, Request
from hub.contract.values import utc_now

Secrets = Mapping[str, str]


@dataclass(frozen=True)
class Door:
    """One way in: how its requests are verified, named and read."""

    name: str
    verify: Callable[[Request, Secrets], None]
    dedupe: Callable[[Request], str]
    read: Callable[[Request], Any]
    ending: str = ""  # an action's own part of the address

    def is_at(self, request: Request) -> bool:
        """Whether the request was sent to this very door, as far as its address tells."""
        path = urlsplit(request.url).path or request.path
        return bool(self.ending) and path.rpartition("/")[2] == self.ending


def at_their_address(found: Sequence[Door], request: Request) -> Sequence[Door]:
    """The action called, where the address names one; else the doors without a name."""
    named = [door for door in found if door.is_at(request)]
    return named or [door for door in found if not door.ending] or found


def doors(connector: Connector, settings: Mapping[str, str]) -> tuple[Door, ...]:
    """The ways into a connector; each verify is given the settings with the secrets."""
    found = []
    for name, door in (("", connector.webhook), *connector.actions.items()):
        if door is not None:
            verify = _with_settings(door.verify, settings)
            read = partial(_read, door.parse, settings)
            found.append(
                Door(f"action «{name}»" if name else "webhook", verify, door.dedupe, read, name)
            )
    if connector.carrier:
        carrier = connector.carrier
        found.append(
            Door(
                "carrier",
                _with_settings(carrier.verify, settings),
                carrier.dedupe,
                lambda request: (carrier.receipts(request), carrier.replies(request)),
            )
        )
    return tuple(found)


def _with_settings(
    verify: Callable[[Request, Secrets], None], settings: Mapping[str, str]
) -> Callable[[Request, Secrets], None]:
    return lambda request, secrets: verify(request, {**settings, **secrets})


def _read(parse: Callable[..., Any], settings: Mapping[str, str], request: Request) -> Any:
    return parse(request, settings)


def accepts(door: Door, request: Request, secrets: Secrets) -> bool:
    """Whether the door takes this request; nothing but Rejected may be raised."""
    try:
        door.verify(stamped(request), secrets)
    except Rejected:
        return False
    except Exception as error:
        kind = type(error).__name__
        raise AssertionError(f"verify raised {kind}; it may raise Rejected only.") from error
    return True


def stamped(request: Request) -> Request:
    """The request with the hub's time of receipt, now unless it says another."""
    headers = {RECEIVED_AT: utc_now().isoformat(), **request.headers}
    return replace(request, headers=headers)

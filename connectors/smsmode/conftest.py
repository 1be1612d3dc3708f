"""A simulator on a socket, and connections to it and to anything else that answers HTTP."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hub.contract import Context
from hub.contract.kit.simulator import Served, serve

from .simulated.parties import Hub
from .simulator import Simulator


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A fresh smsmode, silent once the test is over."""
    made = Simulator()
    yield made
    made.courier.stop()


@pytest.fixture
def serving() -> Iterator[Callable[[Any], Served]]:
    """Puts vendors and hubs on sockets, and takes them off after the test."""
    served: list[Served] = []

    def start(vendor: Any) -> Served:
        served.append(serve(vendor))
        return served[-1]

    yield start
    for one in served:
        one.stop()


@pytest.fixture
def connect(serving: Callable[[Any], Served]) -> Callable[..., Context]:
    """A connection to a vendor: `connect(vendor, deadline=…, hook_url=…)`."""

    def make(vendor: Any, **more: Any) -> Context:
        settings = {"base_url": serving(vendor).url} | more.pop("settings", {})
        secrets = more.pop("secrets", {"api_key": Simulator().api_key})
        return Context(settings, secrets, **{"deadline": 5.0, **more})

    return make


@pytest.fixture
def hub() -> Hub:
    """What smsmode calls back."""
    return Hub()


@pytest.fixture
def ctx(
    simulator: Simulator,
    hub: Hub,
    serving: Callable[[Any], Served],
    connect: Callable[..., Context],
) -> Context:
    """A connection to the simulator, with a hub that hears its callbacks."""
    return connect(simulator, hook_url=f"{serving(hub).url}/hooks/smsmode/k1")

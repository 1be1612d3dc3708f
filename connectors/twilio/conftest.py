"""Twilio on a socket, connections to it and to anything else that answers HTTP, and an ear."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from hub.contract import Context
from hub.contract.kit.ear import Ear
from hub.contract.kit.simulator import serve

from . import sending
from .contents import Library
from .simulator import Simulator

Connect = Callable[..., Context]


@pytest.fixture(autouse=True)
def _no_template_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test meets a Twilio of its own."""
    monkeypatch.setattr(sending, "library", Library())


@pytest.fixture
def connect() -> Iterator[Connect]:
    """`connect(vendor, deadline=…, **settings)`: a connection to whatever answers HTTP."""
    with ExitStack() as open_ones:

        def make(vendor: Any, deadline: float = 5.0, **settings: str) -> Context:
            url = open_ones.enter_context(serve(vendor)).url
            twilio = vendor if isinstance(vendor, Simulator) else Simulator()
            chosen = twilio.settings(url) | settings
            return Context(chosen, twilio.secrets(), deadline=deadline)

        yield make


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """A fresh Twilio, silent once the test is over."""
    made = Simulator()
    yield made
    made.courier.stop()


@pytest.fixture
def ear() -> Ear:
    """What Twilio calls back."""
    return Ear()


@pytest.fixture
def ctx(simulator: Simulator, ear: Ear, connect: Connect) -> Iterator[Context]:
    """A connection to the simulator, with an ear for its callbacks."""
    with serve(ear) as hub:
        yield replace(connect(simulator), hook_url=f"{hub.url}/hooks/twilio/k1")
        simulator.courier.stop()

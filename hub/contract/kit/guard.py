"""The pytest plugin that keeps every test on this machine: `-p hub.contract.kit.guard`."""

from collections.abc import Generator

import pytest

from hub.contract import outbound
from hub.contract.kit import sealing


def pytest_configure() -> None:
    """Close the doors before the first test module is imported."""
    sealing.keep_to_loopback()
    outbound.to_simulators()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Fail a test that tried to leave, even where its code swallowed the error."""
    sealing.attempts()
    outcome = yield
    met = sealing.attempts()
    if met:
        raise sealing.LeftTheMachine(met[0])
    return outcome

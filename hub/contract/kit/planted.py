"""The pytest plugin that plants one mutant before a connector's own tests are read:
`-p hub.contract.kit.planted`, told in the environment which (`RELAIS_MUTANT`: folder, number)."""

import os
from pathlib import Path

import pytest

from hub.contract.kit.planting import own_mutants, plant_for_good

NAMED = "RELAIS_MUTANT"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Plant it before any conftest imports the connector; whoever does so then gets the fault."""
    folder, _, at = os.environ[NAMED].rpartition(":")
    plant_for_good(Path(folder), own_mutants(Path(folder))[int(at)])

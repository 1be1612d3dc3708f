"""Every fault seeded in every connector is caught by some law of the kit."""

from contextlib import closing
from pathlib import Path

import pytest

from hub.contract.kit.mutation import LEAST, Hunt

ROOT = Path(__file__).parents[1] / "connectors"
FOLDERS = sorted(path.parent for path in ROOT.glob("*/__init__.py"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_seeded_fault_of_the_connector_is_caught(folder):
    with closing(Hunt(folder)) as hunt:
        fates = [hunt.fate(at) for at in range(len(hunt.names))]
    away = [f"{fate.mutant}: {fate.words}" for fate in fates if not fate.caught]
    assert not away
    assert len(fates) >= LEAST

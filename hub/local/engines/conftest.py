"""Data folders for the tests of the engines."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder with its database made: that takes a second, and 80 MB."""
    yield from _vanishing(tmp_path_factory.mktemp("shared") / "data")


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Path]:
    """A data folder that does not exist yet."""
    yield from _vanishing(tmp_path / "data")


def _vanishing(data: Path) -> Iterator[Path]:
    yield data
    shutil.rmtree(data.parent, ignore_errors=True)

"""The street stands although a neighbour does not."""

import shutil

import pytest

from hub import registry
from hub.local.cast import CAST
from hub.local.demo.acts import Acts, NotOpen
from hub.local.demo.street import OTHERS, open_street


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A shelf of connectors with one missing and one broken."""
    for part in ("shop", "phones", "calendar", "sheet"):
        shutil.copytree(registry.connectors_root() / CAST[part], tmp_path / CAST[part])
    broken = tmp_path / CAST["sales"]
    broken.mkdir()
    (broken / "__init__.py").write_text("raise OSError('out of paper')")
    monkeypatch.setenv("HUB_CONNECTORS", str(tmp_path))


def test_every_neighbour_stands_on_a_socket():
    with open_street() as street:
        assert tuple(street.others) == OTHERS
        assert all(one.url.startswith("http://127.0.0.1:") for one in street.others.values())


def test_a_missing_and_a_broken_connector_leave_the_others_standing(shelf):
    with open_street() as street:
        found = {part: one.problem for part, one in street.others.items()}
        assert "There is no connector" in found["crm"]
        assert "out of paper" in found["sales"]
        assert not found["calendar"]
        assert not found["sheet"]
        assert street.flush(5)


def test_what_is_asked_of_a_system_that_is_not_there_says_why(shelf):
    with open_street() as street, pytest.raises(NotOpen, match="There is no connector"):
        assert Acts.on(street).crm

"""One town for all the tests of a file that want a whole one: its start takes seconds."""

from collections.abc import Iterator

import pytest

from hub.local.demo.town import Town, open_town


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    """The town, as `hub demo` opens it."""
    with open_town(print, lease=13.0, carrier_deadline=4.0) as opened:
        yield opened

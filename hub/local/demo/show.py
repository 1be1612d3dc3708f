"""The three ways to see the town: played once, put to the test by kills, or on a page."""

from pathlib import Path

from rich.console import Console

from hub.local.demo import kills as test
from hub.local.demo import once as play
from hub.local.demo.town import open_town
from hub.local.demo.waiting import NeverCame
from hub.local.engines import EngineError, FolderInUse
from hub.local.supervise import CannotStart
from hub.registry import NoSuchConnector

PROBLEMS = (CannotStart, EngineError, FolderInUse, NeverCame, NoSuchConnector)


def once(console: Console, data: Path | None) -> bool:
    """Every story once; True when all is as it must be."""
    with open_town(console.print, data) as town:
        return play.run(town, console)


def kills(console: Console, data: Path | None, count: int, orders: int, seed: int | None) -> bool:
    """Orders while the hub is being killed; True when every one is right in the end."""
    with open_town(console.print, data, lease=13.0, carrier_deadline=4.0) as town:
        return test.run(town, console, count, orders, seed)

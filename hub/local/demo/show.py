"""The three ways to see the town: played once, put to the test by kills, or on a page."""

import os
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from werkzeug.serving import WSGIRequestHandler, make_server

from hub.local.demo import kills as ordeal
from hub.local.demo import once as stories
from hub.local.demo.page import build
from hub.local.demo.town import FolderTaken, Town, open_town
from hub.local.demo.waiting import NeverCame
from hub.local.engines import EngineError, FolderInUse
from hub.local.engines.ports import is_free
from hub.local.supervise import CannotStart
from hub.registry import NoSuchConnector


class PortTaken(RuntimeError):
    """Another program listens where the page should be; the words say what to do."""


PROBLEMS = (
    CannotStart,
    EngineError,
    FolderInUse,
    FolderTaken,
    NeverCame,
    NoSuchConnector,
    PortTaken,
)


def _plainly(console: Console) -> Callable[[str], None]:
    """Lines as they are: not wrapped, no mark-up, no colours for numbers."""
    return partial(console.print, soft_wrap=True, markup=False, highlight=False)


def once(console: Console, data: Path | None) -> bool:
    """Every story once; True when all is as it must be."""
    with open_town(_plainly(console), data) as town:
        return stories.run(town, console)


def kills(console: Console, data: Path | None, count: int, orders: int, seed: int | None) -> bool:
    """Orders while the hub is being killed; True when every one is right in the end."""
    with open_town(_plainly(console), data, lease=13.0, carrier_deadline=4.0) as town:
        return ordeal.run(town, console, count, orders, seed)


def page(console: Console, data: Path | None, port: int, *, opens: bool) -> bool:
    """The town on a page at /demo, until somebody stops it. Raises PortTaken."""
    if port and not is_free(port):
        raise PortTaken(f"Another program listens on port {port}. Name another, or none.")
    with open_town(_plainly(console), data) as town, serving(town, port) as address:
        console.print(f"The page is at {address}. Ctrl-C ends the town.", soft_wrap=True)
        if opens and _has_a_screen():
            webbrowser.open(address)
        with suppress(KeyboardInterrupt):
            _watch(town, console)
        console.print("Closing the town…")
    return True


def _watch(town: Town, console: Console) -> None:
    while True:
        time.sleep(0.5)
        while town.restarts:
            console.print(f"{town.restarts.pop(0)} had stopped and was started again.")
        while town.trouble:
            console.print(town.trouble.pop(0), markup=False)


@contextmanager
def serving(town: Town, port: int = 0) -> Iterator[str]:
    """The page on loopback, as long as the block runs; its address."""
    server = make_server("127.0.0.1", port, build(town), threaded=True, request_handler=_Quiet)
    serve = threading.Thread(target=server.serve_forever, args=(0.05,), name="page", daemon=True)
    serve.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/demo"
    finally:
        server.shutdown()
        serve.join(timeout=5)
        server.server_close()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: the page asks each second."""


def _has_a_screen() -> bool:
    shown = sys.platform == "darwin" or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return shown and sys.stdout.isatty() and "CI" not in os.environ

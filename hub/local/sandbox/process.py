"""The process: serves the towns until it is told to stop, or nobody has wanted it for a while."""

import json
import os
import threading
import time

from werkzeug.serving import WSGIRequestHandler, make_server

from hub.config import Settings
from hub.local.sandbox.door import Door
from hub.local.sandbox.towns import Towns
from hub.registry import Registry
from hub.store.ground import Ground
from hub.work.liveness import Proof

UNWANTED = 900.0  # seconds without any town
_GLANCE = 1.0


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing: the hub's pages ask every second."""


def serve(ground: Ground, found: Registry, proof: Proof, stop: threading.Event) -> None:
    """Until `stop`, or until nobody plays any more."""
    settings = ground.settings
    towns = Towns(ground, found, proof)
    door = Door(towns)
    server = make_server("127.0.0.1", 0, door, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, daemon=True, name="door").start()
    _tell(settings, server.server_port, door.key)
    try:
        while not stop.wait(_GLANCE):
            towns.tidy()
            if not towns.standing and time.monotonic() - towns.idle_since > UNWANTED:
                settings.sandbox_wish.unlink(missing_ok=True)
                return
    finally:
        settings.sandbox_line.unlink(missing_ok=True)
        server.shutdown()
        towns.close_all()


def _tell(settings: Settings, port: int, key: str) -> None:
    """Where we are, for the hub's own user alone; whole at once."""
    mine = settings.sandbox_line.with_name(f"sandbox.{os.getpid()}")
    mine.touch(mode=0o600)
    mine.write_text(json.dumps({"port": port, "key": key, "pid": os.getpid()}))
    mine.replace(settings.sandbox_line)

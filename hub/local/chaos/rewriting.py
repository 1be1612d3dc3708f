"""A merchant who saves the same automation again and again while orders flow, over the API."""

import threading
from collections.abc import Mapping
from itertools import count
from typing import Any

from hub.local.chaos.stage import ORDERED, Stage
from hub.local.demo.api import Api
from hub.local.demo.waiting import NeverCame

_EVERY = 2.0  # seconds


def rewrite(stage: Stage, stop: threading.Event) -> None:
    """Save it, until told to stop; a web that is down is tried again later."""
    for version in count(1):
        if stop.wait(_EVERY):
            return
        api = Api(stage.hub.settings.address, stage.key)
        try:
            api.call("PUT", "/automations/ordered", document(version))
        except NeverCame:
            continue


def document(version: int) -> Mapping[str, Any]:
    """The same automation under another name, so that there is something to save."""
    return {**ORDERED, "name": f"Order {version}"}

"""The demo's own templates and automations, written through the hub's API as an admin would."""

import json
from importlib import resources
from typing import Any

from hub.local.demo.api import Api


def plant(api: Api) -> None:
    """Write the templates, then the automations, and start these."""
    for slug, template in _read("templates").items():
        api.call("PUT", f"/templates/{slug}", template)
    for slug, document in _read("automations").items():
        api.call("PUT", f"/automations/{slug}", document)
        api.call("POST", f"/automations/{slug}/start")


def _read(name: str) -> dict[str, dict[str, Any]]:
    file = resources.files(__name__) / f"{name}.json"
    found: dict[str, dict[str, Any]] = json.loads(file.read_text("utf-8"))
    return found

"""The demo's own templates and automations, written through the hub's API as an admin would."""

import json
from importlib import resources
from typing import Any

from hub.local.demo.api import Api


def plant(api: Api) -> None:
    """Write the templates, then the automations, and start these."""
    for slug, template in documents("templates").items():
        api.call("PUT", f"/templates/{slug}", template)
    for slug, document in documents("automations").items():
        api.call("PUT", f"/automations/{slug}", document)
        api.call("POST", f"/automations/{slug}/start")


def documents(name: str) -> dict[str, dict[str, Any]]:
    """The templates, or the automations, by slug."""
    file = resources.files(__name__) / f"{name}.json"
    found: dict[str, dict[str, Any]] = json.loads(file.read_text("utf-8"))
    return found

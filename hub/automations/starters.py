"""The automations that ship with Relais, as their documents: `starters/<slug>.json`."""

import json
from collections.abc import Mapping
from importlib import resources

from hub.automations.document import Automation, parse


def _load() -> dict[str, Automation]:
    folder = resources.files("hub.automations") / "starters"
    found = (f for f in folder.iterdir() if f.name.endswith(".json"))
    documents = {f.name.removesuffix(".json"): json.loads(f.read_text("utf-8")) for f in found}
    return {slug: parse(document) for slug, document in sorted(documents.items())}


STARTERS: Mapping[str, Automation] = _load()

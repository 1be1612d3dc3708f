"""Who plays which part in the demo town and in the tests: the code knows parts, never vendors."""

import json
from collections.abc import Mapping
from importlib import resources

CAST: Mapping[str, str] = json.loads(
    (resources.files("hub.local") / "cast.json").read_text("utf-8")
)

"""The line to the process that plays vendors and phones for sandboxes: on this machine, with a key
that stands in the hub's own folder."""

import http.client
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from hub.config import Settings
from hub.store.ground import Ground

Said = dict[str, Any]
_PATIENCE = 30.0  # seconds: connecting a system takes up to three
_AWAY = (
    "The simulators are being started; that takes a few seconds. Where the hub's parts run one by "
    "one, the operator starts them with «hub sandbox»."
)


class Away(RuntimeError):
    """The process is not there, or not yet; the words say what to do."""


class Refused(ValueError):
    """It cannot be done there; the words say why."""


def want(ground: Ground) -> None:
    """Have the process started, by whoever watches over the hub's parts."""
    wish = ground.settings.sandbox_wish
    wish.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    wish.touch(mode=0o600)


def ask(ground: Ground, sandbox_id: UUID, what: str, told: Mapping[str, Any] | None = None) -> Said:
    """Ask it for something in one sandbox: state, act, pass, connect. Raises Away and Refused."""
    line = _line(ground.settings)
    if line is None:
        want(ground)
        raise Away(_AWAY)
    try:
        status, said = _posted(line, f"/{sandbox_id}/{what}", told or {})
    except (OSError, http.client.HTTPException, ValueError):
        want(ground)
        raise Away(_AWAY) from None
    if status == 401:  # an older process's line
        raise Away(_AWAY)
    if status != 200:
        raise Refused(str(said.get("words", "The simulators could not do this. Try it again.")))
    return said


def connect(ground: Ground, workspace_id: UUID, slug: str) -> UUID:
    """Connect a sandbox to the simulator of this connector, keys, consent and all: the active
    connection, which may have been there. Raises Away and Refused."""
    return UUID(ask(ground, workspace_id, "connect", {"slug": slug})["connection_id"])


def can_connect(ground: Ground, slug: str) -> bool:
    """Whether this connector's vendor can be played."""
    folder = Path(ground.settings.connectors) / slug
    return slug in ground.connectors and (folder / "simulator.py").is_file()


def _line(settings: Settings) -> Mapping[str, Any] | None:
    try:
        found: Mapping[str, Any] = json.loads(settings.sandbox_line.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _posted(line: Mapping[str, Any], path: str, told: Mapping[str, Any]) -> tuple[int, Said]:
    link = http.client.HTTPConnection("127.0.0.1", int(line["port"]), timeout=_PATIENCE)
    try:
        headers = {"Authorization": f"Bearer {line['key']}", "Content-Type": "application/json"}
        link.request("POST", path, json.dumps(told).encode(), headers)
        answer = link.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        link.close()

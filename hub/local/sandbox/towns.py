"""Towns: one for each sandbox that somebody plays in, opened at need, bounded in number, closed
when nobody has looked at them for hours."""

import logging
import threading
import time
from dataclasses import dataclass, field
from uuid import UUID

from hub import registry
from hub.local.cast import CAST
from hub.local.sandbox import linking, planting
from hub.local.sandbox.town import Town, start
from hub.store import sandboxes, workspaces
from hub.store.database import Row
from hub.store.ground import Ground
from hub.work.liveness import Proof

log = logging.getLogger(__name__)

MOST = 12  # towns at once: each is two to six vendors with their memories
LASTS = 4 * 3600.0  # seconds without a look
_FIRST = ("phones", "shop")  # connected before anybody asks


class NoSandbox(LookupError):
    """There is no such sandbox, or it was started over."""


@dataclass
class Towns:
    """All that stand. `idle_since` is when the last of them was closed (monotonic)."""

    ground: Ground
    found: registry.Registry
    proof: Proof
    standing: dict[UUID, Town] = field(default_factory=dict)
    idle_since: float = field(default_factory=time.monotonic)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _opening: dict[UUID, threading.Lock] = field(default_factory=dict)

    def town(self, sandbox_id: UUID) -> Town:
        """The town of that sandbox, opened at need, with its carrier and its shop connected. Raises
        NoSandbox, and as `linking.link`."""
        with self._lock:
            turn = self._opening.setdefault(sandbox_id, threading.Lock())
        with turn:
            town = self.standing.get(sandbox_id) or self._opened(sandbox_id)
        town.touch()
        return town

    def _opened(self, sandbox_id: UUID) -> Town:
        row, known = self._row(sandbox_id)
        self._make_room()
        town = Town.open(self.ground, self.found, self.proof, sandbox_id, row["clock_ahead"])
        town.is_anew = bool(known)
        try:
            planting.plant(town)
            for slug in dict.fromkeys((*(CAST[part] for part in _FIRST), *known)):
                linking.link(town, slug)
        except BaseException:
            self._drop(town)
            raise
        self.standing[sandbox_id] = town
        start(town)
        log.info("sandbox.opened", extra={"sandbox": sandbox_id, "towns": len(self.standing)})
        return town

    def _row(self, sandbox_id: UUID) -> tuple[Row, list[str]]:
        """The sandbox; and, where a town of it stood before, which connectors were connected to
        vendors who have forgotten everything: they are connected anew."""
        with self.ground.database.begin() as db:
            row = workspaces.get(db, sandbox_id)
            if row is None or row["sandbox_of"] is None or row["sandbox_ended_at"] is not None:
                raise NoSandbox
            known = list(sandboxes.connected(db, sandbox_id))
            sandboxes.disconnect(db, sandbox_id)
            return row, known

    def _drop(self, town: Town) -> None:
        with self.ground.database.begin() as db:
            sandboxes.disconnect(db, town.sandbox_id)
        town.close()

    def _make_room(self) -> None:
        """The one that was looked at longest ago goes."""
        while len(self.standing) >= MOST:
            self.close(min(self.standing.values(), key=lambda one: one.seen_at).sandbox_id)

    def close(self, sandbox_id: UUID) -> None:
        """Close one; its vendors forget everything."""
        town = self.standing.pop(sandbox_id, None)
        self.idle_since = time.monotonic()
        if town is not None:
            town.close()

    def tidy(self) -> None:
        """Close those that nobody has looked at for hours."""
        late = time.monotonic() - LASTS
        for one in [t for t in list(self.standing.values()) if t.seen_at < late]:
            self.close(one.sandbox_id)

    def close_all(self) -> None:
        """Everybody goes."""
        for sandbox_id in list(self.standing):
            self.close(sandbox_id)

"""Whose links may be opened under which host name: a workspace's own host opens its links alone,
and nothing else of the hub; the hub's own address opens all."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import UUID

from hub.store import links
from hub.store.ground import Ground

KNOWN_FOR = 30.0  # seconds that a host once seen is taken to be whose it was
STRANGE_FOR = 1.0  # seconds that a host is taken to be nobody's


def host_of(url: str) -> str:
    """The host of an address as a request names it, without the usual port."""
    return plain(urlsplit(url).netloc)


def plain(host: str) -> str:
    """A Host header for comparing."""
    return host.lower().removesuffix(":443").removesuffix(":80").rstrip(".")


@dataclass
class Hosts:
    """Workspaces by their link host, read again every so often."""

    ground: Ground
    now: Callable[[], float] = time.monotonic
    _known: dict[str, list[UUID]] = field(default_factory=dict)
    _read_at: float = float("-inf")
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def owners(self, host: str) -> list[UUID] | None:
        """The workspaces whose link host this is; None where it is nobody's own."""
        host = plain(host)
        if host == self._home:
            return None  # everybody's, even where a merchant has written it as their own
        with self._lock:  # nobody is told «unknown» while another is reading
            age = self.now() - self._read_at
            if age > (KNOWN_FOR if host in self._known else STRANGE_FOR):
                self._read()
        return self._known.get(host)

    @property
    def _home(self) -> str:
        return host_of(self.ground.settings.address)

    def _read(self) -> None:
        self._read_at = self.now()
        with self.ground.database.begin() as db:
            found = links.hosts(db)
        known: dict[str, list[UUID]] = {}
        for workspace in found:
            known.setdefault(host_of(workspace["link_url"]), []).append(workspace["id"])
        self._known = known

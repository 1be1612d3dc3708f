"""Addresses: whose a delivery's address is, a connection's own or an app's for many accounts."""

import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from hub.contract import Request
from hub.store import apps, connections
from hub.store.database import Row
from hub.store.ground import Ground

log = logging.getLogger(__name__)

_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")
KNOWN_FOR = 5.0  # seconds an address's secrets are remembered between deliveries


class HasAccounts(Protocol):
    """A door that may be one for all accounts of an app."""

    @property
    def accounts_of(self) -> Callable[[Request], Sequence[str]] | None:
        """The accounts a request is about."""


@dataclass(frozen=True)
class Address:
    """Whose address it is: one connection's, or an app's. `secrets` verify what comes there;
    `owner` is the workspace whose own app it is, None for the operator's. `ahead` is how far its
    clock is ahead of ours; where it `is_sandbox` that may change at any moment."""

    ground: Ground
    name: str
    secrets: Mapping[str, str]
    connection: Row | None = None
    app_id: UUID | None = None
    owner: UUID | None = None
    ahead: timedelta = timedelta(0)
    is_sandbox: bool = False

    def about(self, door: HasAccounts, request: Request) -> Sequence[Row]:
        """The connections that this request is about; the request was verified before."""
        if self.connection is not None:
            return [self.connection]
        if self.app_id is None or door.accounts_of is None:
            return []
        try:
            accounts = list(door.accounts_of(request))
        except ValueError as error:
            log.warning("intake.no_account", extra={"app": self.app_id, "why": str(error)[:200]})
            accounts = []
        except Exception:
            log.exception("intake.no_account", extra={"app": self.app_id})
            accounts = []
        with self.ground.database.begin() as db:
            if accounts:
                return connections.of_app(db, self.app_id, accounts)
            # Genuine, and it cannot be read whose it is: a merchant's own app shows it to them.
            return connections.oldest_of_app(db, self.app_id) if self.owner else []


@dataclass(frozen=True)
class Addresses:
    """Finds addresses; remembers each for a few seconds."""

    ground: Ground
    _known: dict[tuple[str, str], tuple[float, Address]] = field(default_factory=dict)
    _reading: dict[tuple[str, str], Future[Address | None]] = field(default_factory=dict)

    def find(self, slug: str, token: str) -> Address | None:
        """The address of that token, or None."""
        if not _TOKEN.fullmatch(token):
            return None  # no database takes NUL: asking would look as if it were away
        known = self._known.get((slug, token))
        if known and known[0] > time.monotonic():
            return known[1]
        found = self._read_once(slug, token)
        if found is None:
            return None
        if len(self._known) > 10_000:
            self._known.clear()
        if not found.is_sandbox:
            self._known[slug, token] = (time.monotonic() + KNOWN_FOR, found)
        return found

    def _read_once(self, slug: str, token: str) -> Address | None:
        """One reads for all who ask at the same time: when what is remembered runs out under load,
        each of them would otherwise take a connection of its own."""
        mine = Future[Address | None]()
        first = self._reading.setdefault((slug, token), mine)
        if first is not mine:
            return first.result()
        try:
            mine.set_result(self._read(slug, token))
        except BaseException as error:
            mine.set_exception(error)
        finally:
            del self._reading[slug, token]
        return mine.result()

    def _read(self, slug: str, token: str) -> Address | None:
        with self.ground.database.begin() as db:
            row = connections.by_token(db, slug, token)
            app = apps.by_token(db, slug, token) if row is None else None
        if row is not None:
            secrets, played = self.ground.credentials(row), row["simulator"] is not None
            return Address(
                self.ground, str(row["id"]), secrets, row, ahead=row["ahead"], is_sandbox=played
            )
        if app is None:
            return None
        secrets = apps.secrets_of(self.ground.vault, app)
        return Address(
            self.ground,
            str(app["id"]),
            secrets,
            app_id=app["id"],
            owner=app["workspace_id"],
            ahead=app["ahead"],
            is_sandbox=app["is_sandbox"],
        )

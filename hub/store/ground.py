"""What every room stands on: the rows, the vault, the connectors found, the clock."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from hub.config import Settings
from hub.contract import AuthLost, Clock, Connector, Context
from hub.contract.outbound import only_to
from hub.store import connections, health
from hub.store.database import Database, Row
from hub.store.sealing import Vault

T = TypeVar("T")
Secrets = Mapping[str, str]
Renew = Callable[["Ground", Row, Secrets, bool], Secrets]


def _as_they_are(ground: "Ground", connection: Row, used: Secrets, refused: bool) -> Secrets:
    return used


@dataclass(frozen=True)
class Ground:
    """Built once by `hub.app`, handed to every arrow.

    `renew(ground, connection, used, refused)` gives the secrets to use: fresh tokens where those
    in use have run out, or were refused; the same where there is nothing to renew.
    """

    database: Database
    vault: Vault
    connectors: Mapping[str, Connector]
    clock: Clock
    settings: Settings
    renew: Renew = _as_they_are

    def credentials(self, connection: Row) -> dict[str, str]:
        """A connection's settings and secrets under their field names, for `verify`."""
        secrets = connections.secrets_of(self.vault, connection)
        return {**connection["settings"], "account": connection["account"], **secrets}

    def call(self, connection: Row, work: Callable[[Context], T]) -> T:
        """Work with a connection's vendor. A token that ran out is renewed first, one that is
        refused is renewed and the work done again; so it must be safe to do twice.

        Raises what the work raises; AuthLost means that a person must sign in again.
        """
        try:
            with only_to(connection.get("simulator") or 0):
                return self._call(connection, work)
        except AuthLost as error:
            with self.database.begin() as db:
                health.signed_out(db, connection["id"], f"{error.words} Reconnect it.")
            raise

    def _call(self, connection: Row, work: Callable[[Context], T]) -> T:
        context = self.context(connection)
        used = self.renew(self, connection, context.secrets, False)
        try:
            return work(replace(context, secrets=used))
        except AuthLost:
            fresh = self.renew(self, connection, used, True)
            if fresh == used:
                raise
            return work(replace(context, secrets=fresh))

    def context(self, connection: Row) -> Context:
        """What the connector's I/O functions are given for this connection."""
        return Context(
            settings=connection["settings"],
            secrets=connections.secrets_of(self.vault, connection),
            hook_url=self.hook_url(connection),
            state=connection["vendor_state"],
            clock=self.clock,
            deadline=self.settings.carrier_deadline,
            account=connection["account"],
        )

    def hook_url(self, connection: Row) -> str:
        """Where the vendor delivers for this connection: its app's address where it has one. A
        vendor that is played on this machine delivers on this machine."""
        token = connection["app_token"] or connection["hook_token"]
        played = connection.get("simulator")
        base = self.settings.address_within if played else self.settings.address
        return f"{base}/hooks/{connection['connector']}/{token}"

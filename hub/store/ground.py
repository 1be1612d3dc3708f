"""What every room stands on: the rows, the vault, the connectors found, the clock."""

from collections.abc import Mapping
from dataclasses import dataclass

from hub.config import Settings
from hub.contract import Clock, Connector, Context
from hub.store.database import Database, Row
from hub.store.secrets import Vault


@dataclass(frozen=True)
class Ground:
    """Built once by `hub.app`, handed to every arrow."""

    database: Database
    vault: Vault
    connectors: Mapping[str, Connector]
    clock: Clock
    settings: Settings

    def credentials(self, connection: Row) -> dict[str, str]:
        """A connection's settings and secrets under their field names, for `verify`."""
        secrets = self.vault.unseal(connection["secrets"], connection["id"])
        return {**connection["settings"], **secrets}

    def context(self, connection: Row) -> Context:
        """What the connector's I/O functions are given for this connection."""
        return Context(
            settings=connection["settings"],
            secrets=self.vault.unseal(connection["secrets"], connection["id"]),
            hook_url=self.hook_url(connection),
            state=connection["vendor_state"],
            clock=self.clock,
            deadline=self.settings.carrier_deadline,
        )

    def hook_url(self, connection: Row) -> str:
        """Where the vendor delivers for this connection."""
        path = f"/hooks/{connection['connector']}/{connection['hook_token']}"
        return self.settings.address + path

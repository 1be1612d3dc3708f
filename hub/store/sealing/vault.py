"""The vault: seals and opens values, each bound to its place, and names numbers by tokens."""

import base64
import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.store.database import Database
from hub.store.sealing.keyring import LOST, CannotUnseal, Keyring, aside

VERSION = b"\x02"
_FIRST = b"\x01"  # under the master key itself, bound to the row alone: credentials of older hubs
_HEAD = 5  # the version and the key's id

_SPOILT = (
    "What is sealed in this row cannot be opened: it was changed, or moved from another row. "
    "Restore it from a backup."
)


def place(workspace: UUID | None, table: str, column: str, row: object) -> bytes:
    """Where a sealed value stands; it opens nowhere else."""
    return f"{workspace or ''}|{table}|{column}|{row}".encode()


@dataclass(frozen=True)
class Vault:
    """What this hub's master key (32 bytes) can seal and open in its database.

    A sealed value is a version byte, the key's id (4 bytes), a 96-bit nonce, the ciphertext with
    its tag.
    """

    ring: Keyring = field(repr=False)

    @classmethod
    def on(cls, database: Database, master: bytes) -> "Vault":
        """The vault of this database; its keys are read at first use."""
        return cls(Keyring(master, aside(database.url)))

    @property
    def key(self) -> bytes:
        """The master key, for what else is derived from it."""
        return self.ring.master

    def seal(self, value: bytes, where: bytes) -> bytes:
        """The value, sealed for this place."""
        key_id, cipher = self.ring.to_seal()
        nonce = os.urandom(12)
        return VERSION + key_id.to_bytes(4) + nonce + cipher.encrypt(nonce, value, where)

    def unseal(self, sealed: bytes, where: bytes) -> bytes:
        """The value of this place. Raises CannotUnseal."""
        sealed = bytes(sealed)
        if sealed[:1] == _FIRST:
            return self._opened_first(sealed, where)
        if sealed[:1] != VERSION:
            raise CannotUnseal(_SPOILT)
        cipher = self.ring.to_open(int.from_bytes(sealed[1:_HEAD]))
        try:
            return cipher.decrypt(sealed[_HEAD : _HEAD + 12], sealed[_HEAD + 12 :], where)
        except InvalidTag:
            raise CannotUnseal(_SPOILT) from None

    def seal_secrets(self, secrets: Mapping[str, str], where: bytes) -> bytes:
        """Credentials by name, sealed for this place."""
        return self.seal(orjson.dumps(dict(secrets)), where)

    def unseal_secrets(self, sealed: bytes | None, where: bytes) -> dict[str, str]:
        """The credentials of this place; none when nothing was sealed. Raises CannotUnseal."""
        if not sealed:
            return {}
        found = orjson.loads(self.unseal(sealed, where))
        return {str(name): str(value) for name, value in found.items()}

    def token(self, workspace_id: UUID, e164: str) -> str:
        """What stands for this number in every row of the workspace: always the same, of no use to
        whoever lacks the master key. `n` and 26 letters and digits."""
        said = workspace_id.bytes + e164.encode()
        digest = hmac.digest(self.ring.to_name(), said, "sha256")
        return "n" + base64.b32encode(digest[:16]).decode().rstrip("=").lower()

    def _opened_first(self, sealed: bytes, where: bytes) -> bytes:
        try:
            row = UUID(where.rpartition(b"|")[2].decode())
            return AESGCM(self.key).decrypt(sealed[1:13], sealed[13:], row.bytes)
        except (InvalidTag, ValueError):
            raise CannotUnseal(LOST) from None

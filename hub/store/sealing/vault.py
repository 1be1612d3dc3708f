"""The vault: seals and opens values, each bound to its place, and names numbers by tokens."""

import hmac
import os
from collections.abc import Iterable, Mapping
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
_NONCE = 12

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"  # base 32, as Python's own, at half its cost
_PAIRS = [one + two for one in _LETTERS for two in _LETTERS]
_AT = tuple(range(120, -1, -10))  # where ten bits begin, each a pair

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
        return self.seal_all([(value, where)])[0]

    def seal_all(self, found: Iterable[tuple[bytes, bytes]]) -> list[bytes]:
        """Values, each sealed for its place."""
        values = list(found)
        key_id, cipher = self.ring.to_seal()
        head = VERSION + key_id.to_bytes(4)
        # Drawn at once: a system call for each costs as much as its sealing.
        drawn = os.urandom(_NONCE * len(values))
        nonces = (drawn[at : at + _NONCE] for at in range(0, len(drawn), _NONCE))
        return [
            head + nonce + cipher.encrypt(nonce, value, where)
            for nonce, (value, where) in zip(nonces, values, strict=True)
        ]

    def unseal(self, sealed: bytes, where: bytes) -> bytes:
        """The value of this place. Raises CannotUnseal."""
        sealed = bytes(sealed)
        if sealed[:1] == _FIRST:
            return self._opened_first(sealed, where)
        if sealed[:1] != VERSION:
            raise CannotUnseal(_SPOILT)
        cipher = self.ring.to_open(int.from_bytes(sealed[1:_HEAD]))
        try:
            rest = _HEAD + _NONCE
            return cipher.decrypt(sealed[_HEAD:rest], sealed[rest:], where)
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
        bits = int.from_bytes(hmac.digest(self.ring.to_name(), said, "sha256")[:16]) << 2
        return "n" + "".join([_PAIRS[bits >> at & 1023] for at in _AT])

    def _opened_first(self, sealed: bytes, where: bytes) -> bytes:
        try:
            row = UUID(where.rpartition(b"|")[2].decode())
            return AESGCM(self.key).decrypt(sealed[1:13], sealed[13:], row.bytes)
        except (InvalidTag, ValueError):
            raise CannotUnseal(LOST) from None

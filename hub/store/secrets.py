"""Sealing what must not be read from a stolen disk: AES-256-GCM, bound to the row it belongs to."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"


class CannotUnseal(RuntimeError):
    """The key is not the one these secrets were sealed with, or the row was tampered with."""


@dataclass(frozen=True)
class Vault:
    """Seals and unseals a connection's secrets with the hub's master key (32 bytes)."""

    key: bytes = field(repr=False)

    def seal(self, secrets: Mapping[str, str], row: UUID) -> bytes:
        """One version byte, a 96-bit nonce, the sealed JSON; of no use on another row."""
        nonce = os.urandom(12)
        return _VERSION + nonce + AESGCM(self.key).encrypt(nonce, orjson.dumps(secrets), row.bytes)

    def unseal(self, sealed: bytes | None, row: UUID) -> dict[str, str]:
        """The secrets of that row; none when nothing was sealed. Raises CannotUnseal."""
        if not sealed:
            return {}
        sealed = bytes(sealed)
        try:
            opened = AESGCM(self.key).decrypt(sealed[1:13], sealed[13:], row.bytes)
        except InvalidTag:
            raise CannotUnseal(
                "The stored credentials cannot be opened with this hub's master key. Restore the "
                "master.key that belongs to this database, or reconnect."
            ) from None
        return {str(k): str(v) for k, v in orjson.loads(opened).items()}

"""Sealing what must not be read from a stolen disk: AES-256-GCM under data keys that turn, bound to
the place each value stands in; and the tokens that stand for phone numbers."""

from hub.store.sealing.keyring import CannotUnseal, Keyring
from hub.store.sealing.vault import Vault, place

__all__ = ["CannotUnseal", "Keyring", "Vault", "place"]

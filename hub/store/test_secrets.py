"""Secrets open with their key, on their row, untouched, or not at all."""

import os

import pytest

from hub.store.database import new_id
from hub.store.secrets import CannotUnseal, Vault

SECRETS = {"api_key": "clé-秘密", "webhook_secret": "s3cr3t"}


@pytest.fixture
def vault():
    return Vault(os.urandom(32))


def test_what_is_sealed_opens_on_its_row(vault):
    row = new_id()
    assert vault.unseal(vault.seal(SECRETS, row), row) == SECRETS


def test_a_sealed_value_holds_no_secret_and_is_never_the_same_twice(vault):
    row = new_id()
    first, second = vault.seal(SECRETS, row), vault.seal(SECRETS, row)
    assert b"s3cr3t" not in first
    assert first != second


def test_secrets_moved_to_another_row_do_not_open(vault):
    sealed = vault.seal(SECRETS, new_id())
    with pytest.raises(CannotUnseal, match="master key"):
        vault.unseal(sealed, new_id())


def test_one_changed_byte_anywhere_is_noticed(vault):
    row = new_id()
    sealed = vault.seal(SECRETS, row)
    for place in range(1, len(sealed)):
        spoilt = bytearray(sealed)
        spoilt[place] ^= 1
        with pytest.raises(CannotUnseal):
            vault.unseal(bytes(spoilt), row)


def test_another_hubs_key_opens_nothing(vault):
    row = new_id()
    with pytest.raises(CannotUnseal):
        Vault(os.urandom(32)).unseal(vault.seal(SECRETS, row), row)


def test_the_vault_does_not_print_its_key(vault):
    assert vault.key.hex() not in repr(vault)
    assert repr(vault.key) not in repr(vault)

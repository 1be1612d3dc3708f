"""What is sealed opens with its key, in its place, untouched, or not at all."""

import base64
import hmac
import os
from dataclasses import replace

import pytest

from hub.store.database import new_id, run
from hub.store.numbers import TOKEN
from hub.store.sealing import CannotUnseal, Vault, place
from hub.store.sealing.keyring import AESGCM

SECRETS = {"api_key": "clé-秘密", "webhook_secret": "s3cr3t"}
SHOP = new_id()


@pytest.fixture
def vault(ground):
    return ground.vault


def somewhere():
    return place(SHOP, "connections", "secrets", new_id())


def test_what_is_sealed_opens_in_its_place(vault):
    where = somewhere()
    assert vault.unseal_secrets(vault.seal_secrets(SECRETS, where), where) == SECRETS


def test_a_sealed_value_holds_no_secret_and_is_never_the_same_twice(vault):
    where = somewhere()
    first, second = vault.seal_secrets(SECRETS, where), vault.seal_secrets(SECRETS, where)
    assert b"s3cr3t" not in first
    assert first != second


@pytest.mark.parametrize("part", range(4))
def test_what_is_moved_to_another_workspace_table_column_or_row_does_not_open(vault, part):
    names = [SHOP, "connections", "secrets", "the row"]
    sealed = vault.seal(b"x", place(*names))
    names[part] = new_id() if part == 0 else "another"
    with pytest.raises(CannotUnseal, match="moved from another row"):
        vault.unseal(sealed, place(*names))


def test_one_changed_byte_anywhere_is_noticed(vault):
    where = somewhere()
    sealed = vault.seal_secrets(SECRETS, where)
    for at in range(len(sealed)):
        spoilt = bytearray(sealed)
        spoilt[at] ^= 1
        with pytest.raises(CannotUnseal):
            vault.unseal(bytes(spoilt), where)


def test_another_hubs_master_key_opens_nothing_and_says_what_to_restore(ground, vault):
    where = somewhere()
    sealed = vault.seal_secrets(SECRETS, where)
    with pytest.raises(CannotUnseal, match=r"Restore the master\.key"):
        Vault.on(ground.database, os.urandom(32)).unseal(sealed, where)


def test_a_key_that_this_database_lost_is_named_with_what_to_restore(ground, vault):
    where = somewhere()
    sealed = vault.seal(b"x", where)
    vault.ring.turn()
    with ground.database.begin() as db:
        run(db, "DELETE FROM sealing_keys WHERE id = 1")
    with pytest.raises(CannotUnseal, match="key 1, which this database no longer has"):
        Vault.on(ground.database, vault.key).unseal(sealed, where)


def test_credentials_of_an_older_hub_still_open_on_their_row(vault):
    row, nonce = new_id(), os.urandom(12)
    old = b"\x01" + nonce + AESGCM(vault.key).encrypt(nonce, b'{"api_key": "old"}', row.bytes)
    where = place(SHOP, "connections", "secrets", row)
    assert vault.unseal_secrets(old, where) == {"api_key": "old"}
    with pytest.raises(CannotUnseal, match="master key"):
        vault.unseal(old, somewhere())


def test_two_processes_begin_with_the_same_key(ground):
    one, two = (Vault.on(ground.database, ground.vault.key) for _ in range(2))
    where = somewhere()
    assert two.unseal(one.seal(b"x", where), where) == b"x"
    assert one.ring.current == two.ring.current == 1


def test_who_sealed_with_a_key_that_was_turned_elsewhere_is_still_read(ground):
    asleep, awake = (Vault.on(ground.database, ground.vault.key) for _ in range(2))
    asleep.seal(b"", b"")
    assert awake.ring.turn() == 2
    assert asleep.unseal(awake.seal(b"new", b"here"), b"here") == b"new"
    assert awake.unseal(asleep.seal(b"old", b"here"), b"here") == b"old"


def test_a_number_has_one_token_in_each_workspace_and_no_digit_of_its_own(vault):
    token = vault.token(SHOP, "+33639980123")
    assert token == vault.token(SHOP, "+33639980123") != vault.token(SHOP, "+33639980124")
    assert token != vault.token(new_id(), "+33639980123")
    assert TOKEN.fullmatch(token)
    assert "0123" not in token


def test_a_token_is_the_keyed_digest_in_base_32(vault):
    for n in range(200):
        e164 = f"+33639980{n:03d}"
        digest = hmac.digest(vault.ring.to_name(), SHOP.bytes + e164.encode(), "sha256")[:16]
        known = base64.b32encode(digest).decode().rstrip("=").lower()
        assert vault.token(SHOP, e164) == f"n{known}"


def test_tokens_stay_when_keys_turn(ground, vault):
    before = vault.token(SHOP, "+33639980123")
    vault.ring.turn()
    assert Vault.on(ground.database, vault.key).token(SHOP, "+33639980123") == before


def test_the_vault_does_not_print_its_keys(vault):
    vault.seal(b"", b"")
    assert vault.key.hex() not in repr(replace(vault)) + repr(vault.ring)
    assert repr(vault.key) not in repr(vault) + repr(vault.ring)
    assert repr(vault.ring.pepper) not in repr(vault.ring)

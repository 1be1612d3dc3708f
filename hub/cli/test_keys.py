"""`hub keys` on a working hub, and whole numbers for who asks for them."""

from typing import Any
from uuid import UUID

from hub.store import audit
from hub.store.ground import Ground


def test_keys_are_listed_and_turned(hub: Any, sent: UUID, ground: Ground):
    assert "current: seals" in hub("keys", "list").output
    told = hub("keys", "rotate", "--wait", "0")
    assert told.exit_code == 0, told.output
    assert "sealed with key 2" in told.output
    with ground.database.begin() as db:
        noted = [(line["what"], line["object"]) for line in audit.listed(db, 9)]
    assert noted == [("keys.rotated", "2"), ("keys.rotate", "")]
    lines = hub("keys", "list").output.splitlines()
    assert "retired" in lines[1]
    assert lines[1].rstrip().endswith(" 0")
    assert "current" in lines[2]


def test_a_lost_master_key_is_told_in_words(hub: Any, sent: UUID):
    told = hub("keys", "rotate", "--wait", "0", master_key="11" * 32)
    assert told.exit_code == 1
    assert "Restore the master.key" in " ".join(told.output.split())


def test_explain_masks_numbers_unless_it_is_asked_not_to(hub: Any, sent: UUID):
    masked, whole = hub("explain", str(sent)).output, hub("explain", str(sent), "--show-numbers")
    assert "+33*******23" in masked
    assert "+33639980123" not in masked
    assert "+33639980123" in whole.output

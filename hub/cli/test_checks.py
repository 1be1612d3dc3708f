"""`hub doctor` on what should agree: what does not, and a comparison that stands still."""

from typing import Any

from hub.store import checks
from hub.store.database import run
from hub.store.ground import Ground


def test_the_doctor_tells_what_does_not_agree_and_what_stands_still(hub: Any, ground: Ground):
    with ground.database.begin() as db:
        checks.plan(db, ["uncertain", "stuck"], ground.clock())
        run(
            db,
            """UPDATE checks SET due_at = now() + interval '1 minute', found = 1,
                   words = 'Messages that only you can settle: 1.' WHERE name = 'uncertain'""",
        )
        run(db, "UPDATE checks SET due_at = now() - interval '3 minutes' WHERE name = 'stuck'")
    told = hub("doctor").output
    assert "✗ Messages that only you can settle: 1.\n  → Settle them: hub uncertain list." in told
    assert "✗ The comparison «stuck» stands still." in told

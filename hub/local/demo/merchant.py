"""The demo's merchant: one workspace, the automations that ship with Relais, a key to the API."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from hub.automations.seed import plant
from hub.store import keys, workspaces
from hub.store.ground import Ground

BRAND = "Maison Lune"
CART_DELAY = {"minutes": 1, "after": "occurred_at"}


def settle(ground: Ground, say: Callable[[str], None]) -> tuple[UUID, str]:
    """The new workspace's id, and its key; what differs from a real one is said."""
    with ground.database.begin() as db:
        made = workspaces.add(
            db,
            name=BRAND,
            brand=BRAND,
            country="FR",
            language="fr",
            zone="Europe/Paris",
            sending_window={"preset": "always"},
            stop_code="36034",
            countries=("FR", "GB"),
            daily_cap=50,
        )
        gallery = Path(ground.settings.templates)
        # Live since an hour, or the carts of a minute ago would be older than the automation.
        since = ground.clock() - timedelta(hours=1)
        plant(db, made, gallery, since, changes={"cart-reminder": {"delay": CART_DELAY}})
        key = keys.make(db, made, "demo", keys.SCOPES)
    say(f"The workspace «{BRAND}» is there, in France, with the automations that ship with Relais.")
    say("  The demo sends at any hour; a real workspace waits for sending hours.")
    say("  A cart's reminder comes seconds after it is left; a real one waits 45 minutes.")
    return made, key

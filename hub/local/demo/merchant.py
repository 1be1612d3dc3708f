"""The demo's merchant: one workspace, the automations that ship with Relais, a key to the API."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from hub.automations.seed import plant
from hub.store import keys, templates, workspaces
from hub.store.ground import Ground

BRAND = "Maison Lune"
CART_DELAY = {"minutes": 1, "after": "occurred_at"}
# A cart is told in pictures, with a code (planted/templates.json); all else goes by SMS.
CART = {"delay": CART_DELAY, "send": {"template": "cart-basket", "kind": "marketing"}}


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
        plant(db, made, gallery, since, changes={"cart-reminder": CART})
        _by_sms_alone(db, made)
        key = keys.make(db, made, "demo", keys.SCOPES)
    say(f"The workspace «{BRAND}» is there, in France, with the automations that ship with Relais.")
    say("  The demo sends at any hour; a real workspace waits for sending hours.")
    say("  A cart's reminder comes seconds after it is left; a real one waits 45 minutes.")
    return made, key


def _by_sms_alone(db: Connection, workspace_id: UUID) -> None:
    """The shipped templates without their RCS: most phones of the town have none, and each would
    be tried by RCS first."""
    for one in templates.listed(db, workspace_id):
        if one["rich"]:
            words = {name: one[name] for name in ("kind", "title", "texts", *templates.USUAL)}
            templates.save(db, workspace_id, one["slug"], **{**words, "rich": {}})

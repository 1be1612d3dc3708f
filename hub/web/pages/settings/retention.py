"""Retention: what is kept for how long, and what erasing somebody does."""

from hub.web.pages.settings.wing import wing
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Shown


@wing.way("GET /settings/retention", may="see")
def retention(visit: Visit) -> Shown:
    """How long each kind is kept on this hub: its operator sets it, for all workspaces."""
    own = visit.ground.settings
    days = {
        "raw": own.keep_raw_days, "texts": own.keep_texts_days, "numbers": own.keep_numbers_days
    }  # fmt: skip
    return Shown("settings/retention.html", {"days": days})

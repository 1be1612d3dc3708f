"""Every way of this wing, by the page that it belongs to."""

from hub.web.pages.automations import editing, lastweek, listing, past, starting, switching
from hub.web.pages.automations.own import wing

__all__ = ["editing", "lastweek", "listing", "past", "starting", "switching", "wing"]

"""Planting: what a sandbox has beside the automations that ship with Relais: answers to deals, rows
and workflow steps, so that every system of the town has something to say."""

from hub.local.demo.planted import documents
from hub.local.sandbox.town import Town
from hub.store import automations, templates


def plant(town: Town) -> None:
    """Add those that are not there; what somebody changed stays as it is."""
    with town.ground.database.begin() as db:
        known = {one["slug"] for one in templates.listed(db, town.sandbox_id)}
        for slug, words in documents("templates").items():
            if slug not in known and not words.get("coupon"):
                templates.save(db, town.sandbox_id, slug, **words)
        there = {one["slug"] for one in automations.by_workspaces(db, [town.sandbox_id])}
        for slug, document in documents("automations").items():
            if slug not in there:
                automations.save(db, town.sandbox_id, slug, document, "live", town.now)

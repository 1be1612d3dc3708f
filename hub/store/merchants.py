"""Merchants: a workspace with all that its decisions look at, as one text. Nearly always it is the
very text that was read a moment ago, and whoever reads it may know it again."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import rows


def written(db: Connection, workspace_ids: Sequence[UUID]) -> list[str]:
    """These workspaces as JSON: {shop, automations (each in its version now, by id), templates
    (without their words: `rich` says whether there are cards), connections}."""
    found = rows(
        db,
        """SELECT CAST(json_build_object(
               'shop', (SELECT row_to_json(s) FROM (SELECT w.id, w.brand, w.country, w.countries,
                   w.language, w.zone, w.sending_window, w.rules, w.daily_cap, w.testing,
                   w.testers) s),
               'automations', (SELECT json_agg(row_to_json(a) ORDER BY a.id) FROM (
                   SELECT a.id, a.slug, a.state, a.version, a.live_since, v.document
                   FROM automations a JOIN automation_versions v
                       ON v.automation_id = a.id AND v.version = a.version
                   WHERE a.workspace_id = w.id) a),
               'templates', (SELECT json_agg(row_to_json(t) ORDER BY t.id) FROM (
                   SELECT t.id, t.slug, t.kind, t.version, v.rich <> '{}' AS rich, v.variants
                   FROM templates t JOIN template_versions v
                       ON v.template_id = t.id AND v.version = t.version
                   WHERE t.workspace_id = w.id) t),
               'connections', (SELECT json_agg(row_to_json(c) ORDER BY c.id) FROM (
                   SELECT c.id, c.connector, c.language FROM connections c
                   WHERE c.workspace_id = w.id) c)) AS text) AS written
           FROM workspaces w WHERE w.id = ANY(:ids)""",
        ids=list(set(workspace_ids)),
    )
    return [row["written"] for row in found]

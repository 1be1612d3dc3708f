"""Houses: a workspace with all that its sending goes by, as one text. Nearly always it is the very
text that was read a moment ago, and is known again."""

from collections.abc import Iterable
from functools import lru_cache
from uuid import UUID

import orjson
from sqlalchemy import Connection

from hub.store.database import Row, rows


def by_ids(db: Connection, ids: Iterable[UUID]) -> dict[UUID, Row]:
    """These workspaces' rows by id, each with `limits`: micros by (scope, key, period), see spend;
    and `routes`: by (channel, country), first positions first, {connection_id, position, weight}
    each."""
    found = rows(
        db,
        """SELECT w.id, CAST(json_build_object(
               'shop', (SELECT row_to_json(s) FROM (SELECT w.name, w.brand, w.country, w.language,
                   w.zone, w.stop_code, w.sender, w.testers, w.rules, w.link_url, w.link_domains,
                   w.currency) s),
               'limits', (SELECT json_agg(json_build_array(c.scope, c.key, c.period, c.micros))
                   FROM caps c WHERE c.workspace_id = w.id),
               'routes', (SELECT json_agg(row_to_json(r) ORDER BY r.position, r.connection_id)
                   FROM routes r WHERE r.workspace_id = w.id)) AS text) AS written
           FROM workspaces w WHERE w.id = ANY(:ids)""",
        ids=list(set(ids)),
    )
    return {r["id"]: _house(r["id"], r["written"]) for r in found}


@lru_cache(maxsize=128)
def _house(workspace_id: UUID, written: str) -> Row:
    """It is known again by all of its words, so whatever anybody changes is read at once."""
    found = orjson.loads(written)
    routes: dict[tuple[str, str], list[Row]] = {}
    for line in found["routes"] or ():
        own = {**line, "connection_id": UUID(line["connection_id"])}
        routes.setdefault((line["channel"], line["country"]), []).append(own)
    limits = {(scope, key, period): micros for scope, key, period, micros in found["limits"] or ()}
    return {**found["shop"], "id": workspace_id, "limits": limits, "routes": routes}

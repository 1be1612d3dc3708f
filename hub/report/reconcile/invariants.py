"""Invariants: what must hold of the rows of the last two days, asked of them each night in SQL.
Anything found is a mistake of the hub's own."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from hub.report.reconcile.check import Check, Finding
from hub.report.reconcile.grouping import by_workspace
from hub.store.database import Row, first_id, rows, run
from hub.store.ground import Ground

BACK = timedelta(days=2)

# Each gives (workspace_id, found); `:since` is the lowest id of the time looked at.
INVARIANTS: Mapping[str, str] = {
    "events that no automation answered though one should": """
        SELECT e.workspace_id, count(*) AS found FROM events e
        WHERE e.id >= :since AND e.state = 'decided' AND e.reason = ''
        AND EXISTS (SELECT 1 FROM automations a JOIN automation_versions v
            ON v.automation_id = a.id AND v.version = a.version
            WHERE a.workspace_id = e.workspace_id AND a.state = 'live'
            AND greatest(a.live_since, v.created_at) < e.created_at
            AND v.document #>> '{trigger,event}' = e.type)
        AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.event_id = e.id)
        GROUP BY e.workspace_id""",
    "decisions to send without a message": """
        SELECT d.workspace_id, count(*) AS found FROM decisions d
        WHERE d.id >= :since AND d.action = 'send' AND d.message_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.id = d.message_id)
        GROUP BY d.workspace_id""",
    "messages that a carrier accepted twice": """
        SELECT workspace_id, count(*) AS found FROM (
            SELECT m.workspace_id FROM messages m JOIN attempts t ON t.message_id = m.id
            WHERE m.id >= :since AND NOT m.pinned AND t.outcome = 'accepted'
            GROUP BY m.id, m.workspace_id HAVING count(*) > 1) twice
        GROUP BY workspace_id""",
    "days on which what was spent is not what the ledger says": """
        SELECT s.workspace_id, count(*) AS found FROM spend s
        LEFT JOIN LATERAL (SELECT sum(c.micros) AS micros, count(*) AS n FROM costs c
            WHERE c.workspace_id = s.workspace_id AND c.day = s.since
            AND c.state <> 'released') c ON true
        WHERE s.scope = 'workspace' AND s.key = '' AND s.period = 'day'
        AND s.since >= CAST(:from AS date)
        AND (s.micros <> coalesce(c.micros, 0) OR s.messages <> c.n)
        GROUP BY s.workspace_id""",
    "results in a state that cannot be": """
        SELECT workspace_id, count(*) AS found FROM write_backs
        WHERE id >= :since AND ((state = 'done') <> (done_at IS NOT NULL) OR tries > 100)
        GROUP BY workspace_id""",
    "sent messages that their record was never told of": """
        SELECT m.workspace_id, count(*) AS found FROM messages m
        WHERE m.id >= :since AND m.state IN ('sent', 'delivered', 'read')
        AND m.source_id IS NOT NULL AND m.subject <> ''
        AND NOT EXISTS (SELECT 1 FROM write_backs w WHERE w.message_id = m.id)
        GROUP BY m.workspace_id""",
    "messages left behind by a worker": """
        SELECT workspace_id, count(*) AS found FROM messages
        WHERE (state = 'sending' AND lease_until < :now - interval '1 hour')
        OR (state = 'uncertain' AND final_at IS NULL AND sending_at < :now - interval '73 hours')
        GROUP BY workspace_id""",
}


def look(ground: Ground) -> Sequence[Finding]:
    """Every invariant; a finding for each that does not hold, put together by workspace."""
    now = ground.clock()
    values = {"since": first_id(now - BACK), "from": (now - BACK).date(), "now": now}
    broken: list[Row] = []
    words: dict[object, list[str]] = {}
    with ground.database.begin() as db:
        run(db, "SET LOCAL statement_timeout = '5min'")
        for says, sql in INVARIANTS.items():
            for found in rows(db, sql, **{n: v for n, v in values.items() if f":{n}" in sql}):
                broken.append(found)
                words.setdefault(found["workspace_id"], []).append(f"{says} ({found['found']})")
    return by_workspace(
        broken, lambda group: f"Found: {', '.join(words[group[0]['workspace_id']])}.", "found"
    )


CHECK = Check(
    "invariants",
    "The hub's own rows agree with each other.",
    "This is a mistake of the hub's: keep its log, and report it.",
    timedelta(days=1),
    look,
)

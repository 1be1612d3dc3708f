"""Said: what words went to whom, so that the same ones do not go twice in a short while."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection

from hub.store.database import rows

Said = tuple[UUID, str, bytes]  # workspace, phone, what the words come to


def since(
    db: Connection, said: Sequence[Said], earliest: datetime
) -> dict[Said, list[tuple[UUID, UUID | None, datetime]]]:
    """Which messages said this to these people since then: (message, whom it stands in for,
    when it was handed over). The word on one in doubt may come up to two days later."""
    found = rows(
        db,
        """SELECT m.workspace_id, m.phone, m.text_hash, m.id, m.stands_in_for,
               coalesce(m.sent_at, m.sending_at) AS at
           FROM messages m JOIN unnest(CAST(:workspaces AS uuid[]), CAST(:phones AS text[]),
               CAST(:hashes AS bytea[])) AS s(workspace_id, phone, text_hash)
               ON m.workspace_id = s.workspace_id AND m.phone = s.phone
               AND m.text_hash = s.text_hash
           WHERE m.state IN ('sending', 'uncertain', 'sent', 'delivered', 'read')
           AND coalesce(m.sent_at, m.sending_at) > :earliest
           AND m.sending_at > CAST(:earliest AS timestamptz) - interval '2 days'""",
        workspaces=[workspace for workspace, _, _ in said],
        phones=[phone for _, phone, _ in said],
        hashes=[sense for _, _, sense in said],
        earliest=earliest,
    )
    told: dict[Said, list[tuple[UUID, UUID | None, datetime]]] = {}
    for r in found:
        key = (r["workspace_id"], r["phone"], bytes(r["text_hash"]))
        told.setdefault(key, []).append((r["id"], r["stands_in_for"], r["at"]))
    return told

"""Causes: which message may have brought an order, as far as its rows alone can say."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

WINDOW = timedelta(days=7)
# A shop dates its orders by its own clock, in whole seconds.
GRACE = timedelta(minutes=1)
LIMITS: Mapping[str, Any] = {"span": WINDOW, "grace": GRACE}

# A message `m` that the events of an order `e` caused did not bring it, nor did one planned since.
# Asked of each message by its own event, however the rest is asked.
BEFORE = """m.workspace_id = e.workspace_id AND m.created_at <= e.received_at
    AND coalesce((SELECT NOT (c.type LIKE 'order.%' AND c.subject = e.subject
        AND c.connection_id = e.connection_id) FROM events c WHERE c.id = m.event_id), true)"""

# Whether to look at an event `e` for that message at all: an order that a connection told, which
# names a code, whose person opened a link lately, or about whose cart there was a message. Wider
# than what is then asked: who opened the link, and what became of the message, may be known later.
MAY_BE_BROUGHT = f"""e.type IN ('order.created', 'order.paid') AND e.connection_id IS NOT NULL
    AND (coalesce(e.data -> 'codes', '[]') NOT IN ('[]', 'null')
    OR EXISTS (SELECT 1 FROM messages m
        WHERE m.workspace_id = e.workspace_id AND m.phone = e.phone AND e.phone <> ''
        AND m.created_at <= e.received_at
        AND (SELECT true FROM clicks k WHERE k.message_id = m.id
            AND k.at BETWEEN e.occurred_at - CAST(:span AS interval)
            AND e.occurred_at + CAST(:grace AS interval) LIMIT 1))
    OR EXISTS (SELECT 1 FROM messages m
        WHERE {BEFORE} AND m.cart <> '' AND m.cart = e.cart
        AND m.source_id = e.connection_id))"""  # noqa: S608 - our own words

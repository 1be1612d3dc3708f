"""Messages that the hub sends in answer to a reply: no event and no automation asks for them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from hub.store.database import Row, new_id
from hub.store.numbers import Number


def own_message(
    shop: Row,
    template: Row,
    number: Number,
    language: str,
    variables: Mapping[str, Any],
    sentence: str,
    now: datetime,
) -> dict[str, Any]:
    """The row of one transactional SMS, due at once, told to no record."""
    return {
        "id": new_id(),
        "workspace_id": shop["id"],
        "template_id": template["id"],
        "template_version": template["version"],
        "kind": "transactional",
        "channel": "sms",
        "phone": number.token,
        "language": language,
        "zone": shop["zone"],
        "variables": {"brand": shop["brand"], **variables},
        "state": "scheduled",
        "reason": "",
        "sentence": sentence,
        "due_at": now,
        "cart": "",
        "sender": "",
        "subject": "",
        "record": "",
        "created_at": now,
        "changed_at": now,
    }

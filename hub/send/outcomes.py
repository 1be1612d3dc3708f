"""What is worth telling the CRM of a message: one marked outcome for each thing that happened."""

from datetime import datetime
from typing import Any

from hub.store import write_backs
from hub.store.database import Row


def outcome_of(
    message: Row, kind: str, at: datetime, sentence: str, text: str = "", told: str = ""
) -> list[dict[str, Any]]:
    """A write-back row for the record this message came from; none when it came from nowhere.

    `told` tells apart outcomes of one kind (two replies to one message).
    """
    if message["source_id"] is None or not message["subject"]:
        return []
    name = f"{message['id']}:{kind}:{told}"
    outcome = {
        "kind": kind,
        "subject": message["subject"],
        "record": message["record"],
        "at": at,
        "sentence": sentence,
        "text": text,
    }
    row = write_backs.planned(
        name,
        workspace_id=message["workspace_id"],
        connection_id=message["source_id"],
        message_id=message["id"],
        outcome=outcome,
        due_at=at,
    )
    return [row]


def said_of(message: Row, state: str) -> str:
    """«SMS delivered.», «RCS read.»: what a record is told of a state that is good news."""
    return f"{message['channel'].upper()} {state}."

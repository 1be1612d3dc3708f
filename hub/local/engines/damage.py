"""A database that is damaged or gone is never replaced by an empty one: an empty hub would take in,
and send, everything anew. The words name the backup that leads back."""

import json
from pathlib import Path

from hub.local.engines.folder import EngineError

NOTE = "last-backup.json"  # in the data folder: {path, taken_at}
# What PostgreSQL says when its files are not as it left them.
SIGNS = (
    "PANIC",
    "could not locate a valid checkpoint",
    "invalid checkpoint",
    "invalid page",
    "checksum",
    "is not a valid data directory",
    "incorrect resource manager",
    "could not open file",
    "could not read file",
    "could not find the database system",
    "control file",
    "database files are incompatible",
    "could not access directory",
)


class Damaged(EngineError):
    """The rows are not as they were left, or gone; the words name the way back."""


def refusal(data: Path, what: str) -> Damaged:
    """What happened, and the newest backup that this data folder knows of."""
    return Damaged(f"{what} {way_back(data)}")


def way_back(data: Path) -> str:
    """One or two sentences: how to go on from here."""
    try:
        note = json.loads((data / NOTE).read_text("utf-8"))
        known = f"The newest backup is {note['path']}, taken at {note['taken_at']}."
        return f"{known} Bring it back: hub restore {note['path']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "Bring back a backup: hub restore FILE. No backup was ever made from this folder."

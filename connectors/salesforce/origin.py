"""What we noted beside what we wrote on a Contact or Lead, so that we know our own word again.

The note is one short text in a field of ours: which state, at what time, which consent we wrote,
and when a person had last edited the record before us.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .documents import moment, pick, text
from .mapping import Table

# Our clock writes the note, Salesforce's clock dates the edit.
_SAME = timedelta(minutes=2)


@dataclass(frozen=True)
class Note:
    """`state` and `at`: the newest outcome written. `said`: "out", "in" or nothing. `wrote`: when.
    `person`: LastModifiedDate of the last edit that was not ours, as Salesforce wrote it."""

    state: str = ""
    at: datetime | None = None
    said: str = ""
    wrote: datetime | None = None
    person: str = ""

    def __str__(self) -> str:
        at = self.at.isoformat(timespec="milliseconds") if self.at else ""
        wrote = self.wrote.isoformat(timespec="milliseconds") if self.wrote else ""
        return f"state={self.state};at={at};said={self.said};wrote={wrote};person={self.person}"

    @classmethod
    def read(cls, written: Any) -> "Note":
        """From the field; whatever is no note of ours is as if empty."""
        pairs = (part.partition("=") for part in text(written, 255).split(";"))
        found = {name.strip(): value.strip() for name, _, value in pairs}
        at, wrote = moment(found.get("at")), moment(found.get("wrote"))
        said = found.get("said", "")
        known = said if said in ("out", "in") else ""
        return cls(found.get("state", ""), at, known, wrote, found.get("person", ""))


def note(row: Any, table: Table) -> Note:
    """The note that stands on this record."""
    return Note.read(pick(row, table.origin)) if table.origin else Note()


def edited(row: Any, table: Table, user: str) -> str:
    """LastModifiedDate of the last edit that was not ours, as a text.

    A key made of it changes when a person edits, even back to what was there before, and does not
    change when we write. Ours is what our user did at the time our note names: an admin who signed
    Relais in goes on editing as that same user.
    """
    last = text(pick(row, "LastModifiedDate"), 40)
    ours, at = note(row, table), moment(last)
    by_us = user and text(pick(row, "LastModifiedById"), 18)[:15] == user[:15]
    if by_us and ours.wrote and at and abs(at - ours.wrote) <= _SAME:
        return ours.person
    return last


def user_of(identity: str) -> str:
    """The user's id out of the identity address of a token answer: …/id/<org>/<user>."""
    return text(identity.rstrip("/").rpartition("/")[2], 18)

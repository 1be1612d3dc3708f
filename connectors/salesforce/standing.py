"""What Contacts and Leads say of SMS: the newest state, the opt-out, and our note beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from hub.contract import Outcome

from .mapping import Table
from .origin import Note, edited, note

_RANK = (
    "skipped", "sent", "failed", "delivered", "read", "clicked", "bought", "replied",
    "confirmed", "declined", "postponed", "opted_in", "opted_out",
)  # fmt: skip
_CONSENT = {"opted_out": "out", "opted_in": "in"}


def update(
    outcomes: Sequence[Outcome], table: Table, row: Mapping[str, Any], now: datetime, user: str
) -> dict[str, Any] | None:
    """The fields to change on a record; None where they say so already or there are none.

    Without our note beside it our own word would come back as a person's, so where the org has no
    field for the note nothing else is written either.
    """
    if table.origin not in row:
        return None
    before = note(row, table)
    fields, after = _consent(outcomes, table, row, before)
    newest = max(outcomes, key=stamp)
    if before.at is None or stamp(newest) > (_whole(before.at), rank(before.state)):
        after = replace(after, state=newest.kind, at=newest.at)
        fields |= {table.status: newest.kind} if table.status in row else {}
    if after == before and not fields:
        return None
    after = replace(after, wrote=now, person=edited(row, table, user))
    kind = {"attributes": {"type": table.object}, "Id": row["Id"]}
    return {**kind, **fields, table.origin: str(after)}


def lacks_consent(table: Table, row: Mapping[str, Any]) -> bool:
    """Whether an opt-out has no place on this record, though the settings name one."""
    return bool(table.consent) and not {table.consent, table.origin} <= set(row)


def _consent(
    outcomes: Sequence[Outcome], table: Table, row: Mapping[str, Any], before: Note
) -> tuple[dict[str, Any], Note]:
    said = max((o for o in outcomes if o.kind in _CONSENT), key=stamp, default=None)
    if said is None or table.consent not in row or not _is_news(said, row, table, before):
        return {}, before
    return {table.consent: said.kind == "opted_out"}, replace(before, said=_CONSENT[said.kind])


def stamp(outcome: Outcome) -> tuple[datetime, int]:
    """What puts outcomes in order: their second, then what may follow what within it."""
    return _whole(outcome.at), rank(outcome.kind)


def rank(kind: str) -> int:
    """A state's place within one second."""
    return _RANK.index(kind) if kind in _RANK else -1


def _is_news(said: Outcome, row: Mapping[str, Any], table: Table, before: Note) -> bool:
    stands = row.get(table.consent) is True
    wished = said.kind == "opted_out"
    if before.said == _CONSENT[said.kind] and before.at and _whole(before.at) >= _whole(said.at):
        return False  # told again: what a person did since then stands
    # Where a person ticked the same box first, it stays that person's word.
    return stands != wished or (before.said != _CONSENT[said.kind] and before.said != "")


def _whole(at: datetime) -> datetime:
    return at.replace(microsecond=0)

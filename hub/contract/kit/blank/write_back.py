"""Outcomes become notes on the contact; each note holds its marker, so none is written twice."""

from collections.abc import Sequence

from hub.contract import Context, Outcome, Refused, Written

from .client import add_note, notes


def write(ctx: Context, outcomes: Sequence[Outcome]) -> Sequence[Written]:
    """One note per outcome, in their order; a record that is gone is refused alone."""
    return [_write(ctx, outcome) for outcome in outcomes]


def _write(ctx: Context, outcome: Outcome) -> Written:
    noun, _, contact = outcome.subject.partition(":")
    if noun != "contact" or not contact.isascii() or not contact.isalnum():
        return Written(refused="Only contacts can carry notes.")
    try:
        return Written(reference=_note(ctx, contact, outcome))
    except Refused as error:
        return Written(refused=error.words)


def _note(ctx: Context, contact: str, outcome: Outcome) -> str:
    marker = f"[relais {outcome.marker}]"
    for note in notes(ctx, contact):
        if marker in str(note.get("text")):
            return f"note:{note.get('id')}"
    return f"note:{add_note(ctx, contact, f'{outcome.sentence} {marker}')}"

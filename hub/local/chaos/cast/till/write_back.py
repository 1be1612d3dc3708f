"""Outcomes become notes on the order, many in one call; a marker says which are there already."""

from collections.abc import Sequence

from hub.contract import Context, Outcome, Written

from .client import Note, add_notes, standing

BATCH_SIZE = 200


def write(ctx: Context, outcomes: Sequence[Outcome]) -> Sequence[Written]:
    """All in one call; those that an earlier try may have written are looked for first."""
    notes = [_note(outcome) for outcome in outcomes]
    doubted = [note for note, outcome in zip(notes, outcomes, strict=True) if outcome.again]
    there = standing(ctx, doubted) if doubted else []
    known = {note["marker"] for note, stands in zip(doubted, there, strict=True) if stands}
    news = [note for note in notes if note["marker"] not in known]
    if news:
        add_notes(ctx, news)
    return [Written(reference=f"note:{note['marker']}") for note in notes]


def _note(outcome: Outcome) -> Note:
    order = outcome.subject.partition(":")[2]
    return {"order": order, "kind": outcome.kind, "marker": outcome.marker}

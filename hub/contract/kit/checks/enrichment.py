"""Thin events are made whole: many in a few calls, in order, each on its own."""

from collections.abc import Sequence
from dataclasses import replace

from hub.contract import Event, Ignored
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.conditions import has_enrich
from hub.contract.kit.reading import thin
from hub.contract.kit.score import check

_MANY, _MOST_CALLS = 100, 12
_LOST = "999999999"


@check("enrich-batch", "A hundred thin events cost a dozen calls at most", has_enrich)
def batch(bench: Bench) -> None:
    """One call per event would use up the vendor's limits on a busy day."""
    events = thin(bench, _MANY)[:_MANY]
    insist(events, "It has an enrich, and no event of the simulator lacks anything.")
    before = bench.simulator.faults.asked
    answers = _enrich(bench, events)
    cost = bench.simulator.faults.asked - before
    insist(cost <= _MOST_CALLS, f"{len(events)} thin events cost {cost} calls.")
    whole = [one for one in answers if isinstance(one, Event)]
    insist(whole, "None of the thin events became whole.")


@check(
    "enrich-order", "Whole events come in the order of the thin ones, one answer each", has_enrich
)
def order(bench: Bench) -> None:
    """Else a person would get a message about another one's order."""
    events = _few(bench)
    forth, back = _said(_enrich(bench, events)), _said(_enrich(bench, events[::-1]))
    insist(forth == back[::-1], "The answers depend on the order of the thin events.")
    alone = _said(_enrich(bench, events[:1]))
    insist(alone == forth[:1], "An event is answered in another one's place.")
    insist(len(_enrich(bench, [])) == 0, "No thin event is answered with something.")


@check("enrich-unknown", "A record that is gone leaves the other events as they are", has_enrich)
def unknown(bench: Bench) -> None:
    """It is ignored, in words, or left as it came."""
    events = _few(bench)
    alone = _said(_enrich(bench, events))
    mixed = _enrich(bench, [*events[:1], _gone(events[0]), *events[1:]])
    insist(
        _said([mixed[0], *mixed[2:]]) == alone, "A record that is gone changes the other answers."
    )
    gone = mixed[1]
    worded = isinstance(gone, Event) or bool(gone.reason.strip())
    insist(worded, "A record that is gone is ignored without a word.")


def _few(bench: Bench) -> list[Event]:
    events = thin(bench, 6)
    answers = zip(events, _enrich(bench, events), strict=True)
    by_subject = {thin.subject: thin for thin, whole in answers if isinstance(whole, Event)}
    insist(len(by_subject) > 1, "Not even two thin events of the simulator become whole.")
    return list(by_subject.values())[:6]


def _said(answers: Sequence[Event | Ignored]) -> list[tuple[str, ...]]:
    # What an answer is about; a time in it may be that of the asking.
    return [
        (one.type, one.key, one.subject) if isinstance(one, Event) else (one.reason,)
        for one in answers
    ]


def _enrich(bench: Bench, events: Sequence[Event]) -> list[Event | Ignored]:
    enrich = bench.connector.enrich
    found = list(enrich(bench.ctx, events)) if enrich else []
    insist(len(found) == len(events), f"{len(events)} thin events got {len(found)} answers.")
    strange = [one for one in found if not isinstance(one, Event | Ignored)]
    insist(not strange, "enrich answers something that is neither an event nor ignored.")
    return found


def _gone(event: Event) -> Event:
    noun, _, number = event.subject.partition(":")
    data = {name: _LOST if value == number else value for name, value in event.data.items()}
    record = f"{event.person.record.partition(':')[0]}:{_LOST}" if event.person.record else ""
    return replace(
        event,
        key=event.key.replace(number, _LOST),
        subject=f"{noun}:{_LOST}",
        person=replace(event.person, record=record),
        data=data,
    )

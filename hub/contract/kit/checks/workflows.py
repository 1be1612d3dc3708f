"""A CRM's own workflows: their calls are understood, answered at once, and told how it went."""

from collections.abc import Sequence

from hub.contract import Action, Event, Progress, Request, Response
from hub.contract.events import WAITS_FOR
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.calls import progress
from hub.contract.kit.checks.conditions import has_completions, has_executions
from hub.contract.kit.checks.junk import BODIES
from hub.contract.kit.score import check
from hub.contract.kit.sealing import sealed
from hub.contract.outcomes import Written

_MOST_CALLS = 6


@check("actions", "A workflow's call asks for messages, each with its waiting step", has_executions)
def actions(bench: Bench) -> None:
    """Read without the network, answered at once, whatever stands in it."""
    made = bench.executions(3)
    events_of = dict[str, list[Event]]()
    missing = set(bench.connector.actions) - {name for name, _ in made}
    insist(not missing, f"The simulator's executions() has no call of {', '.join(missing)}.")
    for name, request in made:
        door = bench.door_of(request)
        insist(door.ending == name, f"A call of «{name}» is taken by the {door.name}.")
        with sealed():
            events = door.read(request)
            _check_answer(bench.connector.actions[name], request)
        insist(isinstance(events, list | tuple) and events, f"A call of «{name}» asks for nothing.")
        events_of.setdefault(name, []).extend(events)
    for name, told in events_of.items():
        insist(len(told) == 3, f"For three people of «{name}», {len(told)} messages are asked.")
        _check_asked(name, told)


@check("complete", "Waiting steps are told many at once, and twice is harmless", has_completions)
def complete(bench: Bench) -> None:
    """A hundred in six calls at most; one that is gone is refused alone."""
    for name, action in bench.connector.actions.items():
        if action.complete is None:
            continue
        told = progress(bench, name, min(action.batch_size, 100))
        insist(told, f"The simulator's executions() has no call of «{name}» that waits.")
        before = bench.simulator.faults.asked
        written = _complete(bench, action, told)
        cost = bench.simulator.faults.asked - before
        insist(cost <= _MOST_CALLS, f"Telling {len(told)} waiting steps cost {cost} calls.")
        insist(not any(one.refused for one in written), "A waiting step was not told.")
        _check_told(bench, told)
        _complete(bench, action, told)
        _check_gone(bench, name, action)


def _check_answer(action: Action, request: Request) -> None:
    insist(200 <= action.answer(request).status < 300, "A workflow's call is answered badly.")
    for body in BODIES:
        junk = Request(request.method, request.headers, body, url=request.url)
        insist(isinstance(action.answer(junk), Response), "A call of no sense gets no answer.")


def _check_asked(name: str, events: Sequence[Event]) -> None:
    strange = [one.type for one in events if one.type != "workflow.requested"]
    insist(not strange, f"A call of «{name}» means {', '.join(strange)}.")
    waiting = [one.callback for one in events if one.callback]
    insist(len(waiting) == len(events), f"A call of «{name}» gives a message without its step.")
    names = {one.reference for one in waiting if one.reference}
    insist(len(names) == len(waiting), f"Two steps of «{name}» have one reference, or none.")
    insist(all(one.waits_for in WAITS_FOR for one in waiting), "A step waits for an unknown state.")


def _check_told(bench: Bench, told: Sequence[Progress]) -> None:
    completed = getattr(bench.simulator, "completed", lambda _: True)
    for one in told:
        insist(completed(one.reference), "A step that was told is still waiting at the vendor.")


def _check_gone(bench: Bench, name: str, action: Action) -> None:
    few = progress(bench, name, 2)
    gone = Progress("gone-0001", "delivered", sentence="SMS delivered.")
    written = _complete(bench, action, [gone, *few])
    insist(written[0].refused, "A step that is gone is not refused in words.")
    others = "".join(one.refused for one in written[1:])
    insist(not others, f"A step that is gone took others with it: {others}")


def _complete(bench: Bench, action: Action, told: Sequence[Progress]) -> Sequence[Written]:
    written = action.complete(bench.ctx, told) if action.complete else ()
    insist(len(written) == len(told), f"{len(told)} steps got {len(written)} answers.")
    return written

"""Faults of what a CRM's own workflows call and ask."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from hub.contract import Connector, Context
from hub.contract.kit.mutants import Seeded
from hub.contract.outcomes import Written
from hub.contract.request import Request
from hub.contract.workflows import Known, Progress

Wrap = Callable[[Any], Any]


def seeded(connector: Connector) -> Iterator[Seeded]:
    """Each fault of each action, then of each question."""
    for at, action in connector.actions.items():
        for name, laws, part, wrap in _ACTING:
            genuine = getattr(action, part)
            if genuine is not None:
                faulty = {**connector.actions, at: replace(action, **{part: wrap(genuine)})}
                label = f"action «{at}»: {name}"
                yield Seeded(label, laws, replace(connector, actions=faulty))
    for at, question in connector.questions.items():
        asked = replace(question, answer=_crashing(question.answer))
        faulty_questions = {**connector.questions, at: asked}
        yield Seeded(
            f"question «{at}»: one of no sense crashes it",
            ("questions",),
            replace(connector, questions=faulty_questions),
        )


def _without_callback(parse: Any) -> Any:
    def parsed(request: Request, settings: Mapping[str, str]) -> Any:
        said = parse(request, settings)
        events = said if isinstance(said, tuple | list) else ()
        return [replace(one, callback=None) for one in events] or said

    return parsed


def _untold(_: Any) -> Any:
    def completed(ctx: Context, progress: Sequence[Progress]) -> Sequence[Written]:
        return [Written(one.reference) for one in progress]

    return completed


def _all_or_none(complete: Any) -> Any:
    def completed(ctx: Context, progress: Sequence[Progress]) -> Sequence[Written]:
        found = list(complete(ctx, progress))
        bad = [one for one in found if one.refused]
        return bad[:1] * len(found) if bad else found

    return completed


def _crashing(answer: Any) -> Any:
    def answered(request: Request, known: Known) -> Any:
        request.body.decode("ascii")
        return answer(request, known)

    return answered


_ACTING: tuple[tuple[str, tuple[str, ...], str, Wrap], ...] = (
    ("the step that waits is forgotten", ("actions",), "parse", _without_callback),
    (
        "its call is answered too curtly",
        ("actions",),
        "answer",
        lambda answer: lambda request: replace(answer(request), status=500),
    ),
    ("steps are said to be told and are not", ("complete",), "complete", _untold),
    ("one step that is gone refuses all", ("complete",), "complete", _all_or_none),
    (
        "steps are told one by one",
        ("complete",),
        "complete",
        lambda complete: lambda ctx, told: [w for one in told for w in complete(ctx, [one])],
    ),
    (
        "answers about steps in another order",
        ("complete",),
        "complete",
        lambda complete: lambda ctx, told: list(complete(ctx, told))[::-1],
    ),
)

"""Questions of a workflow's designer: answered from what the hub knows, to the vendor only."""

from contextlib import suppress
from datetime import UTC, datetime

from hub.contract import Known, Progress, Request, Response
from hub.contract.errors import Rejected
from hub.contract.kit.bench import Bench, insist
from hub.contract.kit.checks.conditions import has_questions
from hub.contract.kit.checks.junk import BODIES
from hub.contract.kit.doors import stamped
from hub.contract.kit.score import check
from hub.contract.kit.sealing import sealed


@check("questions", "What a workflow's designer asks is answered at once", has_questions)
def questions(bench: Bench) -> None:
    """From what the hub knows; a question that makes no sense is refused, never a crash."""
    known = _known(bench)
    for name, question in bench.connector.questions.items():
        for body in BODIES:
            junk = stamped(Request("POST", {"content-type": "application/json"}, body))
            with suppress(Rejected):
                question.verify(junk, {**bench.settings, **bench.secrets})
            with sealed():
                answer = question.answer(junk, known)
            fits = isinstance(answer, Response) and answer.status < 500
            insist(fits, f"The question «{name}» is answered badly when it makes no sense.")
    asked = getattr(bench.simulator, "questions", None)
    for name, request in asked() if asked else ():
        question = bench.connector.questions[name]
        question.verify(stamped(request), {**bench.settings, **bench.secrets})
        with sealed():
            answer = question.answer(request, known)
        insist(answer.status == 200, f"The question «{name}» is answered {answer.status}.")
        insist(_shuts(bench, name, request), f"The question «{name}» is answered to anybody.")


def _known(bench: Bench) -> Known:
    at = datetime(2026, 6, 12, 14, 30, tzinfo=UTC)
    templates = (("win-back", "Win back"), ("thanks", "Thank you"))
    return Known(
        templates, lambda asked: [Progress(r, "sent", at=at) for r in asked], bench.hook_url
    )


def _shuts(bench: Bench, name: str, request: Request) -> bool:
    blanked = dict.fromkeys(bench.secrets, "another-0000")
    try:
        bench.connector.questions[name].verify(stamped(request), {**bench.settings, **blanked})
    except Rejected:
        return True
    return False

"""What fits an event: what it can be once for, and what a delay can be counted from."""

from hub.automations.document import ONCE_PER
from hub.contract import VOCABULARY
from hub.contract.events import UPCOMING


def once_per(event: str) -> tuple[str, ...]:
    """What an automation of this event can be once for."""
    kind = VOCABULARY.get(event)
    if event == UPCOMING:
        return ("slot",)
    has = {v.name for v in kind.variables} if kind else set()
    unfit = {"status": "status" not in has, "series": "series" not in has,
             "slot": kind is None or kind.subject != "booking"}  # fmt: skip
    return tuple(name for name in ONCE_PER if not unfit.get(name))


def anchors(event: str, stepped: bool) -> tuple[str, ...]:
    """What a delay can be counted from: "after:occurred_at", "before:starts_at"."""
    kind = VOCABULARY.get(event)
    dates = [v.name for v in kind.variables if v.kind == "datetime"] if kind else []
    if stepped and event != UPCOMING:
        return ()
    since = [] if stepped else ["after:occurred_at"]
    return (*since, *(f"{side}:{name}" for name in dates for side in ("before", "after")))

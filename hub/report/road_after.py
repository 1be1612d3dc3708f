"""What followed a message, in words: the SMS in its place, the clicks, the order it brought."""

from hub.report.road_rows import Trail
from hub.report.road_shape import Details, Standing, Station
from hub.report.road_words import Times, brief, counted, masked_in, shown
from hub.store.database import Row

_ENDS = {
    "delivered": "it was delivered",
    "read": "it was read",
    "sent": "the carrier has it",
    "failed": "it did not arrive either",
    "expired": "it did not arrive either",
    "cancelled": "it was not needed in the end",
}
_HOW = {
    "code": "the order named this message's code",
    "click": "the person opened this message's link before ordering",
    "cart": "this message was about the cart that became the order",
}


def instead(trail: Trail, times: Times) -> Station | None:
    """The SMS beneath an RCS message that did not reach its phone; None where there is none."""
    beneath = trail.beneath
    if beneath is None:
        return None
    ends = _ENDS.get(beneath["state"], f"it is {beneath['state']}")
    words = f"An SMS was put in its place {times.at(beneath['created_at'])}; {ends}."
    details = [("Message", str(beneath["id"]))]
    if beneath["body"]:
        details.append(("Text", masked_in(beneath["body"])))
    if beneath["sentence"]:
        details.append(("Why", masked_in(beneath["sentence"])))
    at = beneath["created_at"]
    return Station("instead", _standing(beneath["state"]), at, words, tuple(details))


def _standing(state: str) -> Standing:
    if state in ("scheduled", "held", "sending", "uncertain"):
        return "waiting"
    return "stopped" if state in ("failed", "expired", "skipped") else "done"


def clicked(trail: Trail, times: Times) -> Station | None:
    """Who opened its links; robots are told apart and never counted. None where nobody did."""
    people = [click for click in trail.clicks if click["who"] == "person"]
    if not people:
        return None
    first = people[0]
    words = f"Opened {times.at(first['at'])}: {_link(first)}."
    if len(people) > 1:
        words = f"{words[:-1]}, {counted(len(people), 'time')} in all."
    return Station("clicked", "done", first["at"], words, _lines(trail, times))


def _link(click: Row) -> str:
    kind = {"page": "the page made for them", "support": "the link for help"}.get(click["kind"])
    return kind or brief(str(click["target"]).partition("?")[0])


def _lines(trail: Trail, times: Times) -> Details:
    return tuple(
        (
            "Click" if click["who"] == "person" else "Robot",
            f"{times.at(click['at'])}, {_link(click)}"
            + (f" ({click['why']})." if click["why"] else "."),
        )
        for click in trail.clicks[:20]
    )


def bought(trail: Trail, times: Times) -> Station | None:
    """The order that this message brought, and how that is known; None where it brought none."""
    if not trail.conversions:
        return None
    first = trail.conversions[0]
    noun, _, name = first["subject"].partition(":")
    worth = ""
    if first["amount"] is not None:
        sum_ = {"amount": str(first["amount"]), "currency": first["currency"]}
        worth = f", {shown(sum_)}"
    words = f"They ordered {times.at(first['at'])}: {noun} {name}{worth}."
    details = tuple(("How it is known", f"{_HOW[one['how']]}.") for one in trail.conversions)
    return Station("bought", "done", first["at"], words, details)

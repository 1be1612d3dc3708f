"""A document as the words of its sentence: each control's text, by the control's name. Whatever
stands in the document, also what could not be published, is drawn as far as it can be read."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hub.contract.events import UPCOMING

Document = Mapping[str, Any]
Texts = dict[str, str]
UNITS = {"minutes": 1, "hours": 60, "days": 1440}


def drawn(document: Document) -> Texts:
    """Every control's text: {"delay.amount": "45", "conditions.0.field": "cart_total", …}."""
    send, event = section(document, "send"), said(section(document, "trigger").get("event"))
    usual = "slot" if event == UPCOMING else "event"
    texts = {
        "name": said(document.get("name")),
        "event": event,
        "template": said(send.get("template")),
        "kind": said(send.get("kind")),
        "once_per": said(document.get("once_per", usual)),
        "restart": "yes" if document.get("restart") is True else "no",
        "window": said(document.get("window", "wait")),
        "preferred_hour": said(document.get("preferred_hour")),
        "holdout": said(document.get("holdout", 0)),
    }
    for many in (_delay, _late, _uncertain, _split, _conditions, _cancels):
        texts |= dict(many(document))
    return texts


def section(document: Document, name: str) -> Document:
    """A nested object, empty where there is none."""
    found = document.get(name)
    return found if isinstance(found, Mapping) else {}


def listed(document: Document, name: str) -> Sequence[Document]:
    """A list of objects; what is none is drawn as an empty one."""
    found = document.get(name)
    rows = found if isinstance(found, list | tuple) else ()
    return [row if isinstance(row, Mapping) else {} for row in rows]


def said(value: Any) -> str:
    """A value as it stands in a control."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(map(said, value))
        case Mapping():
            return ""
    return str(value)


def parted(minutes: Any) -> tuple[str, str]:
    """Minutes as the largest unit that they fill: ("2", "hours")."""
    if isinstance(minutes, bool) or not isinstance(minutes, int):
        return said(minutes), "minutes"
    for unit in ("days", "hours"):
        if minutes and minutes % UNITS[unit] == 0:
            return str(minutes // UNITS[unit]), unit
    return str(minutes), "minutes"


def anchor_of(delay: Document) -> str:
    """ "before:starts_at", "after:occurred_at"."""
    side = "before" if "before" in delay else "after"
    return f"{side}:{said(delay.get(side)) or 'occurred_at'}"


Pairs = Iterator[tuple[str, str]]


def _delay(document: Document) -> Pairs:
    delay = section(document, "delay")
    yield "delay.anchor", anchor_of(delay)
    if "steps" not in delay:
        yield from zip(("delay.amount", "delay.unit"), parted(delay.get("minutes", 0)), strict=True)
    for place, step in enumerate(listed(delay, "steps")):
        amount, unit = _step(step)
        yield f"steps.{place}.amount", amount
        yield f"steps.{place}.unit", unit
        yield f"steps.{place}.at", said(step.get("at"))


def _step(step: Document) -> tuple[str, str]:
    """A step's days are the calendar's; so many times 24 hours stay hours."""
    if "days" in step:
        return said(step["days"]), "days"
    amount, unit = parted(step.get("minutes", 0))
    return (str(int(amount) * 24), "hours") if unit == "days" else (amount, unit)


def _late(document: Document) -> Pairs:
    late = section(document, "if_late")
    if "drop_after_minutes" in late:
        amount, unit = parted(late["drop_after_minutes"])
    else:
        amount, unit = ("1", "hours") if "before" in section(document, "delay") else ("1", "days")
    yield "late.amount", amount
    yield "late.unit", unit


def _uncertain(document: Document) -> Pairs:
    again = section(document, "on_uncertain")
    yield "uncertain", "again" if again else "hold"
    yield "uncertain.minutes", said(again.get("resend_after", 30))


def _split(document: Document) -> Pairs:
    for name, share in section(document, "split").items():
        yield f"split.{name}", said(share)


def _conditions(document: Document) -> Pairs:
    for place, row in enumerate(listed(document, "conditions")):
        at, value = f"conditions.{place}", row.get("value")
        yield f"{at}.field", said(row.get("field"))
        yield f"{at}.is", said(row.get("is"))
        yield from ((f"{at}.{name}", text) for name, text in _wanted(row.get("is"), value).items())


def _wanted(operator: Any, value: Any) -> Texts:
    match operator, value:
        case "is_known", _:
            return {"value": said(value is not False)}
        case "between", [low, high]:
            return {"value": said(low), "upto": said(high)}
        case _, {"amount": amount, "currency": currency}:
            return {"value": said(amount), "currency": said(currency)}
        case _, {"hours": hours}:
            return {"value": said(hours)}
    return {"value": said(value)}


def _cancels(document: Document) -> Pairs:
    for place, row in enumerate(listed(document, "cancel_on")):
        yield f"cancels.{place}.event", said(row.get("event"))
        yield f"cancels.{place}.same", said(row.get("same"))

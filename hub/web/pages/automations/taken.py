"""What a form says of an automation, put into its document. Only the controls whose text is another
than the one that was drawn are written: what the sentence cannot say stays as it is."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from hub.automations.operators import OPERATORS
from hub.contract.events import UPCOMING
from hub.web.pages.automations.drawn import Document, Texts, anchor_of, drawn, listed, section
from hub.web.pages.automations.fitting import anchors, once_per
from hub.web.pages.automations.values import Writing, kind_of, minutes_of, number, wanted, within

_GROUPS = ("conditions.", "cancels.", "steps.", "split.", "delay.", "late.", "uncertain")


def taken(document: Document, form: Mapping[str, str]) -> dict[str, Any]:
    """The document with what the form says otherwise."""
    was = drawn(document)
    says = {n: v.strip() for n, v in form.items() if n in was or n.startswith(_GROUPS)}
    new = {n: v for n, v in says.items() if v != was.get(n, "")}
    made: dict[str, Any] = deepcopy(dict(document))
    for write in (_plain, _sent, _event, _delay, _steps, _late, _uncertain, _split, _rows):
        write(made, new, {**was, **says})
    return made


def _plain(document: Writing, new: Texts, says: Texts) -> None:
    for name in {"name", "window", "once_per"} & set(new):
        document[name] = new[name]
    if "restart" in new:
        document["restart"] = new["restart"] == "yes"
    if "holdout" in new:
        document["holdout"] = number(new["holdout"] or "0")
    if "preferred_hour" in new:
        document["preferred_hour"] = (
            number(new["preferred_hour"]) if new["preferred_hour"] else None
        )


def _sent(document: Writing, new: Texts, says: Texts) -> None:
    for name in {"template", "kind"} & set(new):
        within(document, "send")[name] = new[name]
    if new.get("kind") == "marketing":
        document.pop("on_uncertain", None)  # marketing is never sent again in doubt
    if new.get("kind") == "transactional":
        document.pop("preferred_hour", None)


def _event(document: Writing, new: Texts, says: Texts) -> None:
    """Another event has other dates, and other things it can be once for."""
    if "event" not in new:
        return
    within(document, "trigger")["event"] = new["event"]
    if document.get("once_per") not in once_per(new["event"]):
        document.pop("once_per", None)
    delay = within(document, "delay")
    if anchor_of(delay) not in anchors(new["event"], "steps" in delay):
        document["delay"] = {}
    if new["event"] == UPCOMING and not delay.get("steps"):
        document["delay"] = {"before": "starts_at", "steps": [{"days": 1}]}


def _delay(document: Writing, new: Texts, says: Texts) -> None:
    if not {"delay.amount", "delay.unit", "delay.anchor"} & set(new) or "event" in new:
        return
    delay = within(document, "delay")
    if "delay.anchor" in new:
        side, _, name = new["delay.anchor"].partition(":")
        delay.pop("before", None)
        delay.pop("after", None)
        delay["before" if side == "before" else "after"] = name
    if "steps" not in delay:
        delay["minutes"] = minutes_of(says.get("delay.amount", "0"), says.get("delay.unit", ""))


def _steps(document: Writing, new: Texts, says: Texts) -> None:
    rows = listed(section(document, "delay"), "steps") if "event" not in new else ()
    for place, _ in enumerate(rows):
        at = f"steps.{place}."
        if any(name.startswith(at) for name in new):
            document["delay"]["steps"][place] = _step(
                says[f"{at}amount"], says[f"{at}unit"], says.get(f"{at}at", "")
            )


def _step(amount: str, unit: str, clock: str) -> dict[str, Any]:
    if unit != "days":
        return {"minutes": minutes_of(amount, unit)}
    return {"days": number(amount or "0"), **({"at": clock} if clock else {})}


def _late(document: Writing, new: Texts, says: Texts) -> None:
    if {"late.amount", "late.unit"} & set(new):
        within(document, "if_late")["drop_after_minutes"] = minutes_of(
            says["late.amount"], says["late.unit"]
        )


def _uncertain(document: Writing, new: Texts, says: Texts) -> None:
    if not {"uncertain", "uncertain.minutes"} & set(new):
        return
    if says["uncertain"] == "again":
        document["on_uncertain"] = {"resend_after": number(says["uncertain.minutes"] or "30")}
    else:
        document["on_uncertain"] = "hold"


def _split(document: Writing, new: Texts, says: Texts) -> None:
    for name in (n for n in new if n.startswith("split.")):
        share, wording = number(new[name] or "0"), name.removeprefix("split.")
        shares = within(document, "split")
        if share == 0:
            shares.pop(wording, None)
        else:
            shares[wording] = share


def _rows(document: Writing, new: Texts, says: Texts) -> None:
    for place, row in enumerate(listed(document, "conditions")):
        at = f"conditions.{place}."
        if any(name.startswith(at) for name in new) and isinstance(row, dict):
            _condition(row, at, says, drawn(document)["event"])
    for place, row in enumerate(listed(document, "cancel_on")):
        for name in ("event", "same"):
            if f"cancels.{place}.{name}" in new and isinstance(row, dict):
                row[name] = new[f"cancels.{place}.{name}"]


def _condition(row: Writing, at: str, says: Texts, event: str) -> None:
    """One condition anew; what does not fit its field any more gives way."""
    field, operator = says[f"{at}field"], says[f"{at}is"]
    kind = kind_of(event, field)
    was = kind_of(event, str(row.get("field")))
    operators = tuple(OPERATORS[kind])
    same = kind == was and operator in operators
    row["field"] = field
    row["is"] = operator if operator in operators else operators[0]
    texts = {
        name: says.get(f"{at}{name}", "") if same else "" for name in ("value", "upto", "currency")
    }
    row["value"] = wanted(kind, row["is"], texts)

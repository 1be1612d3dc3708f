"""The automation document: JSON in, a frozen value out, or every problem at once by its field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.automations.conditions import Condition, condition_json, read_condition
from hub.automations.delays import AT_ONCE, LONGEST_DELAY, Delay, delay_json, in_words, read_delay
from hub.automations.reading import DocumentError, Problem, Section, opened
from hub.automations.wording import happening, listed
from hub.contract import VOCABULARY, EventType
from hub.contract.events import UPCOMING

__all__ = ["Automation", "CancelOn", "Delay", "DocumentError", "Problem", "as_json", "parse"]

KINDS = ("marketing", "transactional")
ONCE_PER = ("event", "subject", "cart", "person", "status", "slot", "series")
SAME = ("subject", "cart", "person")
WINDOW = ("wait", "drop")
LATE_AFTER = 1440  # minutes, where the document does not say
LATE_BEFORE = 60  # a reminder ahead of an appointment is worth little once its moment has gone
LONGEST_DOUBT = 4320  # minutes: three days, after which nothing is settled by itself
MOST_HELD_OUT = 50  # percent: more would measure an automation that hardly runs
_MOST_WORDINGS = 10
_LONGEST_WORDING = 40
_SLUG = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_MOST_CONDITIONS = 20


@dataclass(frozen=True)
class CancelOn:
    """An event type that cancels a waiting message, for the same subject, cart or person."""

    event: str
    same: str


@dataclass(frozen=True)
class Automation:
    """One automation as written down. `kind` is marketing or transactional.

    `once_per` "slot" is once for a booking and its start; with booking.upcoming, for each step of
    the delay too. `drop_after_minutes` counts from the moment the message was due, waiting for
    sending hours included; `restart` lets a newer event of the same once-per key replace a waiting
    message. Marketing waits for `preferred_hour` (0-23, on the person's clock) where it comes in
    time; `holdout` percent of people are left out for good, to compare with; `split` is each other
    wording's share of people in percent, by name. `resend_after`: a message of which nobody knows
    whether it arrived is sent again, as a new one, after so many minutes; None never does.
    """

    name: str
    event: str
    template: str
    kind: str
    conditions: tuple[Condition, ...] = ()
    delay: Delay = AT_ONCE
    cancel_on: tuple[CancelOn, ...] = ()
    once_per: str = "event"
    restart: bool = False
    drop_after_minutes: int = LATE_AFTER
    window: str = "wait"
    preferred_hour: int | None = None
    holdout: int = 0
    split: tuple[tuple[str, int], ...] = ()
    resend_after: int | None = None

    @property
    def marketing(self) -> bool:
        """Whether consent, sending hours and the daily cap apply."""
        return self.kind == "marketing"


def parse(document: Mapping[str, Any]) -> Automation:
    """The automation a JSON document describes. Raises DocumentError with all its problems."""
    root = opened(document)
    root.knows(
        "name", "trigger", "conditions", "delay", "send", "cancel_on", "once_per", "restart",
        "if_late", "window", "preferred_hour", "holdout", "split", "on_uncertain",
    )  # fmt: skip
    name = root.text("name")
    event = _trigger(root.section("trigger"))
    conditions = _conditions(root, event)
    delay = read_delay(root.section("delay", required=False), event)
    template, kind = _send(root.section("send"))
    automation = Automation(
        name=name,
        event=event.name if event else "",
        template=template,
        kind=kind,
        conditions=conditions,
        delay=delay,
        cancel_on=tuple(map(_cancel_on, root.rows("cancel_on"))),
        once_per=_once_per(root, event),
        restart=root.flag("restart", default=False),
        drop_after_minutes=_late(root.section("if_late", required=False), delay),
        window=root.choice("window", WINDOW, "wait"),
        preferred_hour=_preferred_hour(root, kind),
        holdout=root.whole("holdout", MOST_HELD_OUT, 0),
        split=_split(root),
        resend_after=_on_uncertain(root, kind),
    )
    if root.problems:
        raise DocumentError(root.problems)
    return automation


def _trigger(section: Section) -> EventType | None:
    section.knows("event")
    return VOCABULARY.get(_event(section))


def _event(section: Section) -> str:
    noted = len(section.problems)
    event = section.choice("event", tuple(VOCABULARY))
    return event if len(section.problems) == noted and section.values else ""


def _conditions(root: Section, event: EventType | None) -> tuple[Condition, ...]:
    rows = root.rows("conditions")
    if len(rows) > _MOST_CONDITIONS:
        root.complain("conditions", f"may hold at most {_MOST_CONDITIONS} conditions.")
    read = [read_condition(row, event) for row in rows[:_MOST_CONDITIONS]]
    return tuple(condition for condition in read if condition)


def _send(section: Section) -> tuple[str, str]:
    section.knows("template", "kind")
    template = section.text("template", longest=80)
    if template and not _SLUG.fullmatch(template):
        section.complain("template", "must be a template's short name, such as «cart-reminder».")
    return template, section.choice("kind", KINDS)


def _cancel_on(section: Section) -> CancelOn:
    section.knows("event", "same")
    return CancelOn(_event(section), section.choice("same", SAME))


def _once_per(root: Section, event: EventType | None) -> str:
    ahead = event is not None and event.name == UPCOMING
    once_per = root.choice("once_per", ONCE_PER, "slot" if ahead else "event")
    if ahead and once_per != "slot":
        root.complain("once_per", f"must be «slot» with «{UPCOMING}»: once for each step.")
    if once_per == "slot" and event and event.subject != "booking":
        root.complain("once_per", f"«slot» is for bookings, not for {event.name}. Use «subject».")
    if once_per == "series" and event and event.variable("series") is None:
        root.complain("once_per", f"«series» is for bookings, not for {event.name}. Use «subject».")
    if once_per == "status" and event and event.variable("status") is None:
        root.complain("once_per", f"«status» is not known of {event.name}. Use «subject».")
    return once_per


def _late(section: Section, delay: Delay) -> int:
    section.knows("drop_after_minutes")
    default = LATE_BEFORE if delay.before else LATE_AFTER
    return section.whole("drop_after_minutes", LONGEST_DELAY, default)


def _preferred_hour(root: Section, kind: str) -> int | None:
    if root.values.get("preferred_hour") is None:
        return None
    if kind != "marketing":
        root.complain("preferred_hour", "is for marketing; other messages do not wait for an hour.")
    return root.whole("preferred_hour", 23)


def _on_uncertain(root: Section, kind: str) -> int | None:
    """«hold», or {"resend_after": minutes}: only where a duplicate does no harm."""
    if root.values.get("on_uncertain", "hold") == "hold":
        return None
    if not isinstance(root.values["on_uncertain"], Mapping):
        root.complain("on_uncertain", 'must be «hold», or an object such as {"resend_after": 30}.')
        return None
    section = root.section("on_uncertain")
    section.knows("resend_after")
    minutes = section.whole("resend_after", LONGEST_DOUBT)
    if "resend_after" in section.values and minutes == 0:
        section.complain("resend_after", "must be at least 1 minute.")
    if kind == "marketing":
        root.complain(
            "on_uncertain", "must be «hold» for marketing: it is never sent again in doubt."
        )
    return minutes


def _split(root: Section) -> tuple[tuple[str, int], ...]:
    section = root.section("split", required=False)
    if len(section.values) > _MOST_WORDINGS:
        root.complain("split", f"may name at most {_MOST_WORDINGS} wordings.")
        return ()
    shares = sorted((str(name), section.whole(name, 100)) for name in section.values)
    for name, _ in shares:
        if not _SLUG.fullmatch(name) or len(name) > _LONGEST_WORDING:
            section.complain(name[:80], "must be a wording's short name, such as «b».")
    if sum(percent for _, percent in shares) > 100:
        root.complain("split", "gives away more than 100 percent; the rest has the own text.")
    return tuple(shares)


def as_json(automation: Automation) -> dict[str, Any]:
    """The document of an automation, every field written out; `parse` gives the same value back."""
    return {
        "name": automation.name,
        "trigger": {"event": automation.event},
        "conditions": [condition_json(c) for c in automation.conditions],
        "delay": delay_json(automation.delay),
        "send": {"template": automation.template, "kind": automation.kind},
        "cancel_on": [{"event": c.event, "same": c.same} for c in automation.cancel_on],
        "once_per": automation.once_per,
        "restart": automation.restart,
        "if_late": {"drop_after_minutes": automation.drop_after_minutes},
        "window": automation.window,
        "preferred_hour": automation.preferred_hour,
        "holdout": automation.holdout,
        "split": dict(automation.split),
        "on_uncertain": _uncertain_json(automation),
    }


def _uncertain_json(automation: Automation) -> Any:
    minutes = automation.resend_after
    return "hold" if minutes is None else {"resend_after": minutes}


def sentence(automation: Automation) -> str:
    """The automation in one readable English sentence."""
    when = " and ".join([happening(automation.event), *map(str, automation.conditions)])
    parts = [f"When {when}", in_words(automation.delay) + _sends(automation)]
    cancels: dict[str, list[str]] = {}
    for cancel in automation.cancel_on:
        cancels.setdefault(cancel.event, []).append(f"the same {cancel.same}")
    if cancels:
        unless = (f"{happening(event)} for {listed(same)}" for event, same in cancels.items())
        parts.append(f"unless meanwhile {listed(unless)}")
    if automation.holdout:
        parts.append(f"never to {automation.holdout}% of people, to compare with")
    if automation.resend_after is not None:
        parts.append(f"again after {automation.resend_after} minutes if nobody knows of the first")
    return ", ".join([*parts, f"once per {automation.once_per}."])


def _sends(automation: Automation) -> str:
    words = f"send «{automation.template}»"
    if automation.split:
        shares = (f"«{name}» for {percent}%" for name, percent in automation.split)
        words += f" (worded {listed(shares, 'and')} of people)"
    hour = automation.preferred_hour
    return words if hour is None else f"{words} at {hour:02}:00 where that is in time"

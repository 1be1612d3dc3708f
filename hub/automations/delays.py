"""When, counted from a date: one or several steps, in absolute minutes or in calendar days."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any

from hub.automations.reading import Section
from hub.automations.wording import duration, listed
from hub.contract import EventType
from hub.contract.events import UPCOMING

LONGEST_DELAY = 90 * 1440  # minutes
_LONGEST_DAYS = 90
_MOST_STEPS = 10
_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_KEY = re.compile(r"([-+])(\d+)(m|d)(?:@(\d\d:\d\d))?:(\w+)")


@dataclass(frozen=True)
class Step:
    """`minutes` of absolute time or, where `days` is given, calendar days at the same local time,
    or at the local time `at` ("18:00")."""

    minutes: int = 0
    days: int | None = None
    at: str = ""

    def __str__(self) -> str:
        if self.days is None:
            return duration(self.minutes)
        days = "1 day" if self.days == 1 else f"{self.days} days"
        return days if not self.at else f"{days} (at {self.at})"

    def from_anchor(self, anchor: datetime, zone: tzinfo, before: bool) -> datetime:
        """The instant (UTC) this far from the anchor (aware).

        A local time that a change of clocks skips is moved on by what was skipped; of one that
        comes twice the first counts.
        """
        sign = -1 if before else 1
        if self.days is None:  # before adding: a named zone would add wall-clock minutes
            return anchor.astimezone(UTC) + sign * timedelta(minutes=self.minutes)
        local = anchor.astimezone(zone)
        clock = time.fromisoformat(self.at) if self.at else local.time()
        day = local.date() + sign * timedelta(days=self.days)
        return datetime.combine(day, clock.replace(fold=0), zone).astimezone(UTC)


@dataclass(frozen=True)
class Delay:
    """`minutes` after (or `before`) the moment that `anchor` names: occurred_at or a datetime.

    Where `steps` are given, they stand in place of `minutes`: one message for each.
    """

    minutes: int = 0
    anchor: str = "occurred_at"
    before: bool = False
    steps: tuple[Step, ...] = ()

    @property
    def plan(self) -> tuple[Step, ...]:
        """Every step, in the document's order."""
        return self.steps or (Step(self.minutes),)

    def key(self, step: int) -> str:
        """A step's own name, whatever its place among others: "-1d@18:00:starts_at"."""
        one = self.plan[step]
        length = f"{one.minutes}m" if one.days is None else f"{one.days}d"
        clock = f"@{one.at}" if one.at else ""
        return f"{'-' if self.before else '+'}{length}{clock}:{self.anchor}"


AT_ONCE = Delay()


def delay_of(key: str) -> Delay | None:
    """The delay of one step that `Delay.key` named; None where the text is no such name."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    sign, length, unit, clock, anchor = found.groups()
    step = Step(int(length)) if unit == "m" else Step(0, int(length), clock or "")
    return Delay(0, anchor, sign == "-", (step,))


def read_delay(section: Section, event: EventType | None) -> Delay:
    """The delay of a document; what is wrong with it is noted in the section."""
    section.knows("minutes", "after", "before", "steps")
    if not section.values:
        return AT_ONCE
    if "before" in section.values and "after" in section.values:
        section.complain("before", "cannot stand beside «after»; keep one of them.")
    side = "before" if "before" in section.values else "after"
    steps = _steps(section, event) if "steps" in section.values else ()
    minutes = 0 if "steps" in section.values else section.whole("minutes", LONGEST_DELAY)
    dated = [v.name for v in event.variables if v.kind == "datetime"] if event else []
    anchors = dated if side == "before" or steps else ["occurred_at", *dated]
    if event is None:
        return Delay(minutes)
    if not anchors:
        section.complain("before", f"{event.name} has no date to count back from; use «after».")
        return Delay(minutes)
    default = "" if steps else "occurred_at"
    return Delay(minutes, section.choice(side, anchors, default), side == "before", steps)


def _steps(section: Section, event: EventType | None) -> tuple[Step, ...]:
    if event is not None and event.name != UPCOMING:
        section.complain("steps", f"are for «{UPCOMING}»; here give «minutes».")
    if "minutes" in section.values:
        section.complain("minutes", "cannot stand beside «steps»; keep one of them.")
    given = section.rows("steps")
    if not 0 < len(given) <= _MOST_STEPS:
        section.complain("steps", f"must be a list of 1 to {_MOST_STEPS} steps.")
    steps = tuple(map(_step, given[:_MOST_STEPS]))
    if len(set(steps)) < len(steps):
        section.complain("steps", "holds the same step twice; keep one of them.")
    return steps


def _step(section: Section) -> Step:
    if "days" not in section.values:
        section.knows("minutes")
        return Step(section.whole("minutes", LONGEST_DELAY))
    section.knows("days", "at")
    days = section.whole("days", _LONGEST_DAYS)
    clock = section.values.get("at", "")
    if clock != "" and not (isinstance(clock, str) and _CLOCK.fullmatch(clock)):
        section.complain("at", "must be a time of day, such as «18:00».")
        clock = ""
    elif not days and not clock:
        section.complain("at", "is missing; on the day itself a step needs its time of day.")
    return Step(0, days, clock)


def delay_json(delay: Delay) -> dict[str, Any]:
    """The document's form of a delay."""
    side = {"before" if delay.before else "after": delay.anchor}
    if not delay.steps:
        return {"minutes": delay.minutes, **side}
    return {**side, "steps": [_step_json(step) for step in delay.steps]}


def _step_json(step: Step) -> dict[str, Any]:
    if step.days is None:
        return {"minutes": step.minutes}
    return {"days": step.days, **({"at": step.at} if step.at else {})}


def in_words(delay: Delay) -> str:
    """How long is waited, to stand before «send»: «3 hours before starts_at », «wait 1 hour, »."""
    if delay.before or delay.steps:
        side = "before" if delay.before else "after"
        return f"{_each(delay.plan)} {side} {delay.anchor} "
    since = "" if delay.anchor == "occurred_at" else f" after {delay.anchor}"
    if not delay.minutes:
        return f"at {delay.anchor} " if since else ""
    return f"wait {duration(delay.minutes)}{since}, then "


def _each(steps: Sequence[Step]) -> str:
    return listed(map(str, steps), "and")

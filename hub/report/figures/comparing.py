"""Comparing: those let through beside those left out, and one wording beside another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from hub.report.figures.rates import Difference, Rate
from hub.report.figures.totals import total
from hub.store.database import Row


@dataclass(frozen=True)
class Uplift:
    """What an automation brings: orders within a week of those let through, and of those left
    out."""

    automation: str
    ordered: Difference


@dataclass(frozen=True)
class Trial:
    """One wording of a template beside its first: how many were sent, whether more clicked or
    bought. `beside` names the other wording; empty is the template's own text."""

    template: str
    wording: str
    beside: str
    sent: int
    clicked: Difference
    bought: Difference


def uplifts(lines: Sequence[Row], names: Mapping[UUID, str]) -> list[Uplift]:
    """Of each automation that left somebody out."""
    counts: dict[UUID, dict[tuple[str, str], int]] = {}
    for line in lines:
        if line["what"] == "compared":
            of = counts.setdefault(line["automation_id"], {})
            key = (line["state"], line["reason"])
            of[key] = of.get(key, 0) + line["n"]
    found = (Uplift(names.get(one, ""), _ordered(of)) for one, of in counts.items())
    return sorted(found, key=lambda one: one.automation)


def _ordered(of: Mapping[tuple[str, str], int]) -> Difference:
    return Difference(_rate(of, "send"), _rate(of, "skip"))


def _rate(of: Mapping[tuple[str, str], int], action: str) -> Rate:
    ordered = of.get((action, "ordered"), 0)
    return Rate(ordered, ordered + of.get((action, ""), 0))


def trials(lines: Sequence[Row], names: Mapping[UUID, str]) -> list[Trial]:
    """Of each template that went out in more than one wording."""
    by: dict[UUID, dict[str, list[Row]]] = {}
    for line in lines:
        if line["template_id"] is not None and line["what"] in ("sent", "clicked", "bought"):
            by.setdefault(line["template_id"], {}).setdefault(line["variant"], []).append(line)
    found = (_trials(names.get(one, ""), of) for one, of in by.items() if len(of) > 1)
    return sorted((one for some in found for one in some), key=lambda t: (t.template, t.wording))


def _trials(template: str, of: Mapping[str, Sequence[Row]]) -> Iterator[Trial]:
    """Each wording beside the first by name, which is the template's own text where that went."""
    first, *others = sorted(of)
    base = total(of[first]).rates
    for wording in others:
        sums = total(of[wording])
        yield Trial(
            template, wording, first, sums.sent,
            Difference(sums.rates["click"], base["click"]),
            Difference(sums.rates["conversion"], base["conversion"]),
        )  # fmt: skip

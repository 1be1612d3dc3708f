"""Checks by a share of people: left out to compare with, and which wording."""

from collections.abc import Iterator

from hub.automations.answers import no, yes
from hub.automations.document import Automation
from hub.automations.draws import chosen, falls_in
from hub.automations.facts import Check, Facts


def check_holdout(automation: Automation, facts: Facts) -> Iterator[Check]:
    """Whether the person is among those left out for good; nothing where nobody is."""
    percent, asked = automation.holdout, "Is the person left out, to compare with?"
    if not percent:
        return
    data = {"check": "holdout", "percent": percent, "draw": facts.holdout_draw}
    if falls_in(facts.holdout_draw, percent):
        words = (
            f"Not sent: this automation leaves out {percent}% of people, always the same ones, to "
            "see what it brings. Set its hold-out to 0 to send to everyone."
        )
        yield no("holdout", asked, "left out", words, **data)
    else:
        words = f"{percent}% of people are left out; this one is not among them."
        yield yes(asked, "not left out", words, **data)


def check_wording(automation: Automation, facts: Facts) -> Iterator[Check]:
    """Says which wording of the template it is; nothing where there is only one."""
    if not automation.split:
        return
    asked, name = "Which wording?", chosen(facts.wording_draw, automation.split)
    data = {"check": "wording", "draw": facts.wording_draw}
    if name and name not in facts.variants:
        words = f"The template has no wording «{name}» any more, so its own text is used."
        yield yes(asked, "its own", words, variant="", **data)
    elif name:
        yield yes(asked, name, f"This person gets the wording «{name}».", variant=name, **data)
    else:
        words = "This person gets the template's own text."
        yield yes(asked, "its own", words, variant="", **data)

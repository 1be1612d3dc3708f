"""Which variables a template may speak of."""

from functools import cache

from hub.contract import VOCABULARY, Variable
from hub.contract.events import GIVEN, MADE, PERSON


@cache
def variables_for(event: str = "") -> tuple[Variable, ...]:
    """Those of this event, the person's and what the hub makes; without an event all there are."""
    kinds = [VOCABULARY[event]] if event in VOCABULARY else list(VOCABULARY.values())
    known = {v.name: v for v in (*PERSON, *MADE, *(() if event else GIVEN))}
    known.update({v.name: v for kind in kinds for v in kind.variables})
    return tuple(known.values())

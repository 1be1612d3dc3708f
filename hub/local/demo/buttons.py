"""What each button of the page does, and what is said afterwards."""

from collections.abc import Callable, Mapping
from functools import partial

from hub.local.demo.people import Resident
from hub.local.demo.town import Town

Press = Callable[[Town, Resident], object]


def _answer(words: str, town: Town, person: Resident) -> None:
    town.acts.answer(person, words)


def _lose_answer(town: Town, person: Resident) -> None:
    town.phones.faults.plan("lost_after", on="/messages")


def _tell_twice(town: Town, person: Resident) -> None:
    town.phones.receipts = "twice"


def _lose_delivery(town: Town, person: Resident) -> None:
    town.shop.lose_next(2)  # an order is told twice: as created and as updated


SHOP: Mapping[str, Press] = {
    "abandon": lambda town, person: town.acts.abandon(person),
    "order": lambda town, person: town.acts.order(person),
    "refund": lambda town, person: town.acts.refund(person),
    "complete": lambda town, person: town.acts.complete(person),
}
PHONE: Mapping[str, Press] = {
    "stop": partial(_answer, "STOP"),
    "start": partial(_answer, "START"),
    "yes": partial(_answer, "YES"),
}
LUCK: Mapping[str, Press] = {
    "timeout": _lose_answer,
    "twice": _tell_twice,
    "lose": _lose_delivery,
}
_ALL = {**SHOP, **PHONE, **LUCK}


def press(town: Town, name: str, person: Resident) -> str:
    """Do it; the name of the words to say. Raises KeyError for a button that is not there."""
    act = _ALL[name]
    try:
        act(town, person)
    except LookupError:
        return "said_no_message" if name in PHONE else "said_no_order"
    return "said_answer" if name in PHONE else f"said_{name}"

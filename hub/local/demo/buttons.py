"""What each button of the page does, and what is said afterwards."""

from collections.abc import Callable, Mapping
from functools import partial

from hub.local.demo import health
from hub.local.demo.acts import NotOpen
from hub.local.demo.people import Resident
from hub.local.demo.street import PARTS
from hub.local.demo.systems import crm, sales
from hub.local.demo.systems.shapes import NotYet
from hub.local.demo.town import Town

Press = Callable[[Town, Resident], object]
Row = Mapping[str, Press]


def _answer(words: str, town: Town, person: Resident) -> None:
    town.acts.answer(person, words)


def _tap(postback: str, town: Town, person: Resident) -> None:
    town.acts.tap(person, postback)


def _lose_answer(town: Town, person: Resident) -> None:
    town.phones.faults.plan("lost_after", on="/messages")


def _tell_twice(town: Town, person: Resident) -> None:
    town.phones.receipts = "twice"


def _lose_delivery(town: Town, person: Resident) -> None:
    town.shop.lose_next(2)  # an order is told twice: as created and as updated


def _check(part: str, town: Town, person: Resident) -> None:
    health.check(town, part)


SHOP: Row = {
    "abandon": lambda town, person: town.acts.abandon(person),
    "order": lambda town, person: town.acts.order(person),
    "order_code": lambda town, person: town.acts.order_with_code(person),
    "refund": lambda town, person: town.acts.refund(person),
    "complete": lambda town, person: town.acts.complete(person),
}
CRM: Row = {
    "crm_enrol": lambda town, person: town.acts.crm.enrol(person, *crm.companions(person)),
    "crm_win": lambda town, person: town.acts.crm.win(person),
    "crm_tick": lambda town, person: town.acts.crm.tick(person, True),
    "crm_untick": lambda town, person: town.acts.crm.tick(person, False),
}
SALES: Row = {
    "sales_flow": lambda town, person: town.acts.sales.run_flow(person, sales.crowd()),
    "sales_win": lambda town, person: town.acts.sales.win(person),
    "sales_flip": lambda town, person: town.acts.sales.flip(person),
}
CALENDAR: Row = {
    "cal_book": lambda town, person: town.acts.calendar.book(person),
    "cal_move": lambda town, person: town.acts.calendar.move(person),
    "cal_cancel": lambda town, person: town.acts.calendar.cancel(person),
}
SHEET: Row = {
    "sheet_add": lambda town, person: town.acts.sheet.add(person),
    "sheet_change": lambda town, person: town.acts.sheet.change(person),
    "sheet_sort": lambda town, person: town.acts.sheet.sort(person),
}
SYSTEMS: Mapping[str, Row] = dict(zip(PARTS, (SHOP, CRM, SALES, CALENDAR, SHEET), strict=True))
PHONE: Row = {
    "yes": partial(_answer, "YES"),
    "no": partial(_answer, "NO"),
    "later": partial(_answer, "LATER"),
    "stop": partial(_answer, "STOP"),
    "start": partial(_answer, "START"),
}
LUCK: Row = {
    "timeout": _lose_answer,
    "twice": _tell_twice,
    "lose": _lose_delivery,
    "consent_away": lambda town, person: health.take_consent_away(town),
    "consent_back": lambda town, person: health.give_consent_again(town),
}
CHECKS: Row = {f"check_{part}": partial(_check, part) for part in health.SHOWN}
_ROWS = (*SYSTEMS.values(), PHONE, LUCK, CHECKS)
_ALL: Row = {name: act for row in _ROWS for name, act in row.items()}
_LACKS = {
    **dict.fromkeys(SHOP, "said_no_order"),
    **dict.fromkeys(PHONE, "said_no_message"),
    "order_code": "said_no_code",
}
TAP = "tap:"  # before the id of a suggestion that a phone shows


def press(town: Town, name: str, person: Resident) -> str:
    """Do it; the name of the words to say. Raises KeyError for a button that is not there."""
    act = partial(_tap, name.removeprefix(TAP)) if name.startswith(TAP) else _ALL[name]
    try:
        act(town, person)
    except NotYet as lacks:
        return lacks.said
    except NotOpen:
        return "said_not_open"
    except LookupError:
        return _LACKS.get(name, "said_not_now")
    except Exception:  # a simulator is a connector's own code, and the hub may be starting again
        return "said_not_now"
    if name in PHONE or name.startswith(TAP):
        return "said_answer"
    return "said_check" if name in CHECKS else f"said_{name}"

"""Doing: what a person can press in a sandbox: what customers do in each system, what they answer,
and what goes wrong."""

from collections.abc import Callable, Mapping
from uuid import UUID

from hub.local.cast import CAST
from hub.local.demo.acts import Acts, NotOpen
from hub.local.demo.people import Resident
from hub.local.demo.systems import crm, sales
from hub.local.demo.systems.shapes import NotYet
from hub.local.sandbox import linking
from hub.local.sandbox.town import Town
from hub.store import connections

Press = Callable[[Acts, Resident], object]
DOWN = 60.0  # seconds for which a carrier is away
_ANSWER = "say:"  # before what a person answers
_TAP = "tap:"  # before the postback of a suggestion that is tapped

SYSTEMS: Mapping[str, Mapping[str, Press]] = {
    "shop": {
        "abandon": Acts.abandon,
        "order": Acts.order,
        "complete": Acts.complete,
        "refund": Acts.refund,
    },
    "crm": {
        "crm_win": lambda acts, who: acts.crm.win(who),
        "crm_enrol": lambda acts, who: acts.crm.enrol(who, *crm.companions(who)),
        "crm_tick": lambda acts, who: acts.crm.tick(who, True),
        "crm_untick": lambda acts, who: acts.crm.tick(who, False),
    },
    "sales": {
        "sales_win": lambda acts, who: acts.sales.win(who),
        "sales_flow": lambda acts, who: acts.sales.run_flow(who, sales.crowd(count=2)),
        "sales_flip": lambda acts, who: acts.sales.flip(who),
    },
    "calendar": {
        "cal_book": lambda acts, who: acts.calendar.book(who, days=2),
        "cal_move": lambda acts, who: acts.calendar.move(who),
        "cal_cancel": lambda acts, who: acts.calendar.cancel(who),
    },
    "sheet": {
        "sheet_add": lambda acts, who: acts.sheet.add(who),
        "sheet_change": lambda acts, who: acts.sheet.change(who),
    },
}
_ACTS = {name: act for row in SYSTEMS.values() for name, act in row.items()}


def _lose_answer(town: Town) -> None:
    town.acts.phones.faults.plan("lost_after", on="/messages")


def _throttle(town: Town) -> None:
    town.acts.phones.faults.plan("429", on="/messages", seconds=5)


def _tell_twice(town: Town) -> None:
    town.acts.phones.receipts = "twice"
    town.luck.add("twice")


def _lose_delivery(town: Town) -> None:
    town.acts.shop.lose_next(2)  # an order is told twice: as created and as updated


def _carrier_down(town: Town) -> None:
    town.stand(CAST["phones"]).mood.go_down(DOWN)


def _take_token(town: Town) -> None:
    town.acts.crm.account.sign_in.revoke()
    town.luck.add("token")


def _give_token(town: Town) -> None:
    linking.sign_in_again(town, CAST["crm"])
    town.luck.discard("token")


def _all_well(town: Town) -> None:
    for one in town.stands.values():
        one.mood.faults.clear()
        one.mood.down_until = None
    town.acts.phones.receipts = "once"
    town.acts.shop.lose_next(0)
    if "token" in town.luck:
        _give_token(town)
    town.luck.clear()


LUCK: Mapping[str, Callable[[Town], None]] = {
    "lose_answer": _lose_answer,
    "twice": _tell_twice,
    "lose_delivery": _lose_delivery,
    "down": _carrier_down,
    "throttle": _throttle,
    "token": _take_token,
    "well": _all_well,
}


def press(town: Town, name: str, person: Resident) -> str:
    """Do it; what is said of it: "done", or what is missing: "no_order", "no_booking", "no_row",
    "no_message", "not_open". Raises KeyError for what cannot be pressed."""
    act = _named(name)
    try:
        act(town, person)
    except NotYet as what:
        return what.said.removeprefix("said_")
    except NotOpen:
        return "not_open"
    except LookupError:
        return "no_order" if name in _ACTS else "no_message"
    look_now(town)
    return "done"


def _named(name: str) -> Callable[[Town, Resident], object]:
    if name.startswith(_ANSWER):
        return lambda town, who: town.acts.answer(who, name.removeprefix(_ANSWER))
    if name.startswith(_TAP):
        return lambda town, who: town.acts.tap(who, name.removeprefix(_TAP))
    if name in LUCK:
        luck = LUCK[name]
        return lambda town, who: luck(town)
    act = _ACTS[name]
    return lambda town, who: act(town.acts, who)


def look_now(town: Town) -> None:
    """Systems that are polled are asked at once: nobody here waits for the next minute."""
    with town.ground.database.begin() as db:
        for connection_id in town.connected.values():
            connections.ring(db, UUID(connection_id), town.now)
    town.touch()

"""The stories of a basket: in pictures by RCS, by SMS with a page of its own, with a code."""

from collections.abc import Iterator
from functools import partial

import requests

from hub.local.demo import oracle, roads
from hub.local.demo.acts import CODE, Acts
from hub.local.demo.browsing import LINK, visit
from hub.local.demo.people import Resident
from hub.local.demo.scene import TOLD, Scene, await_texts
from hub.local.demo.scenes import CONFIRMED, REMINDED, STOPPED
from hub.local.demo.town import Town
from hub.local.demo.waiting import wait_for

ITEMS = ("Linen shirt", "Silk scarf")
CLICK_WITHIN = 5.0  # seconds
_TOTAL = "64,90"
_LARGEST = 30_000  # bytes of a page


def _leave(acts: Acts, person: Resident) -> str:
    return acts.abandon(person)


def _leave_and_await(acts: Acts, person: Resident) -> str:
    subject = acts.abandon(person)
    await_texts(acts, person, 1)
    return subject


def _is_carousel(town: Town, person: Resident) -> Iterator[str]:
    yield from _channels(["rcs"], town, person)
    for shown in town.phones.handsets.screen(person.number):
        titles = tuple(card.title for card in shown.rich.cards) if shown.rich else ()
        if titles != ITEMS:
            yield f"the carousel shows {titles} and should show {ITEMS}."
        if shown.rich and not all(card.media for card in shown.rich.cards):
            yield "a card of the carousel has no picture."


def _channels(wanted: list[str], town: Town, person: Resident) -> Iterator[str]:
    found = [shown.channel for shown in town.phones.handsets.screen(person.number)]
    if found != wanted:
        yield f"the phone was reached by {found} and should be by {wanted}."


def _opens_its_page(town: Town, person: Resident) -> Iterator[str]:
    yield from _channels(["sms"], town, person)
    link = _link(town, person)
    page = visit(link)
    yield from _wrongs_of_page(page)
    if not CODE.search(page.text):
        yield "the page does not show the code that the text names."
    counted = partial(_counted, town, person)
    if not wait_for(lambda: counted() and _says(town, person, "clicked"), CLICK_WITHIN):
        yield f"the click was not on the road within {CLICK_WITHIN:.0f} s."
    yield from _leads_to_basket(town, visit(f"{link}/go"))
    if counted() != 1:
        yield f"one visit was counted as {counted()}."


def _link(town: Town, person: Resident) -> str:
    """The short link of the last SMS. Raises LookupError."""
    found = [link for text in town.phones.inbox(person.number) for link in LINK.findall(text)]
    return str(found[-1])


def _wrongs_of_page(page: requests.Response) -> Iterator[str]:
    missing = [words for words in (*ITEMS, _TOTAL) if words not in page.text]
    if page.status_code != 200 or missing:
        yield f"the page answered {page.status_code} and lacks {missing or 'nothing'}."
    if len(page.content) >= _LARGEST:
        yield f"the page has {len(page.content)} bytes, and {_LARGEST} are the most."


def _leads_to_basket(town: Town, answer: requests.Response) -> Iterator[str]:
    way = answer.headers.get("Location", "")
    if answer.status_code != 302 or not way.startswith(f"{town.street.shop_url}/checkout-link/"):
        yield f"the page's button leads to {way or answer.status_code}, not to the shop's basket."
        return
    basket = visit(visit(way).headers.get("Location", way))
    if missing := [name for name in ITEMS if name not in basket.text]:
        yield f"the shop's basket lacks {missing}."


def _counted(town: Town, person: Resident) -> int:
    return oracle.openings(town, person.number)["counted"]


def _says(town: Town, person: Resident, name: str, words: str = "") -> bool:
    """Whether a road of this person has the station, with these words in it."""
    found = [s for road in roads.about(town, (), person.number) for s in road.stations]
    told = (f"{s.sentence} {s.details}" for s in found if s.name == name and s.state == "done")
    return any(words in one for one in told)


def _robot_is_not_counted(town: Town, person: Resident) -> Iterator[str]:
    shown = visit(_link(town, person), "robot")
    if shown.status_code != 200 or "og:title" not in shown.text:
        yield f"the robot was answered {shown.status_code}, without a title to show."
    found = oracle.openings(town, person.number)
    if (found["robot"], found["person"], found["counted"]) != (1, 0, 0):
        yield f"a robot's look was counted as {dict(found)}."


def _order_with_code(acts: Acts, person: Resident) -> str:
    _leave_and_await(acts, person)
    return acts.order_with_code(person)


def _code_is_matched(town: Town, person: Resident) -> Iterator[str]:
    if not _says(town, person, "bought", "the order named this message's code"):
        yield "the road does not say that the message brought the order by its code."
    if not _says(town, person, "told", "This order came from an RCS message"):
        yield "the road does not say that the order's record was told."
    notes = town.shop.notes(town.acts.orders[person.slug])
    if sum("its code was used" in note for note in notes) != 1:
        yield f"the order should say once which message brought it: {notes}"


def _fell_back(town: Town, person: Resident) -> Iterator[str]:
    yield from _channels(["sms"], town, person)
    if not _says(town, person, "instead"):
        yield "the road does not say that an SMS went in its place."


def _tap_stop(acts: Acts, person: Resident) -> str:
    subject = _leave_and_await(acts, person)
    (shown,) = acts.phones.handsets.screen(person.number)
    offered = shown.rich.every_suggestion() if shown.rich else ()
    acts.tap(person, next(one.postback for one in offered if one.text == "STOP"))
    await_texts(acts, person, 2)
    return subject


def _tap_is_heard(town: Town, person: Resident) -> Iterator[str]:
    yield from _channels(["rcs", "sms"], town, person)
    if not _says(town, person, "replied", "understood as STOP"):
        yield "the road does not say that the tap was heard."


BASKETS = (
    Scene("A cart becomes a carousel", _leave, (ITEMS[0],), handset="reachable",
          check=_is_carousel),
    Scene("The same cart, no RCS: a link to a page", _leave, (REMINDED,), check=_opens_its_page),
    Scene("A robot looks at the link", _leave, (REMINDED,), check=_robot_is_not_counted),
    Scene("An order with the code", _order_with_code, (ITEMS[0], CONFIRMED),
          {**TOLD, "bought": 1}, handset="reachable", check=_code_is_matched),
    Scene("The phone has no data", _leave, (REMINDED,), handset="offline", check=_fell_back),
    Scene("STOP is tapped", _tap_stop, (ITEMS[0], STOPPED), handset="reachable",
          check=_tap_is_heard),
)  # fmt: skip

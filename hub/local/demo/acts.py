"""What people do in the town: the customers in the shop, on their phones, and the shop's owner."""

import re
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from hub.contract import Clock, utc_now
from hub.local.demo.neighbours import Phones, Shop
from hub.local.demo.people import RESIDENTS, Resident
from hub.local.demo.street import Neighbour, Street
from hub.local.demo.systems.calendar import Calendar
from hub.local.demo.systems.crm import Crm
from hub.local.demo.systems.sales import Sales
from hub.local.demo.systems.sheet import Sheet

# A reminder cannot wait for less than a minute, so carts here were left most of one ago.
CART_AGE = timedelta(seconds=54)
_ONE = timedelta(seconds=1)
CODE = re.compile(r"\bLUNE-[0-9A-Z]{6}\b")


class NotOpen(LookupError):
    """The system is not in the town; the words say why."""


@dataclass
class Acts:
    """Everything that can be done, with a memory of each person's last cart and order.

    The systems beside the shop may be missing; what asks for one then raises NotOpen.
    """

    shop: Shop
    phones: Phones
    others: Mapping[str, Neighbour] = field(default_factory=dict)
    clock: Clock = utc_now
    cart_age: timedelta = CART_AGE
    orders: dict[str, int] = field(default_factory=dict)
    carts: dict[str, str] = field(default_factory=dict)
    _ordered_at: dict[str, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def on(cls, street: Street) -> "Acts":
        """In this street."""
        return cls(street.shop, street.phones, street.others)

    @cached_property
    def crm(self) -> Crm:
        """The CRM, as its users use it."""
        return Crm(self._open("crm"))

    @cached_property
    def sales(self) -> Sales:
        """The sales system, as its users use it."""
        return Sales(self._open("sales"))

    @cached_property
    def calendar(self) -> Calendar:
        """The calendar, as its owner uses it."""
        return Calendar(self._open("calendar"), self.clock)

    @cached_property
    def sheet(self) -> Sheet:
        """The sheet, as its owner uses it."""
        return Sheet(self._open("sheet"))

    def move_in(self) -> None:
        """The residents are customers already: the CRM and the sales system know them, and the CRM
        knows who of them wants offers."""
        for one in RESIDENTS:
            with suppress(NotOpen):
                self.sales.contact(one)
            with suppress(NotOpen):
                self.crm.contact(one)
                if one.consent is not None and one.mobile:
                    self.crm.tick(one, one.consent)

    def _open(self, part: str) -> Any:
        found = self.others.get(part)
        if found is None or not found.is_open:
            raise NotOpen(found.problem if found else "It is not in this town.")
        return found.simulator

    def abandon(self, person: Resident, **more: Any) -> str:
        """A cart is left; its subject. A cart older than an order would count as bought."""
        with self._lock:
            now = self.clock()
            ordered = self._ordered_at.get(person.slug, now - self.cart_age)
            at = min(max(now - self.cart_age, ordered + _ONE), now)
            self.shop.clock = lambda: at
            cart = self.shop.abandon_cart(**person.as_buyer, **more)
        self.carts[person.slug] = cart
        return f"cart:{cart}"

    def order(self, person: Resident, **more: Any) -> str:
        """An order is placed, from the cart that was left if there is one; its subject."""
        cart = {"cart_id": cart} if (cart := self.carts.pop(person.slug, "")) else {}
        return self._ordered(person, self.shop.place_order(**person.as_buyer, **cart, **more))

    def order_with_code(self, person: Resident) -> str:
        """An order with the last code that the person's phone shows. Raises LookupError."""
        found = [code for text in self.phones.inbox(person.number) for code in CODE.findall(text)]
        if not found:
            raise LookupError("No message on this phone names a code.")
        return self.order(person, codes=found[-1:])

    def check_out(self, person: Resident) -> str:
        """The block checkout: the shop tells of the update before the creation."""
        draft = self.shop.open_checkout(**person.as_buyer)
        self.shop.finish_checkout(draft)
        return self._ordered(person, draft)

    def _ordered(self, person: Resident, order_id: int) -> str:
        self._ordered_at[person.slug] = self.clock()
        self.orders[person.slug] = order_id
        return f"order:{order_id}"

    def refund(self, person: Resident, amount: str = "5.00") -> str:
        """Part of the last order is paid back. Raises LookupError when there is none."""
        order_id = self._last(person)
        self.shop.refund(order_id, amount, "Wrong size")
        return f"order:{order_id}"

    def complete(self, person: Resident) -> str:
        """The last order's parcel leaves. Raises LookupError when there is none."""
        order_id = self._last(person)
        self.shop.complete(order_id)
        return f"order:{order_id}"

    def tap(self, person: Resident, postback: str) -> None:
        """The person taps a suggestion. Raises LookupError where the phone shows no such one."""
        self.phones.tap(person.number, postback)

    def answer(self, person: Resident, words: str) -> None:
        """The person answers the last message. Raises LookupError when there is none."""
        self.phones.answer(person.number, words)

    def _last(self, person: Resident) -> int:
        if person.slug not in self.orders:
            raise LookupError("This person has not ordered anything yet.")
        return self.orders[person.slug]

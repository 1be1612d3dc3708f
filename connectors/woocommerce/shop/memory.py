"""What the shop remembers, and what it tells its webhooks when that changes."""

import itertools
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from decimal import Decimal
from typing import Any

from hub.contract import Clock, utc_now

from . import shapes
from .codes import Codes, NotHonoured
from .products import Products

Row = dict[str, Any]
PAID = ("processing", "completed")
OPEN = ("checkout-draft", "pending", "failed")


class Problem(Exception):
    """The shop's refusal: its code, its words, the HTTP status."""

    def __init__(self, code: str, message: str, status: int) -> None:
        super().__init__(message)
        self.body, self.status = shapes.problem(code, message, status), status


@dataclass
class Memory:
    """Orders, notes, refunds and customers by id; `tell(topic, document)` hears each change.

    The shop's own clock runs an hour ahead of UTC, so that local and …_gmt dates differ.
    """

    tell: Callable[[str, Row], None]
    clock: Clock = utc_now
    base: str = "http://127.0.0.1"
    ahead: timedelta = timedelta(hours=1)
    currency: str = "EUR"
    lock: threading.RLock = field(default_factory=threading.RLock)
    orders: dict[int, Row] = field(default_factory=dict)
    notes: dict[int, list[Row]] = field(default_factory=dict)
    refunds: dict[int, list[Row]] = field(default_factory=dict)
    customers: dict[int, Row] = field(default_factory=dict)
    products: Products = field(default_factory=Products)
    codes: Codes = field(default_factory=Codes)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(12))
    _meta_numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.codes.ahead = self.ahead

    def add_order(
        self,
        given: Mapping[str, Any],
        topics: Iterable[str] = ("order.created", "order.updated"),
    ) -> Row:
        """An order made by a client; a real shop tells it as created and as updated.

        Raises Problem when it names a code that the till does not take.
        """
        with self.lock:
            made = self._order(given)
            number = made["id"]
            self._date(made, "date_created")
            for name in ("date_paid", "date_completed"):
                made |= {name: None, f"{name}_gmt": None}
            self._write_meta(made, given.get("meta_data") or ())
            self._settle_status(made, paid=bool(given.get("set_paid")))
            self.orders[number] = made
            self._changed(made, topics)
            return made

    def _order(self, given: Mapping[str, Any]) -> Row:
        bought = [self.products.line(row, self.base) for row in given.get("line_items") or ()]
        told = {"status": "pending", **given, "line_items": bought}
        made = shapes.order(next(self._numbers), self.base, told)
        wanted = [str(row.get("code") or "") for row in given.get("coupon_lines") or ()]
        try:
            self.codes.redeem(made, wanted, self.clock())
        except NotHonoured as why:
            raise Problem("woocommerce_rest_invalid_coupon", str(why), 400) from None
        return made

    def add_coupon(self, given: Mapping[str, Any]) -> Row:
        """A code is made. Raises Problem."""
        with self.lock:
            try:
                made = self.codes.add(next(self._numbers), self.base, given)
            except ValueError as why:
                code, words = why.args
                raise Problem(code, words, 400) from None
            self._date(made, "date_created")
            self._date(made, "date_modified")
            return made

    def change_order(
        self, number: int, given: Mapping[str, Any], topics: Iterable[str] = ("order.updated",)
    ) -> Row:
        """What PUT does. Raises Problem."""
        with self.lock:
            found = self.order(number)
            for place in ("billing", "shipping"):
                found[place] = {**found[place], **(given.get(place) or {})}
            for name in ("status", "currency", "customer_id", "payment_method", "created_via"):
                found[name] = given.get(name, found[name])
            self._write_meta(found, given.get("meta_data") or ())
            self._settle_status(found, paid=bool(given.get("set_paid")))
            self._changed(found, topics)
            return found

    def remove_order(self, number: int) -> Row:
        """The order is gone; the webhook is told its id alone."""
        with self.lock:
            found = self.order(number)
            del self.orders[number]
            self.tell("order.deleted", {"id": number})
            return found

    def order(self, number: int) -> Row:
        """One order. Raises Problem."""
        found = self.orders.get(number)
        if found is None:
            raise Problem("woocommerce_rest_shop_order_invalid_id", "Invalid ID.", 404)
        return found

    def add_note(self, number: int, given: Mapping[str, Any]) -> Row:
        """A note on an order. Raises Problem."""
        with self.lock:
            self._known(number)
            made = shapes.note(next(self._numbers), number, self.base, given)
            self._date(made, "date_created")
            self.notes.setdefault(number, []).append(made)
            return made

    def notes_of(self, number: int) -> list[Row]:
        """An order's notes, newest first as the shop lists them. Raises Problem."""
        with self.lock:
            self._known(number)
            return self.notes.get(number, [])[::-1]

    def add_refund(self, number: int, amount: str, reason: str = "") -> Row:
        """Pay back: the status stays until everything is paid back. Raises Problem."""
        with self.lock:
            found = self.order(number)
            paid_back = sum((Decimal(r["total"]) for r in found["refunds"]), Decimal(0))
            if Decimal(amount) - paid_back > Decimal(found["total"]):
                words = "Invalid refund amount."
                raise Problem("woocommerce_rest_cannot_create_order_refund", words, 500)
            made = shapes.refund(next(self._numbers), number, self.base, amount, reason)
            self._date(made, "date_created")
            self.refunds.setdefault(number, []).append(made)
            found["refunds"] = [
                *found["refunds"], {"id": made["id"], "reason": reason, "total": f"-{amount}"}
            ]  # fmt: skip
            if Decimal(amount) - paid_back == Decimal(found["total"]):
                found["status"] = "refunded"
            self._changed(found, ("order.updated",))
            return made

    def add_customer(self, given: Mapping[str, Any]) -> Row:
        """A customer registers."""
        with self.lock:
            made = shapes.customer(next(self._numbers), self.base, given)
            self._date(made, "date_created")
            self.customers[made["id"]] = made
            return self._customer_changed(made, given, "customer.created")

    def change_customer(self, number: int, given: Mapping[str, Any]) -> Row:
        """A customer's record is edited. Raises Problem."""
        with self.lock:
            found = self.customers.get(number)
            if found is None:
                raise Problem("woocommerce_rest_invalid_id", "Invalid resource ID.", 404)
            for place in ("billing", "shipping"):
                found[place] = {**found[place], **(given.get(place) or {})}
            for name in ("email", "first_name", "last_name"):
                found[name] = given.get(name, found[name])
            return self._customer_changed(found, given, "customer.updated")

    def _customer_changed(self, found: Row, given: Mapping[str, Any], topic: str) -> Row:
        self._write_meta(found, given.get("meta_data") or ())
        self._date(found, "date_modified")
        self.tell(topic, found)
        return found

    def _known(self, number: int) -> None:
        if number not in self.orders:
            raise Problem("woocommerce_rest_order_invalid_id", "Invalid order ID.", 404)

    def _changed(self, found: Row, topics: Iterable[str]) -> None:
        self._date(found, "date_modified")
        for topic in topics:
            self.tell(topic, found)

    def _settle_status(self, found: Row, paid: bool) -> None:
        state = found["status"]
        if paid and state in OPEN:
            state = found["status"] = "processing"
        pays_later = found["payment_method"] in ("cod", "bacs") and state != "completed"
        if state in PAID and not found["date_paid_gmt"] and (paid or not pays_later):
            self._date(found, "date_paid")
        if state == "completed" and not found["date_completed_gmt"]:
            self._date(found, "date_completed")
        found["needs_payment"] = state in OPEN

    def _write_meta(self, found: Row, given: Iterable[Mapping[str, Any]]) -> None:
        for row in given:
            key, value = row.get("key"), row.get("value")
            standing = next((m for m in found["meta_data"] if m["key"] == key), None)
            if standing is None:
                standing = {"id": next(self._meta_numbers), "key": key}
                found["meta_data"] = [*found["meta_data"], standing]
            standing["value"] = value

    def _date(self, found: Row, name: str) -> None:
        now = self.clock().astimezone(UTC)
        found[f"{name}_gmt"] = shapes.stamp(now)
        found[name] = shapes.stamp(now + self.ahead)

"""The shop's webhooks: who is told what, with which secret, and who has been switched off."""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from html import unescape
from typing import Any

from . import shapes
from .memory import Memory, Problem
from .outbox import Delivery, Outbox, Sent, delivery

Row = dict[str, Any]
FAILURES = 6
_RESOURCES = ("coupon", "customer", "order", "product", "action")


@dataclass
class Webhooks:
    """Webhooks by id, their secrets and failure counts; they share the memory's lock."""

    memory: Callable[[], Memory]
    rows: dict[int, Row] = field(default_factory=dict)
    secrets: dict[int, str] = field(default_factory=dict)
    failures: dict[int, int] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    _deliveries: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self._is_active, self._settle)

    def tell(self, topic: str, document: Mapping[str, Any]) -> None:
        """Queue a delivery to every active webhook of this topic."""
        numbers = [n for n, row in self.rows.items() if row["topic"] == topic]
        self._post(numbers, topic, document)

    def tell_cart(self, document: Mapping[str, Any]) -> None:
        """What the hub's own shop plugin sends: once to each address that has an active webhook."""
        addresses = {row["delivery_url"]: number for number, row in self.rows.items()}
        self._post(list(addresses.values()), "relais.cart", document)

    def add(self, given: Mapping[str, Any]) -> Row:
        """Make a webhook and try it with a ping; a refused ping switches it off. Raises Problem."""
        topic, url = str(given.get("topic") or ""), str(given.get("delivery_url") or "")
        if topic.partition(".")[0] not in _RESOURCES or "." not in topic:
            words = "Webhook topic is required and must be valid."
            raise Problem("woocommerce_rest_webhook_invalid_topic", words, 400)
        if not url.startswith(("http://", "https://")):
            words = "Webhook delivery URL must be a valid URL starting with http:// or https://."
            raise Problem("woocommerce_rest_webhook_invalid_delivery_url", words, 400)
        with self.memory().lock:
            number = next(self._numbers)
            made = shapes.webhook(number, self.memory().base, given)
            now = self.memory().clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
            made |= {"date_created": now, "date_created_gmt": now}
            self.rows[number], self.failures[number] = made, 0
            self.secrets[number] = str(given.get("secret") or "")
        if self.outbox.ping(number, url) != 200:
            made["status"] = "disabled"
        return made

    def change(self, number: int, given: Mapping[str, Any]) -> Row:
        """What PUT does; switching on forgets the failures. Raises Problem."""
        with self.memory().lock:
            found = self.one(number)
            found |= {n: given[n] for n in ("status", "name", "delivery_url") if n in given}
            if "secret" in given:
                self.secrets[number] = str(given["secret"])
            if given.get("status") == "active":
                self.failures[number] = 0
            return found

    def remove(self, number: int) -> Row:
        """Gone for good. Raises Problem."""
        with self.memory().lock:
            found = self.one(number)
            del self.rows[number]
            return found

    def one(self, number: int) -> Row:
        """One webhook. Raises Problem."""
        found = self.rows.get(number)
        if found is None:
            raise Problem("woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.", 404)
        return found

    def sent(self) -> Iterator[Sent]:
        """What has been delivered so far, or lost."""
        yield from list(self.outbox.log)

    def _post(self, numbers: list[int], topic: str, document: Mapping[str, Any]) -> None:
        active = [n for n in numbers if self._is_active(n)]
        body = shapes.as_sent(document) if active else b""
        for number in active:
            self.outbox.post(self._delivery(number, topic, body))

    def _delivery(self, number: int, topic: str, body: bytes) -> Delivery:
        # PHP undoes HTML entities in the secret before it signs.
        secret = unescape(self.secrets[number])
        url, nth = self.rows[number]["delivery_url"], next(self._deliveries)
        return delivery(number, topic, url, secret, body, nth)

    def _is_active(self, number: int) -> bool:
        row = self.rows.get(number)
        return row is not None and row["status"] == "active"

    def _settle(self, number: int, status: int) -> None:
        with self.memory().lock:
            fine = 200 <= status <= 302
            self.failures[number] = 0 if fine else self.failures.get(number, 0) + 1
            if self.failures[number] >= FAILURES and number in self.rows:
                self.rows[number]["status"] = "disabled"

"""WooCommerce as a small shop with a memory, for the tests, the demo and the kit."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from hub.contract import Clock, Outgoing, Request, utc_now
from hub.contract.kit.simulator import Faults

from .shop import buyers, outbox, shapes
from .shop.access import Access
from .shop.buyers import BASKET, CONSENT_KEY, Items
from .shop.codes import NotHonoured
from .shop.doors import Doors
from .shop.memory import Memory
from .shop.outbox import Sent
from .shop.storefront import Storefront
from .shop.webhooks import Webhooks


@dataclass
class Simulator:
    """The shop. Its own counts (`notes`, `meta`, `written`, `deliveries_log`) are the oracle."""

    clock: Clock = utc_now
    consumer_key: str = "ck_simulated0000000000000000000000000000001"
    consumer_secret: str = "cs_simulated0000000000000000000000000000001"  # noqa: S105  simulated
    webhook_secret: str = "s3cr3t-ключ"  # noqa: S105  simulated
    faults: Faults = field(default_factory=Faults)
    memory: Memory = field(init=False)
    webhooks: Webhooks = field(init=False)
    access: Access = field(init=False)
    front: Storefront = field(init=False)

    def __post_init__(self) -> None:
        self.webhooks = Webhooks(lambda: self.memory)
        self.memory = Memory(self.webhooks.tell, self.clock)
        self.access = Access({self.consumer_key: self.consumer_secret})
        self.front = Storefront(self.memory)
        self._doors = Doors(self.memory, self.webhooks, self.access, self.front)
        self._carts = 80
        self._counting = threading.Lock()

    def wsgi(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The shop's HTTP: REST v3, the consent page, and the pages of its visitors."""
        return self._doors.wsgi(environ, start_response)

    def settings(self, base_url: str) -> dict[str, str]:
        """A connection's settings that reach this shop."""
        self.memory.base = base_url
        return {"url": base_url, "consent_key": CONSENT_KEY, "cart_idle_minutes": "30"}

    def secrets(self) -> dict[str, str]:
        """The keys it accepts, and the secret of its webhooks."""
        return {
            "consumer_key": self.consumer_key,
            "consumer_secret": self.consumer_secret,
            "webhook_secret": self.webhook_secret,
        }

    # What people do in the shop

    def place_order(
        self, *, status: str = "processing", items: Items = BASKET, **buyer: Any
    ) -> int:
        """A customer orders; answers the order's id. `buyers.purchase` says what a buyer has; with
        `codes`, raises Problem where the till does not take one."""
        given = buyers.purchase(items, **buyer) | {"status": status, "created_via": "checkout"}
        return int(self.memory.add_order(given)["id"])

    def open_checkout(self, *, items: Items = BASKET, **buyer: Any) -> int:
        """The block checkout: a draft is saved as soon as the address is typed."""
        given = buyers.purchase(items, **buyer) | {
            "status": "checkout-draft",
            "created_via": "store-api",
        }
        return int(self.memory.add_order(given, ("order.updated",))["id"])

    def finish_checkout(self, order_id: int, status: str = "processing") -> None:
        """The draft becomes an order; the shop tells of the update before the creation."""
        self.memory.change_order(order_id, {"status": status}, ("order.updated", "order.created"))

    def complete(self, order_id: int) -> None:
        """The parcel leaves."""
        self.set_status(order_id, "completed")

    def set_status(self, order_id: int, status: str) -> None:
        """Any other step of an order: on-hold, cancelled, failed …"""
        self.memory.change_order(order_id, {"status": status})

    def refund(self, order_id: int, amount: str, reason: str = "") -> int:
        """Money is paid back, in part or in full; answers the refund's id."""
        return int(self.memory.add_refund(order_id, str(amount), reason)["id"])

    def delete(self, order_id: int) -> None:
        """The order is removed."""
        self.memory.remove_order(order_id)

    def register_customer(self, **buyer: Any) -> int:
        """Somebody makes an account; answers the customer's id."""
        return int(self.memory.add_customer(buyers.account(**buyer))["id"])

    def edit_customer(self, customer_id: int, **buyer: Any) -> None:
        """Somebody edits their account."""
        self.memory.change_customer(customer_id, buyers.account(**buyer))

    def abandon_cart(
        self, *, cart_id: str = "", items: Items = BASKET, currency: str = "EUR", **visitor: Any
    ) -> str:
        """A cart changes and is left, told as the hub's own shop plugin tells it."""
        with self._counting:
            self._carts += 1
            name = cart_id or f"c-{self._carts}"
        with self.memory.lock:
            base, products = self.memory.base, self.memory.products
            lines = [products.cart_line(line, base) for line in shapes.lines(items)]
            self.webhooks.tell_cart(buyers.cart(name, lines, currency, self.clock(), **visitor))
        return name

    def sell_out(self, name: str, sold_out: bool = True) -> None:
        """Of this product none is left, or some again."""
        with self.memory.lock:
            self.memory.products.named(name).in_stock = not sold_out

    # Bad luck

    def deliver_twice(self, on: bool = True) -> None:
        """Every delivery comes twice."""
        self.webhooks.outbox.twice = on

    def lose_next(self, count: int = 1) -> None:
        """The next deliveries never arrive, and are never sent again."""
        self.webhooks.outbox.lose = count

    def shuffle(self, on: bool = True) -> None:
        """Deliveries overtake each other."""
        self.webhooks.outbox.shuffle = on

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait until every delivery has been tried; False when that took too long."""
        return self.webhooks.outbox.flush(timeout)

    # Oracles

    @property
    def deliveries_log(self) -> list[Sent]:
        """Every delivery tried, with the answer's status (0: lost, refused or no answer)."""
        return list(self.webhooks.sent())

    def notes(self, order_id: int) -> list[str]:
        """An order's notes, oldest first."""
        with self.memory.lock:
            return [row["note"] for row in self.memory.notes.get(order_id, [])]

    def meta(self, order_id: int) -> dict[str, Any]:
        """An order's meta by key."""
        with self.memory.lock:
            return {row["key"]: row["value"] for row in self.memory.orders[order_id]["meta_data"]}

    def written(self, marker: str) -> int:
        """On how many notes this outcome's marker stands."""
        with self.memory.lock:
            rows = (row for listed in self.memory.notes.values() for row in listed)
            return sum(f"[relais {marker}]" in row["note"] for row in rows)

    def honoured(self, code: str) -> int:
        """How many coupons of this code the till would take now."""
        with self.memory.lock:
            try:
                return int(bool(self.memory.codes.named(code, self.clock())))
            except NotHonoured:
                return 0

    def leftovers(self) -> list[str]:
        """What of ours still stands here: webhooks to the hub. Keys only the merchant can take
        back; the install page says so."""
        with self.memory.lock:
            rows = [row for row in self.webhooks.rows.values() if "/hooks/" in row["delivery_url"]]
            return [f"webhook {row['id']} for {row['topic']}" for row in rows]

    # What the kit asks for

    def deliveries(self) -> Sequence[Request]:
        """Genuine deliveries, at least one of each kind."""
        return list(_scene(Simulator(self.clock, webhook_secret=self.webhook_secret)))

    def sign(self, body: bytes, topic: str = "order.updated") -> Request:
        """Any body, signed as a delivery of this shop."""
        return outbox.delivery(1, topic, "", self.webhook_secret, body, 1).request()

    def change(self, count: int) -> None:
        """So many orders are placed, one after the other."""
        for _ in range(count):
            self.place_order()

    def subject(self) -> str:
        """An order that an outcome can be written to."""
        return f"order:{self.place_order()}"

    def outgoing(self, count: int) -> Sequence[Outgoing]:
        """A shop carries no messages."""
        return ()

    def carried(self, reference: str) -> int:
        """A shop carries no messages."""
        return 0


def _scene(shop: Simulator) -> Iterator[Request]:
    box = shop.webhooks.outbox
    box.hold = True
    topics = [f"order.{event}" for event in ("created", "updated", "deleted", "restored")]
    for topic in (*topics, "customer.created", "customer.updated"):
        url = "https://hub.example.com/hooks"
        given = {"topic": topic, "delivery_url": url, "secret": shop.webhook_secret}
        shop.webhooks.add(given)
    shop.open_checkout()
    paid = shop.place_order(cart_id=shop.abandon_cart())
    shop.complete(paid)
    shop.refund(paid, "5.00", "wrong size")
    shop.set_status(shop.place_order(consent=None, payment="cod"), "failed")
    shop.edit_customer(shop.register_customer(consent=False), city="Paris")
    shop.memory.tell("order.restored", shop.memory.order(paid))
    shop.delete(paid)
    yield from (one.request() for one in box.waiting)
    draft = shop.memory.order(shop.open_checkout(phone="+33 6 39 98 04 56"))
    yield shop.sign(shapes.as_sent(draft), "relais.draft")

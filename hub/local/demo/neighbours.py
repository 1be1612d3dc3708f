"""What the demo uses of the two simulators: the shop and the phones. The hub never sees these."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from hub.contract import Rich
from hub.contract.kit.handsets import Handsets
from hub.contract.kit.simulator import Simulator


class Delivery(Protocol):
    """One POST of the shop."""

    topic: str
    body: bytes


class Sent(Protocol):
    """What became of one POST of the shop."""

    delivery: Delivery
    status: int


class Outbox(Protocol):
    """How the shop's deliveries leave: asked before each, told after each."""

    may_send: Callable[[int], bool]
    log: list[Any]
    waiting: list[Any]


class Webhooks(Protocol):
    """The shop's subscriptions."""

    outbox: Outbox
    rows: Mapping[int, Mapping[str, Any]]


class Products(Protocol):
    """What the shop sells."""

    cart_line: Callable[[Mapping[str, Any], str], dict[str, Any]]


class Memory(Protocol):
    """What the shop remembers."""

    orders: Mapping[int, Mapping[str, Any]]
    products: Products


class Shop(Simulator, Protocol):
    """The shop, as its customers and its owner use it."""

    memory: Memory
    webhooks: Webhooks
    clock: Callable[[], Any]

    def place_order(self, **buyer: Any) -> int:
        """A customer orders; the order's id."""

    def open_checkout(self, **buyer: Any) -> int:
        """A draft; its id."""

    def finish_checkout(self, order_id: int, status: str = "processing") -> None:
        """The draft becomes an order."""

    def abandon_cart(self, **visitor: Any) -> str:
        """A cart is left; its id."""

    def complete(self, order_id: int) -> None:
        """The parcel leaves."""

    def refund(self, order_id: int, amount: str, reason: str = "") -> int:
        """Money is paid back."""

    def deliver_twice(self, on: bool = True) -> None:
        """Every delivery comes twice."""

    def lose_next(self, count: int = 1) -> None:
        """The next deliveries never arrive."""

    def flush(self, timeout: float = 30.0) -> bool:
        """Wait for the deliveries."""

    def notes(self, order_id: int) -> list[str]:
        """An order's notes, oldest first."""

    def meta(self, order_id: int) -> dict[str, Any]:
        """An order's meta by key."""


class Courier(Protocol):
    """How the carrier's callbacks leave."""

    retries: tuple[float, ...]


class Ledger(Protocol):
    """The carrier's memory of messages and replies."""

    def search(
        self,
        reference: str = "",
        to: str = "",
        direction: str = "",
        lag: float = 0.0,
        kind: str = "",
    ) -> list[dict[str, Any]]:
        """Its documents, newest first; an empty criterion asks nothing."""


class Phones(Simulator, Protocol):
    """The carrier, and every phone it reaches."""

    receipts: str
    name: str
    courier: Courier
    ledger: Ledger
    handsets: Handsets

    def inbox(self, number: str) -> list[str]:
        """The texts a phone shows, oldest first."""

    def answer(self, number: str, text: str) -> dict[str, Any]:
        """The person answers. Raises LookupError when no message went there."""

    def shown(self, reference: str) -> Rich | None:
        """What an RCS phone shows of a message; None where no phone does."""

    def tap(self, number: str, postback: str) -> dict[str, Any]:
        """The person taps a suggestion. Raises LookupError where the phone shows no such one."""

    def expire(self, reference: str) -> None:
        """The carrier gives a message up. Raises LookupError."""

    def all_carried(self) -> Counter[str]:
        """For each reference, how many messages a phone received."""

    def flush(self, timeout: float = 10.0) -> bool:
        """Wait for the callbacks."""

"""The neighbours on loopback, in this process: whatever is killed, their counts stay."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from hub import registry
from hub.contract import Connector
from hub.contract.kit.simulator import serve
from hub.local.cast import CAST
from hub.local.demo.neighbours import Phones, Shop
from hub.local.demo.people import RESIDENTS
from hub.local.demo.witness import Watched, Witness

# Phones load pictures over https alone, and this street has none: a shop that is on no network
# says it has one, and what is shown here comes from the pretend shop itself.
PUBLIC_SHOP = "https://shop.example.com"
OTHERS = ("crm", "sales", "calendar", "sheet")
PARTS = ("shop", *OTHERS)


@dataclass
class Neighbour:
    """A system of the street. `problem` says in words why it is not there; else it stands at `url`
    and, once it is connected, has a `connection_id`."""

    part: str
    title: str = ""
    connector: Connector | None = None
    simulator: Any = None
    url: str = ""
    connection_id: str = ""
    problem: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is connected to the hub."""
        return bool(self.connection_id) and not self.problem


@dataclass(frozen=True)
class Street:
    """The shop and the carrier, where they answer, who watches them; and the other systems."""

    shop: Shop
    phones: Phones
    shop_url: str
    phones_url: str
    witness: Witness
    others: Mapping[str, Neighbour] = field(default_factory=dict)

    def flush(self, timeout: float) -> bool:
        """Wait until no neighbour has anything on its way to the hub."""
        everybody = [self.shop, self.phones, *(o.simulator for o in self.others.values())]
        return all(one.flush(timeout) for one in everybody if one is not None)


@contextmanager
def open_street() -> Iterator[Street]:
    """All stand on their sockets as long as the block runs."""
    found = registry.load()
    shop = cast("Shop", found.simulator(CAST["shop"]))
    phones = cast("Phones", found.simulator(CAST["phones"]))
    witness = Witness()
    witness.watch(shop)
    hand_out(phones)
    publish_pictures(shop)
    with ExitStack() as stack:
        shop_url = stack.enter_context(serve(shop)).url
        phones_url = stack.enter_context(serve(Watched(phones, witness))).url
        others = {part: _neighbour(found, part, stack) for part in OTHERS}
        yield Street(shop, phones, shop_url, phones_url, witness, others)


def hand_out(phones: Phones) -> None:
    """Everybody has the phone they have; strangers' phones have no RCS."""
    phones.handsets.usual = "unreachable"
    for one in RESIDENTS:
        phones.handsets.behave(one.number, one.handset)


def publish_pictures(shop: Shop) -> None:
    products, base_line = shop.memory.products, shop.memory.products.cart_line

    def line(given: Mapping[str, Any], base: str) -> dict[str, Any]:
        made = base_line(given, base)
        return made | {"image": str(made["image"]).replace(base, PUBLIC_SHOP, 1)}

    products.cart_line = line


def _neighbour(found: registry.Registry, part: str, stack: ExitStack) -> Neighbour:
    """A connector that is missing or broken leaves the rest of the street as it is."""
    slug = CAST[part]
    try:
        connector, simulator = found.get(slug), cast("Any", found.simulator(slug))
    except registry.NoSuchConnector as missing:
        return Neighbour(part, slug, problem=str(missing))
    url = stack.enter_context(serve(simulator)).url
    return Neighbour(part, connector.title, connector, simulator, url)

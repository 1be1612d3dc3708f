"""The two neighbours on loopback, in this process: whatever is killed, their counts stay."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

from hub import registry
from hub.contract.kit.simulator import serve
from hub.local.demo.neighbours import Phones, Shop
from hub.local.demo.witness import Watched, Witness


@dataclass(frozen=True)
class Street:
    """The shop and the carrier, where they answer, and who watches them."""

    shop: Shop
    phones: Phones
    shop_url: str
    phones_url: str
    witness: Witness


@contextmanager
def open_street() -> Iterator[Street]:
    """Both stand on their sockets as long as the block runs."""
    found = registry.load()
    shop = cast("Shop", found.simulator("woocommerce"))
    phones = cast("Phones", found.simulator("smsmode"))
    witness = Witness()
    witness.watch(shop)
    with serve(shop) as shop_at, serve(Watched(phones, witness)) as phones_at:
        yield Street(shop, phones, shop_at.url, phones_at.url, witness)

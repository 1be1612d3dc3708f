"""Guessing: a network that keeps trying tokens which do not exist is made to wait. With 59 bits to
a token this only keeps the noise down; no row is read for it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

MISSES = 60.0  # that are free
AGAIN = 1.0  # one more each so many seconds
_MOST_KNOWN = 10_000


@dataclass
class Guesses:
    """Misses by network, in this process."""

    now: Callable[[], float] = time.monotonic
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def too_many(self, network: str) -> bool:
        """Whether this network has to wait."""
        return bool(network) and self._room(network) < 1.0

    def missed(self, network: str) -> None:
        """One more that does not exist."""
        if not network:
            return
        if len(self._left) >= _MOST_KNOWN:
            self._left.clear()
        self._left[network] = (self._room(network) - 1.0, self.now())

    def _room(self, network: str) -> float:
        left, since = self._left.get(network, (MISSES, self.now()))
        return min(MISSES, left + (self.now() - since) / AGAIN)


def network_of(peer: str) -> str:
    """Whose requests to count together: the address, or an IPv6 line's first 64 bits.

    Empty where all would be taken for one: behind a proxy that HUB_PROXIES does not tell of.
    """
    address = _address(peer)
    if address is None or address.is_private:
        return ""
    return str(ip_network((address, 64 if address.version == 6 else 32), strict=False))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None

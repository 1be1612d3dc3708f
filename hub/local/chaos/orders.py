"""The shop's orders as pure functions of a seed and a number: who ordered, what becomes of the
delivery that tells of it. Whoever knows the seed knows them all; nobody keeps a list."""

import hashlib
from datetime import datetime
from typing import Any

# Of a hundred deliveries: never sent, sent twice. What was never sent is found by the poll, and so
# are a few that were, which must make no second message.
_LOST, _DOUBLED, _POLLED_TOO = 2, 5, 2
_FRENCH, _BRITISH = 10_000, 1_000  # how many numbers the reserved ranges hold
# Delivery ids of this shop come round again, as real shops' do: they name no delivery.
IDS = 97


def draw(seed: int, n: int, about: str) -> float:
    """A number from 0 to 1 that only depends on these three."""
    digest = hashlib.blake2b(f"{seed}:{n}:{about}".encode(), digest_size=7).digest()
    return int.from_bytes(digest) / 2**56


def fate(seed: int, n: int) -> str:
    """What becomes of the delivery of order `n`: lost, twice, polled too, or once."""
    luck = draw(seed, n, "delivery") * 100
    for word, share in (("lost", _LOST), ("twice", _DOUBLED), ("polled too", _POLLED_TOO)):
        if luck < share:
            return word
        luck -= share
    return "once"


def is_polled(seed: int, n: int) -> bool:
    """Whether the shop's list of changes holds the order."""
    return fate(seed, n) in ("lost", "polled too")


def phone_of(n: int) -> str:
    """A number that nobody has; two orders share one only when the ranges are used up."""
    place = n % (_FRENCH + _BRITISH)
    return f"+3363998{place:04}" if place < _FRENCH else f"+447700900{place - _FRENCH:03}"


def order(n: int, at: datetime) -> dict[str, Any]:
    """The order as the shop writes it, in a delivery and in its list alike."""
    return {
        "id": str(n),
        "placed_at": at.isoformat(),
        "phone": phone_of(n),
        "first_name": "Zoë",
        "total": "25.00",
        "items": [{"name": f"Linen shirt {n % 7}", "quantity": 1}],
    }


def number_in(text: str) -> int:
    """The order that a message's text names («Order 12 …»). Raises ValueError."""
    word, _, rest = text.partition(" ")
    if word != "Order":
        raise ValueError("It names no order.")
    return int(rest.partition(" ")[0])

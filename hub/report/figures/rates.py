"""Rates: one count out of another, how sure one can be of it, and whether two of them differ."""

from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from typing import Literal

Says = Literal["measured", "few", "uneven", "none"]

FLOOR = 30  # out of fewer, a share says nothing yet
_Z = 1.959963984540054  # 95 %


@dataclass(frozen=True)
class Rate:
    """`count` out of `base`. It says "few" below the floor, "uneven" where more were counted than
    there can be (a carrier that confirms nothing), "none" where it cannot be measured."""

    count: int
    base: int
    measurable: bool = True

    @property
    def says(self) -> Says:
        """What can be said of it."""
        if not self.measurable:
            return "none"
        if self.count > self.base:
            return "uneven"
        return "measured" if self.base >= FLOOR else "few"

    @property
    def share(self) -> float | None:
        """From 0 to 1; None where there is nothing to divide by, or no sense in it."""
        return self.count / self.base if self.base and self.says in ("measured", "few") else None

    @property
    def low(self) -> float:
        """Where the 95 % interval begins."""
        return _wilson(self.count, self.base)[0]

    @property
    def high(self) -> float:
        """Where it ends."""
        return _wilson(self.count, self.base)[1]


@dataclass(frozen=True)
class Difference:
    """How much higher one rate is than another, with its 95 % interval: Newcombe's, made of both
    Wilson intervals (Statistics in Medicine 17, 1998, method 10)."""

    one: Rate
    other: Rate

    @property
    def says(self) -> Literal["more", "less", "open", "few"]:
        """Whether it is more or less beyond chance."""
        if self.one.says != "measured" or self.other.says != "measured":
            return "few"
        if self.low > 0:
            return "more"
        return "less" if self.high < 0 else "open"

    @property
    def share(self) -> float:
        """In shares of one: 0.012 is 1.2 points."""
        return (self.one.share or 0) - (self.other.share or 0)

    @property
    def low(self) -> float:
        """Where the interval begins."""
        one, other = self.one.share or 0, self.other.share or 0
        return self.share - sqrt((one - self.one.low) ** 2 + (self.other.high - other) ** 2)

    @property
    def high(self) -> float:
        """Where it ends."""
        one, other = self.one.share or 0, self.other.share or 0
        return self.share + sqrt((self.one.high - one) ** 2 + (other - self.other.low) ** 2)


@dataclass(frozen=True)
class Money:
    """What was spent and what came in, in one currency."""

    currency: str
    cost: Decimal = Decimal(0)
    by_how: tuple[
        tuple[str, int, Decimal], ...
    ] = ()  # code, click, cart: orders and what they paid

    @property
    def revenue(self) -> Decimal:
        """What orders that a message brought came to."""
        return sum((amount for _, _, amount in self.by_how), Decimal(0))

    @property
    def orders(self) -> int:
        """How many there were."""
        return sum(n for _, n, _ in self.by_how)

    @property
    def roi(self) -> Decimal | None:
        """(revenue - cost) / cost; None where nothing was spent."""
        return (self.revenue - self.cost) / self.cost if self.cost else None

    @property
    def basket(self) -> Decimal | None:
        """Revenue by order."""
        return self.revenue / self.orders if self.orders else None

    @property
    def per_order(self) -> Decimal | None:
        """Cost by order; None without any."""
        return self.cost / self.orders if self.orders else None

    def per_message(self, delivered: int) -> Decimal | None:
        """Revenue by message delivered."""
        return self.revenue / delivered if delivered else None


def _wilson(count: int, base: int) -> tuple[float, float]:
    """The 95 % score interval (Wilson, 1927): never outside 0 and 1, sound for few and for none."""
    if base <= 0:
        return 0.0, 1.0
    share = min(count / base, 1.0)
    about = 1 + _Z * _Z / base
    middle = (share + _Z * _Z / (2 * base)) / about
    reach = _Z / about * sqrt(share * (1 - share) / base + _Z * _Z / (4 * base * base))
    return max(0.0, middle - reach), min(1.0, middle + reach)

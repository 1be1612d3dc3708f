"""The shop's codes: made by clients, honoured at the till until they end or are used up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from . import shapes

Row = dict[str, Any]
_CENT = Decimal("0.01")
_KINDS = ("percent", "fixed_cart", "fixed_product")


class NotHonoured(Exception):
    """The till does not take this code; the argument says why, to the customer."""


@dataclass
class Codes:
    """Coupons by their code in small letters, which is how the shop keeps it."""

    ahead: timedelta = timedelta(0)
    rows: dict[str, Row] = field(default_factory=dict)

    def add(self, number: int, base: str, given: Mapping[str, Any]) -> Row:
        """Make one, without its dates of creation. Raises ValueError(code, words)."""
        code = str(given.get("code") or "").strip().lower()
        kind, amount = str(given.get("discount_type") or "fixed_cart"), _amount(given)
        if not code:
            raise ValueError("woocommerce_rest_empty_coupon_code", "A coupon needs a code.")
        if code in self.rows:
            words = "The coupon code already exists"
            raise ValueError("woocommerce_rest_coupon_code_already_exists", words)
        too_much = amount is None or amount < 0 or (kind == "percent" and amount > 100)
        if kind not in _KINDS or too_much:
            raise ValueError("coupon_invalid_amount", "Invalid discount amount.")
        made = shapes.coupon(number, base, given)
        ends = self._ends(given.get("date_expires"))
        made |= {"code": code, "amount": f"{amount:.2f}", "discount_type": kind}
        made["date_expires_gmt"] = ends and shapes.stamp(ends)
        made["date_expires"] = ends and shapes.stamp(ends + self.ahead)
        self.rows[code] = made
        return made

    def named(self, code: str, now: datetime, email: str = "") -> Row:
        """The coupon, if the till takes it now from this customer. Raises NotHonoured."""
        found = self.rows.get(code.strip().lower())
        if found is None:
            raise NotHonoured(f"There is no code «{code}».")
        if found["date_expires_gmt"] and found["date_expires_gmt"] < shapes.stamp(now):
            raise NotHonoured(f"The code «{code}» has ended.")
        most, each = found["usage_limit"], found["usage_limit_per_user"]
        if most and found["usage_count"] >= most:
            raise NotHonoured(f"The code «{code}» has been used.")
        if each and found["used_by"].count(email) >= each:
            raise NotHonoured(f"You have used the code «{code}».")
        return found

    def redeem(self, order: Row, wanted: Sequence[str], now: datetime) -> None:
        """Take these codes off an order's lines and count them as used. Raises NotHonoured."""
        email = str(order["billing"]["email"])
        taken = [self.named(code, now, email) for code in wanted]
        for number, coupon in enumerate(taken, 1):
            off = _taken_off(order["line_items"], coupon)
            coupon["usage_count"] += 1
            coupon["used_by"] = [*coupon["used_by"], email]
            order["coupon_lines"] = [*order["coupon_lines"], _line(number, coupon, off)]
            order["discount_total"] = f"{Decimal(order['discount_total']) + off:.2f}"
            order["total"] = f"{Decimal(order['total']) - off:.2f}"

    def _ends(self, given: Any) -> datetime | None:
        # As WC_Data::set_date_prop reads it: local time, unless it ends with a zone.
        if not given:
            return None
        at = datetime.fromisoformat(str(given))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC) - self.ahead


def _amount(given: Mapping[str, Any]) -> Decimal | None:
    try:
        return Decimal(str(given.get("amount") or "0"))
    except InvalidOperation:
        return None


def _taken_off(lines: Sequence[Row], coupon: Row) -> Decimal:
    """Make each line cheaper by its share; how much that is in all."""
    amount, before = Decimal(coupon["amount"]), sum((Decimal(n["total"]) for n in lines), Decimal())
    if coupon["discount_type"] == "percent":
        amount = (before * amount / 100).quantize(_CENT, ROUND_HALF_UP)
    wanted = min(amount, before)
    totals = [Decimal(line["total"]) for line in lines]
    shares = [(wanted * n / before).quantize(_CENT, ROUND_DOWN) if before else n for n in totals]
    left = wanted - sum(shares, Decimal())
    for line, total, share in zip(lines, totals, shares, strict=True):
        cents = min(left, total - share)  # what rounding left over, where there is room for it
        left -= cents
        line["total"] = f"{total - share - cents:.2f}"
    return wanted


def _line(number: int, coupon: Row, off: Decimal) -> Row:
    return {
        "id": number,
        "code": coupon["code"],
        "discount": f"{off:.2f}",
        "discount_tax": "0.00",
        "meta_data": [],
        "discount_type": coupon["discount_type"],
        "nominal_amount": float(coupon["amount"]),
        "free_shipping": False,
    }

"""Codes that the shop honours: a hundred made with one call, and a code that stands is found."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from decimal import Decimal, InvalidOperation
from typing import Any

from hub.contract import AuthLost, Context, Coupon, Minted, Refused, Unavailable

from . import client
from .documents import identity, moment, part, rows, text

BATCH = 100
NOTED = "_relais_coupon"

_STANDS = "woocommerce_rest_coupon_code_already_exists"


def mint(ctx: Context, coupons: Sequence[Coupon]) -> list[Minted]:
    """Answers in the coupons' order; one that the shop refuses spoils no other.

    A code that stands already counts as made where it is this very coupon, or where it is shared
    and gives the same. Raises the listed errors, and may then be run again.
    """
    answers: dict[int, Minted] = {}
    trade = _currency(ctx, coupons)
    for index, coupon in enumerate(coupons):
        words = _why_not(coupon, trade)
        if words:
            answers[index] = Minted(refused=words)
    asked = [index for index in range(len(coupons)) if index not in answers]
    made = client.make_coupons(ctx, [_document(coupons[i]) for i in asked]) if asked else []
    if len(made) != len(asked):
        raise Unavailable("The shop did not answer for each of the codes.")
    standing = _Standing(ctx)
    for index, row in zip(asked, made, strict=True):
        answers[index] = _answer(coupons[index], row, standing)
    return [answers[index] for index in range(len(coupons))]


class _Standing:
    """The shop's codes, read when they are first needed: where an answer was lost, what it told of
    is among the newest; only a code that is not has to be asked for by itself."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._newest: list[client.Row] | None = None

    def find(self, code: str) -> client.Row | None:
        """The coupon of this code, whatever its case; None where the shop shows none."""
        if self._newest is None:
            self._newest = client.coupons(self._ctx, orderby="date", order="desc")
        return _named(self._newest, code) or _named(client.coupons(self._ctx, code=code), code)


def _named(listed: Sequence[client.Row], code: str) -> client.Row | None:
    same = (row for row in listed if text(row.get("code")).casefold() == code.casefold())
    return next(same, None)


def _why_not(coupon: Coupon, trade: str) -> str:
    if coupon.percent is None and coupon.amount is None:
        return "The code takes nothing off. Give it a percentage or an amount."
    amount = coupon.amount if coupon.percent is None else None
    if amount is not None and trade and amount.currency != trade:
        return f"The code takes off {amount.currency}, and the shop sells in {trade}."
    return ""


def _currency(ctx: Context, coupons: Sequence[Coupon]) -> str:
    """What the shop sells in, where it matters and these keys may know."""
    if all(coupon.percent is not None or coupon.amount is None for coupon in coupons):
        return ""
    try:
        return client.currency(ctx)
    except (AuthLost, Refused):
        return ""


def _document(coupon: Coupon) -> dict[str, Any]:
    once = {"usage_limit": 1, "usage_limit_per_user": 1} if coupon.once else {}
    return {
        "code": coupon.code,
        "discount_type": _kind(coupon),
        "amount": format(_worth(coupon), "f"),
        "date_expires": _until(coupon),
        "individual_use": True,
        "description": "Made by Relais for one person." if coupon.once else "Made by Relais.",
        "meta_data": [{"key": NOTED, "value": coupon.reference}],
        **once,
    }


def _until(coupon: Coupon) -> str:
    # The shop has a date_expires_gmt, and ignores it in what it is sent: WC_Coupon has no setter
    # for it. date_expires is the shop's local time, unless it ends with a zone.
    return coupon.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _answer(coupon: Coupon, row: Mapping[str, Any], standing: _Standing) -> Minted:
    error = part(row, "error")
    if not error:
        return Minted(_reference(row))
    if text(error.get("code")) == _STANDS:
        return _again(coupon, standing.find(coupon.code))
    status = identity(part(error, "data").get("status"))
    said = text(error.get("message"), 200) or "no explanation."
    if status.startswith("5"):
        raise Unavailable(f"The shop could not make a code: {said}")
    return Minted(refused=f"The shop does not make the code {coupon.code}: {said}")


def _again(coupon: Coupon, found: Mapping[str, Any] | None) -> Minted:
    if found is None:
        words = f"The shop says that the code {coupon.code} stands, and does not show it."
        return Minted(refused=f"{words} Choose another.")
    if _is_this(coupon, found) or (not coupon.once and not list(_differing(coupon, found))):
        return Minted(_reference(found))
    if coupon.once:
        words = f"The shop has a code {coupon.code} of its own."
    else:
        words = f"The shop's code {coupon.code} {' and '.join(_differing(coupon, found))}."
    return Minted(refused=f"{words} Choose another, or remove it in the shop.")


def _is_this(coupon: Coupon, found: Mapping[str, Any]) -> bool:
    meta = rows(found.get("meta_data"))
    return (NOTED, coupon.reference) in [(r.get("key"), text(r.get("value"))) for r in meta]


def _differing(coupon: Coupon, found: Mapping[str, Any]) -> Iterator[str]:
    """Where a code that others may use keeps less than the text would promise, in words."""
    if text(found.get("discount_type")) != _kind(coupon) or _sum(found) != _worth(coupon):
        yield "takes off something else"
    until = moment(found.get("date_expires_gmt"))
    if until is not None and until < coupon.expires_at.replace(microsecond=0):
        yield "ends earlier"
    if found.get("usage_limit"):
        yield "may be used up"


def _kind(coupon: Coupon) -> str:
    return "percent" if coupon.percent is not None else "fixed_cart"


def _worth(coupon: Coupon) -> Decimal:
    if coupon.percent is not None:
        return coupon.percent
    return coupon.amount.amount if coupon.amount else Decimal(0)


def _sum(found: Mapping[str, Any]) -> Decimal | None:
    try:
        return Decimal(text(found.get("amount"), 40))
    except InvalidOperation:
        return None


def _reference(row: Mapping[str, Any]) -> str:
    number = identity(row.get("id"))
    if not number.strip("-0"):
        raise Unavailable("The shop made a code and did not say which.")
    return f"coupon:{number}"

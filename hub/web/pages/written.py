"""How pages write times, money and numbers: in the reader's language, in the workspace's zone."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_compact_decimal, format_currency, format_decimal, format_percent
from flask import Flask, g
from flask_babel import get_locale, gettext
from markupsafe import Markup

from hub.automations.hours import zone_named

_MICROS = 1_000_000
_RELATIVE, _MOMENT = timedelta(days=1), timedelta(seconds=45)


def put_on(app: Flask) -> None:
    """Give every template these filters."""
    app.jinja_env.filters |= {
        "when": when, "moment": moment, "day": day, "clock": clock, "number": number,
        "compact": compact, "money": money, "micros": micros, "percent": percent,
    }  # fmt: skip


def zone() -> ZoneInfo:
    """Where the workspace is; UTC for a stranger."""
    return zone_named((g.get("seat") or {}).get("zone") or "UTC") or ZoneInfo("UTC")


def now() -> datetime:
    """The hub's clock, as the doors read it for this visit."""
    found: datetime = g.get("now") or datetime.now(UTC)
    return found


def when(at: datetime | None) -> Markup:
    """Relative under a day («in 40 minutes»), else absolute; the whole moment as its title."""
    if at is None:
        return Markup("")
    apart = at - now()
    near = abs(apart) < _RELATIVE
    if abs(apart) < _MOMENT:
        return _time(at, gettext("just now") if apart <= timedelta(0) else gettext("in a moment"))
    if near:
        return _time(at, format_timedelta(apart, add_direction=True, locale=_locale()))
    return _time(at, moment(at))


def _time(at: datetime, words: str) -> Markup:
    whole = Markup('<time datetime="{}" title="{}">{}</time>')
    return whole.format(at.isoformat(), moment(at), words)


def moment(at: datetime | None) -> str:
    """«9 Jun 2026, 14:02» in the workspace's zone."""
    if at is None:
        return ""
    return str(format_datetime(at, "d MMM y, HH:mm", zone(), locale=_locale()))


def day(at: datetime | date | None) -> str:
    """«Tue 9 June 2026»; an instant is told in the workspace's zone."""
    if at is None:
        return ""
    whole = at.astimezone(zone()).date() if isinstance(at, datetime) else at
    return str(format_date(whole, "EEE d MMMM y", locale=_locale()))


def clock(at: datetime | None) -> str:
    """«14:02»."""
    return f"{at.astimezone(zone()):%H:%M}" if at is not None else ""


def number(value: float | Decimal | None) -> str:
    """«1,204» as the reader writes it."""
    return str(format_decimal(value or 0, locale=_locale()))


def compact(value: float | Decimal | None) -> str:
    """«1.2K»."""
    return str(format_compact_decimal(value or 0, locale=_locale(), fraction_digits=1))


def money(amount: Decimal | float | None, currency: str) -> str:
    """«€0.045»: as many decimals as it has, two at least."""
    exact = Decimal(str(amount or 0))
    digits = max(2, min(4, -int(exact.normalize().as_tuple().exponent)))
    return str(
        format_currency(
            exact, currency, locale=_locale(), decimal_quantization=False,
            format=_pattern(digits),
        )
    )  # fmt: skip


def micros(amount: int | None, currency: str) -> str:
    """Money as the ledger keeps it: millionths."""
    return money(Decimal(amount or 0) / _MICROS, currency)


def percent(share: float | Decimal | None) -> str:
    """0.256 → «25.6 %»."""
    return str(format_percent(share or 0, locale=_locale(), format=_percents()))


def _pattern(digits: int) -> str:
    """The reader's own order of sum and sign, with so many decimals."""
    usual: str = get_locale().currency_formats["standard"].pattern
    return usual.replace("0.00", "0." + "0" * 2 + "#" * (digits - 2))


def _percents() -> str:
    usual: str = get_locale().percent_formats[None].pattern
    return usual.replace("##0", "##0.#")


def _locale() -> str:
    return str(get_locale() or "en")

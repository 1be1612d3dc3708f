"""Rendering and counting, against plain compiled Jinja2 making the same text."""

import gc
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time
from babel.numbers import format_currency
from jinja2 import Environment

from hub.compose.language import compile_template, render
from hub.compose.segments import count
from hub.contract import Variable

NAME = "compose"
SAYS = "Render and count 100,000 messages; at most 3 times what plain Jinja2 takes."

MESSAGES = 100_000
ROUNDS = 5
BAR = 3.0
ZONE = "Europe/Paris"
SOURCE = (
    "{{ brand }}: {{ first_name }}, order {{ order_number }} ({{ item_count }} articles, "
    "{{ first_item|truncate_gsm(20) }}) of {{ order_total|money }} comes on {{ due_at|date }} at "
    "{{ due_at|time }}. Follow it: {{ cart_url|short }}"
)
VARIABLES = tuple(
    Variable(name, kind, "", "")
    for name, kind in (
        ("brand", "text"),
        ("first_name", "text"),
        ("order_number", "text"),
        ("item_count", "number"),
        ("first_item", "text"),
        ("order_total", "money"),
        ("due_at", "datetime"),
        ("cart_url", "url"),
    )
)
_FIRST = datetime.fromisoformat("2026-06-12T08:00:00+00:00")
_NAMES = ("Zoé", "Maximilian", "Anna", "Jérôme", "Luca", "Inés", "Björn", "Mary")
_CENTS = ("00", "50", "90", "99")  # a shop's sums come back: both sides may remember them
_ITEMS = ("Linen shirt", "Silk scarf", "Wool coat with a long name", "Socks")


def values(n: int) -> dict[str, Any]:
    """What the n-th event told: 2,000 sums, a day's minutes, a link of its own."""
    return {
        "brand": "Maison Lune",
        "first_name": _NAMES[n % len(_NAMES)],
        "order_number": str(100_000 + n),
        "item_count": 1 + n % 9,
        "first_item": _ITEMS[n % len(_ITEMS)],
        "order_total": {"amount": f"{5 + n % 500}.{_CENTS[n % 7 % 4]}", "currency": "EUR"},
        "due_at": (_FIRST + timedelta(minutes=n % 1440)).isoformat(),
        "cart_url": f"https://shop.example.com/cart/{n}",
    }


def shorten(address: str, label: str) -> str:
    """A link of the usual length; minting is measured elsewhere."""
    return "https://lnk.fr/" + address[-10:].rjust(10, "0").replace("/", "0")


def plain() -> Callable[[dict[str, Any]], str]:
    """Jinja2's own compiled template, its filters as cheap as Babel lets them be."""
    locale, zone = Locale.parse("en"), ZoneInfo(ZONE)

    @lru_cache(maxsize=8192)
    def money(amount: str, currency: str) -> str:
        return str(format_currency(float(amount), currency, locale=locale)).replace("\xa0", " ")

    @lru_cache(maxsize=4096)
    def day(month: int, date: int) -> str:
        return str(format_skeleton("MMMMd", datetime(2026, month, date), locale=locale))  # noqa: DTZ001

    @lru_cache(maxsize=4096)
    def clock(hour: int, minute: int) -> str:
        wall = datetime(2026, 1, 1, hour, minute).time()  # noqa: DTZ001
        return str(format_time(wall, "short", locale=locale)).replace("\u202f", " ")

    def date_of(value: str) -> str:
        moment = datetime.fromisoformat(value).astimezone(zone)
        return day(moment.month, moment.day)

    def time_of(value: str) -> str:
        moment = datetime.fromisoformat(value).astimezone(zone)
        return clock(moment.hour, moment.minute)

    def cut(text: str, most: int) -> str:
        return text if len(text) <= most else text[: most - 3].rsplit(" ", 1)[0] + "..."

    environment = Environment(autoescape=False)  # noqa: S701 (a text message is no HTML)
    environment.filters.update(
        money=lambda value: money(value["amount"], value["currency"]),
        date=date_of,
        time=time_of,
        short=lambda address: shorten(address, ""),
        truncate_gsm=cut,
    )
    return environment.from_string(SOURCE).render


def ours() -> Callable[[dict[str, Any]], int]:
    """The hub's own: checked values, no holes, parts counted."""
    template = compile_template(SOURCE, VARIABLES)

    def write(given: dict[str, Any]) -> int:
        text = render(template, given, language="en", zone=ZONE, shorten=shorten).text
        return count(text).parts

    return write


def run(say: Callable[[str], object], messages: int = MESSAGES, rounds: int = ROUNDS) -> bool:
    """Interleaved rounds over the same values; medians."""
    given = [values(n) for n in range(messages)]
    base, hub = plain(), ours()
    if not _same(base, given[:200], say):
        return False
    timed: dict[str, list[float]] = {"plain": [], "hub": []}
    for n in range(rounds):
        pairs = (("plain", base), ("hub", hub)) if n % 2 else (("hub", hub), ("plain", base))
        for name, write in pairs:
            timed[name].append(_seconds(write, given))
    slow, fast = median(timed["hub"]), median(timed["plain"])
    ratio = slow / fast
    say(f"{messages:,} messages, {rounds} rounds in turn, medians")
    say(f"plain compiled Jinja2   {fast:6.2f} s   {messages / fast:10,.0f} a second")
    say(f"hub, with the counting  {slow:6.2f} s   {messages / slow:10,.0f} a second")
    say(f"ratio {ratio:.2f}, at most {BAR:.0f}: {'holds' if ratio <= BAR else 'does not hold'}")
    return ratio <= BAR


def _seconds(write: Callable[[dict[str, Any]], object], given: list[dict[str, Any]]) -> float:
    gc.collect()
    started = time.perf_counter()
    for one in given:
        write(one)
    return time.perf_counter() - started


def _same(base: Callable[[dict[str, Any]], str], given: Any, say: Callable[[str], object]) -> bool:
    """Both make the same text, or the comparison means nothing."""
    template = compile_template(SOURCE, VARIABLES)
    for one in given:
        text = render(template, one, language="en", zone=ZONE, shorten=shorten).text
        if text != base(one):
            say(f"The texts differ: «{text}» and «{base(one)}».")
            return False
    return True

"""Variables of every kind with values, and two ways to try a template on them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import settings

from hub.compose.language import Template, compile_template, render

# A slow machine is no fault of the text.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@dataclass(frozen=True)
class Declared:
    """As the contract declares a variable."""

    name: str
    kind: str
    fields: tuple[str, ...] = ()


VARIABLES = (
    Declared("first_name", "text"),
    Declared("brand", "text"),
    Declared("order_number", "text"),
    Declared("order_total", "money"),
    Declared("item_count", "number"),
    Declared("starts_at", "datetime"),
    Declared("cart_url", "url"),
    Declared("is_new", "flag"),
    Declared("items", "list", ("name", "quantity", "total")),
    Declared("tags", "list"),
)
VALUES: dict[str, object] = {
    "first_name": "Zoë",
    "brand": "Maison Lune",
    "order_number": "1043",
    "order_total": {"amount": "64.90", "currency": "EUR"},
    "item_count": 2,
    "starts_at": "2026-08-13T12:30:00+00:00",
    "cart_url": "https://rls.example/c/4fT9aLq2Zx",
    "is_new": True,
    "items": [
        {"name": "Linen shirt", "quantity": 1, "total": {"amount": "39.90", "currency": "EUR"}},
        {"name": "Silk scarf", "quantity": 1, "total": {"amount": "25.00", "currency": "EUR"}},
    ],
    "tags": ["vip", "lyon"],
}


def _check(source: str) -> Template:
    return compile_template(source, VARIABLES, event="order.created")


def _say(
    source: str,
    language: str = "en",
    zone: str = "Europe/Paris",
    defaults: dict[str, str] | None = None,
    **values: Any,
) -> str:
    given = VALUES | values
    rendered = render(_check(source), given, language=language, zone=zone, defaults=defaults or {})
    return rendered.text


@pytest.fixture(scope="session")
def check() -> Callable[[str], Template]:
    """Compiles a source against the variables."""
    return _check


@pytest.fixture(scope="session")
def say() -> Callable[..., str]:
    """Renders a source with the values, some of them replaced by name."""
    return _say


@pytest.fixture(scope="session")
def values() -> dict[str, object]:
    """A value for every variable."""
    return VALUES

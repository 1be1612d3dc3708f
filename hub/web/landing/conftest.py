"""Pages as a phone would get them, made of sample variables; no database is needed."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from werkzeug.datastructures import Headers

from hub.contract import VOCABULARY
from hub.web.landing.page import message_page

NOW = datetime(2026, 6, 10, 13, 20, tzinfo=UTC)
SAMPLES: Mapping[str, Mapping[str, Any]] = {
    "basket": VOCABULARY["cart.abandoned"].sample(),
    "appointment": VOCABULARY["booking.upcoming"].sample(),
    "offer": {**VOCABULARY["workflow.requested"].sample(), "coupon": "LUNE-7KQ2MX"},
}


class Page(NamedTuple):
    """A page as it was sent."""

    text: str
    headers: Headers


def rows_of(
    layout: str, language: str, variables: Mapping[str, Any], **more: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A link as `clicks.take` gives it, and what its page is made of; `more` are their columns."""
    link = {
        "brand": "Maison Lune",
        "stop_code": "36034",
        "privacy_url": "https://shop.example.com/privacy",
        "target": "https://shop.example.com/cart/81",
        "expires_at": NOW + timedelta(days=30),
        **more,
    }
    made_of = {
        "variables": variables,
        "language": language,
        "zone": "Europe/Paris",
        "kind": "marketing",
        "page": layout,
        "terms": {"percent": 20} if layout == "offer" else None,
        "code": None,
        "code_until": None,
        **more,
    }
    return link, made_of


@pytest.fixture
def drawn() -> Callable[..., Page]:
    """`drawn(layout, language, variables, **more)`: a page; `more` are columns of its rows."""

    def draw(
        layout: str = "basket",
        language: str = "en",
        variables: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> Page:
        given = SAMPLES[layout] if variables is None else variables
        link, made_of = rows_of(layout, language, given, **more)
        made = message_page(link, made_of, "3fKx9QbT0a", NOW, "https://hub.example")
        return Page(made.get_data(as_text=True), made.headers)

    return draw

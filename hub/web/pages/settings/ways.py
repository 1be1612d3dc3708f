"""All settings but those of the team, keys and webhooks, each in a module of its own."""

from hub.web.pages.settings import (
    hours,
    keywords,
    limits,
    links,
    merchant,
    prices,
    retention,
    routing,
    senders,
)
from hub.web.pages.settings.wing import wing

__all__ = [
    "hours", "keywords", "limits", "links", "merchant", "prices", "retention", "routing",
    "senders", "wing",
]  # fmt: skip
